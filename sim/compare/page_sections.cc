// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/page_sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "sim/compare/format.h"
#include "sim/compare/html.h"
#include "sim/compare/page_files.h"

// One section for each chart, with the same figures as a table.

namespace ternfab::compare {
namespace {

std::string Text(const Json& json, const char* key) { return json.at(key).get<std::string>(); }

std::string Chart(std::string_view kind, int side = -1) {
  return side < 0 ? fmt::format("<div class=\"chart\" data-chart=\"{}\"></div>\n", kind)
                  : fmt::format("<div class=\"chart\" data-chart=\"{}\" data-side=\"{}\"></div>\n",
                                kind, side);
}

std::string Details(const std::string& table) {
  return "<details><summary>As a table</summary>" + table + "</details>\n";
}

std::string Section(const char* id, const char* title, const char* lead, const std::string& body) {
  return fmt::format("<section id=\"{}\"><h2>{}</h2>\n<p class=\"lead\">{}</p>\n{}</section>\n", id,
                     title, lead, body);
}

/// Heading of a design's chart where there are several.
std::string SideTitle(const Json& report, size_t i) {
  const Json& sides = report.at("hardware");
  return sides.size() < 2 ? "" : fmt::format("<h3>{}</h3>\n", EscapeHtml(Text(sides[i], "name")));
}

std::string Missing(const char* why) { return fmt::format("<p class=\"muted\">{}</p>\n", why); }

std::string LimitsTable(const Json& report, size_t side) {
  const std::string base = fmt::format("/hardware/{}", side);
  const Json& causes = report.at("hardware")[side].at("causes");
  std::vector<std::string> head{"Part, cycles"};
  for (const auto& [cause, figure] : causes.items()) head.push_back(EscapeHtml(cause));
  HtmlTable table("plain numbers dense", head);
  const auto row = [&](const std::string& name, const std::string& path, const Json& figures) {
    std::vector<std::string> cells{EscapeHtml(name)};
    for (const auto& [cause, all] : causes.items()) {
      cells.push_back(figures.contains(cause) ? FigureHtml(report, Child(path, cause), Tag::kLetter)
                                              : "");
    }
    table.Row(cells);
  };
  for (const auto& [part, figures] : report.at("hardware")[side].at("limits").items()) {
    row(part, Child(base + "/limits", part), figures);
  }
  row("all", base + "/causes", causes);
  return table.Html();
}

std::string TimelineTable(const Json& report, size_t side) {
  constexpr size_t kMostRows = 120;
  const Json& layer = report.at("hardware")[side].at("layer");
  const std::string base = fmt::format("/hardware/{}/layer", side);
  HtmlTable table("plain numbers", {"Instruction", "<span class=\"words\">Unit</span>",
                                    "<span class=\"words\">Part</span>", "Begin", "End"});
  const size_t rows = layer.at("name").size();
  for (size_t i = 0; i < std::min(rows, kMostRows); ++i) {
    table.Row({EscapeHtml(layer.at("name")[i].get<std::string>()),
               EscapeHtml(layer.at("unit")[i].get<std::string>()),
               EscapeHtml(layer.at("part")[i].get<std::string>()),
               ItemHtml(report, base + "/begin", i), ItemHtml(report, base + "/end", i)});
  }
  std::string html = table.Html();
  if (rows > kMostRows) {
    html +=
        Missing(fmt::format("The first {} of {}; all are in the JSON.", kMostRows, rows).c_str());
  }
  return html;
}

/// A number of a check, as people read it.
std::string Count(const Json& json, const char* key) {
  return ReadableOf(double(json.at(key).get<int64_t>()), "1").number;
}

std::string CheckTable(const Json& report) {
  HtmlTable table("plain numbers", {"Design", "Layer", "Instructions", "Mismatches"});
  for (const Json& side : report.at("hardware")) {
    for (const Json& layer : side.at("check").at("layers")) {
      const int number = layer.at("layer").get<int>();
      table.Row({EscapeHtml(Text(side, "name")),
                 number < 0 ? "outside the layers" : std::to_string(number),
                 Count(layer, "instructions"), Count(layer, "mismatches")});
    }
  }
  return table.Html();
}

}  // namespace

std::string CyclesHtml(const Json& report) {
  std::string body;
  for (size_t i = 0; i < report.at("hardware").size(); ++i) {
    body += SideTitle(report, i);
    if (report.at("hardware")[i].at("causes").empty()) {
      body += Missing("No step was a decode step: more tokens are needed.");
      continue;
    }
    body += Chart("cycles", int(i)) + Details(LimitsTable(report, i));
  }
  return Section("cycles", "Where a token’s cycles go",
                 "Every cycle has one cause; the part is that of the instruction to blame.", body);
}

std::string EnergyHtml(const Json& report) {
  HtmlTable table("plain numbers", {"Side", "<span class=\"words\">Mode</span>", "Total", "Parts"});
  bool any = false;
  const auto row = [&](const std::string& name, const std::string& path) {
    const Json& energy = report.at(Json::json_pointer(path));
    std::string parts;
    for (const auto& [part, figure] : energy.at("parts").items()) {
      parts += fmt::format("<span class=\"part\">{} {}</span>", EscapeHtml(part),
                           FigureHtml(report, Child(path + "/parts", part), Tag::kLetter));
    }
    any = any || !energy.at("total").at("value").is_null();
    table.Row({EscapeHtml(name),
               fmt::format("{}<span class=\"what\">{}</span>", EscapeHtml(Text(energy, "mode")),
                           EscapeHtml(Text(energy, "note"))),
               FigureHtml(report, path + "/total", Tag::kLetter), parts});
  };
  row("CPU", "/cpu/energy_per_token");
  for (size_t i = 0; i < report.at("hardware").size(); ++i) {
    row(Text(report.at("hardware")[i], "name"), fmt::format("/hardware/{}/energy_per_token", i));
  }
  for (size_t i = 0; i < report.at("baselines").size(); ++i) {
    const Json& other = report.at("baselines")[i];
    if (!other.at("figures").contains("energy_per_token")) continue;
    table.Row(
        {EscapeHtml(Text(other, "name")),
         fmt::format("<span class=\"what\">{}</span>", EscapeHtml(Text(other, "model"))),
         FigureHtml(report, fmt::format("/baselines/{}/figures/energy_per_token", i), Tag::kLetter),
         ""});
  }
  const std::string body = any ? Chart("energy") + Chart("joules") + Details(table.Html())
                               : Missing("No energy figure could be obtained.") + table.Html();
  return Section("energy", "Energy of a token, by part",
                 "Joules of one decode step: what they go into, and beside those of others.", body);
}

std::string RooflineHtml(const Json& report) {
  std::vector<std::string> head{"", "CPU"};
  for (const Json& side : report.at("hardware")) head.push_back(EscapeHtml(Text(side, "name")));
  HtmlTable table("plain numbers", head);
  constexpr std::pair<const char*, const char*> kRows[] = {
      {"bandwidth", "Bandwidth"},
      {"compute", "Multiplications"},
      {"bytes_per_token", "Bytes a token"},
      {"macs_per_token", "MACs a token"},
      {"bound_rate", "Bound of the rate"},
      {"bandwidth_share", "Share of the bandwidth"},
      {"compute_share", "Share of the multiplications"}};
  for (const auto& [key, label] : kRows) {
    const std::string_view unit = std::string_view(key).ends_with("share") ? "%" : "";
    std::vector<std::string> cells{label};
    cells.push_back(FigureHtml(report, fmt::format("/cpu/roofline/{}", key), Tag::kLetter, unit));
    for (size_t i = 0; i < report.at("hardware").size(); ++i) {
      cells.push_back(
          FigureHtml(report, fmt::format("/hardware/{}/roofline/{}", i, key), Tag::kLetter, unit));
    }
    table.Row(cells);
  }
  return Section("roofline", "Roofline",
                 "A side’s decode step as a point under its own roof, bandwidth on the slope and "
                 "multipliers on the flat; beside it the share of the bandwidth that it reaches.",
                 Chart("roofline") + Details(table.Html()));
}

std::string TimelineHtml(const Json& report) {
  std::string body;
  for (size_t i = 0; i < report.at("hardware").size(); ++i) {
    body += SideTitle(report, i);
    if (report.at("hardware")[i].at("layer").at("name").empty()) {
      body += Missing("No instruction of this layer was timed.");
      continue;
    }
    body +=
        fmt::format("<p class=\"muted\">Layer {} of the last step.</p>\n",
                    FigureHtml(report, fmt::format("/hardware/{}/layer/layer", i), Tag::kLetter));
    body += Chart("timeline", int(i)) + Details(TimelineTable(report, i));
  }
  return Section("timeline", "One layer on the units",
                 "Each bar is an instruction from issue to retirement.", body);
}

std::string ContextsHtml(const Json& report) {
  std::string tables;
  for (size_t i = 0; i < report.at("hardware").size(); ++i) {
    const std::string base = fmt::format("/hardware/{}/contexts", i);
    HtmlTable table("plain numbers", {"Context", "Cycles", "Latency a token"});
    const size_t rows = report.at("hardware")[i].at("contexts").at("context").at("values").size();
    for (size_t k = 0; k < rows; ++k) {
      table.Row({ItemHtml(report, base + "/context", k), ItemHtml(report, base + "/cycles", k),
                 ItemHtml(report, base + "/latency", k)});
    }
    tables += SideTitle(report, i) + table.Html();
  }
  return Section("contexts", "Latency against context",
                 "One decode step after so many tokens, by the cycle model.",
                 Chart("contexts") + Details(tables));
}

std::string ChecksHtml(const Json& report) {
  std::string notes;
  bool any = false;
  for (const Json& side : report.at("hardware")) {
    const Json& check = side.at("check");
    const int64_t instructions = check.at("instructions").get<int64_t>();
    const int64_t mismatches = check.at("mismatches").get<int64_t>();
    any = any || !check.at("layers").empty();
    notes += fmt::format("<p><b>{}</b>: ", EscapeHtml(Text(side, "name")));
    if (instructions > 0) {
      notes += fmt::format("<span class=\"{}\">{} instructions, {} mismatches</span>. ",
                           mismatches ? "bad" : "good", Count(check, "instructions"),
                           Count(check, "mismatches"));
    }
    notes +=
        fmt::format("<span class=\"muted\">{}</span> {}</p>\n", EscapeHtml(Text(check, "method")),
                    EscapeHtml(Text(check, "first_mismatch")));
  }
  return Section("checks", "Bit-exactness, layer by layer",
                 "Results of instructions compared with the CPU’s, bit by bit.",
                 notes + (any ? Chart("checks") + Details(CheckTable(report)) : ""));
}

namespace {

/// "vega 6.4.0 (BSD-3-Clause)" and so on, of the scripts in the page.
std::vector<std::string> ScriptVersions() {
  std::vector<std::string> versions;
  for (const EmbeddedText& file : PageScripts()) {
    if (!file.path.ends_with("licences.txt")) continue;
    std::istringstream lines{std::string(file.text)};
    for (std::string line; std::getline(lines, line);) {
      for (const char* name : {"vega ", "vega-lite ", "vega-embed "}) {
        if (line.starts_with(name)) versions.push_back(line);
      }
    }
  }
  return versions;
}

}  // namespace

std::string FooterHtml(const Json& report) {
  std::string html = "<footer><h2>How to get these figures</h2>\n<pre class=\"commands\">";
  html += EscapeHtml(Text(report, "command_line")) + "\n";
  for (const Json& command : report.at("commands")) {
    html += EscapeHtml(command.get<std::string>()) + "\n";
  }
  html += "</pre>\n<p class=\"versions\">";
  for (const auto& [name, version] : report.at("versions").items()) {
    html += fmt::format("<span>{} {}</span> ", EscapeHtml(name),
                        EscapeHtml(version.get<std::string>()));
  }
  for (const std::string& version : ScriptVersions()) {
    html += fmt::format("<span>{}</span> ", EscapeHtml(version));
  }
  return html + "</p>\n";
}

}  // namespace ternfab::compare
