// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cctype>
#include <functional>

#include "sim/compare/html.h"
#include "sim/compare/page_sections.h"

// The top of the page: what was compared, the headline table, everybody's rates.

namespace ternfab::compare {
namespace {

/// Heading of a side's column: name and what it is.
std::string SideHead(std::string_view name, std::string_view what) {
  return fmt::format("<span class=\"side\">{}</span><span class=\"what\">{}</span>",
                     EscapeHtml(name), EscapeHtml(what));
}

std::string Text(const Json& json, const char* key) { return json.at(key).get<std::string>(); }

std::string Sequence(std::string_view who, const Json& side) {
  const std::string text = Text(side, "text");
  if (text.empty()) return "";
  return fmt::format("<figure><figcaption>{}</figcaption><blockquote>{}</blockquote></figure>",
                     EscapeHtml(who), EscapeHtml(text));
}

std::string PromptHtml(const Json& report) {
  const std::string prompt = Text(report, "prompt");
  std::string html = "<p class=\"prompt\">";
  if (!report.at("context").at("value").is_null()) {
    html += fmt::format("After {}, {} generated.",
                        FigureHtml(report, "/context", Tag::kLetter) + " of seeded context",
                        FigureHtml(report, "/tokens", Tag::kLetter));
  } else {
    html += fmt::format("Prompt of {}, at most {} generated{}",
                        FigureHtml(report, "/prompt_tokens", Tag::kLetter),
                        FigureHtml(report, "/tokens", Tag::kLetter), prompt.empty() ? "." : ":");
    if (!prompt.empty()) html += fmt::format(" <q>{}</q>", EscapeHtml(prompt));
  }
  return html + "</p>\n";
}

/// "equal", or where the first difference is. `must`: a difference is a failure.
std::string IdsHtml(const Json& check, bool must) {
  if (check.is_null()) return "<span class=\"muted\">not compared</span>";
  if (check.at("equal").get<bool>()) {
    return fmt::format("<span class=\"good\">✓ {} equal</span>", check.at("compared").get<int>());
  }
  const Json& d = check.at("first_difference");
  const auto there = [&](const char* id, const char* text) {
    const int number = d.at(id).get<int>();
    return number < 0 ? std::string("the end")
                      : fmt::format("“{}” ({})", EscapeHtml(Text(d, text)), number);
  };
  return fmt::format(
      "<span class=\"{}\">{}{} equal, then other</span><span class=\"what\">{} there, {} "
      "here</span>",
      must ? "bad" : "muted", must ? "✗ " : "", d.at("index").get<int>(),
      there("expected", "expected_text"), there("got", "got_text"));
}

/// Builds the headline table: a column for the CPU and for each design.
class Headline {
 public:
  explicit Headline(const Json& report) : report_(report), table_(Class(report), Head(report)) {}

  /// The figure `path` of the CPU alone.
  void CpuFigure(const char* label, const std::string& path) {
    table_.Row({label, FigureHtml(report_, "/cpu" + path)});
  }
  /// The figure `path` of every side; without `cpu` of the designs alone. No row where none has it.
  void Figures(const char* label, const std::string& path, bool cpu = true,
               std::string_view unit = "") {
    std::vector<std::string> cells{label};
    cells.push_back(cpu ? FigureHtml(report_, "/cpu" + path, Tag::kWord, unit) : Empty());
    bool any = cpu;
    for (size_t i = 0; i < designs(); ++i) {
      const std::string at = fmt::format("/hardware/{}{}", i, path);
      const bool there = report_.contains(Json::json_pointer(at));
      cells.push_back(there ? FigureHtml(report_, at, Tag::kWord, unit) : Empty());
      any = any || there;
    }
    if (any) table_.Row(cells);
  }
  /// `cell` of each design: its JSON and its path.
  void Cells(const char* label,
             const std::function<std::string(const Json&, const std::string&)>& cell) {
    std::vector<std::string> cells{label, Empty()};
    for (size_t i = 0; i < designs(); ++i) {
      cells.push_back(cell(report_.at("hardware")[i], fmt::format("/hardware/{}", i)));
    }
    table_.Row(cells);
  }
  /// How each side's energy was found.
  void Modes(const char* label) {
    std::vector<std::string> cells{label};
    const auto add = [&](const Json& side) {
      cells.push_back(fmt::format("<span class=\"muted\">{}</span>",
                                  EscapeHtml(Text(side.at("energy_per_token"), "mode"))));
    };
    add(report_.at("cpu"));
    for (const Json& side : report_.at("hardware")) add(side);
    table_.Row(cells);
  }
  void Group(const char* text) { table_.Group(text); }
  std::string Html() const { return table_.Html(); }

 private:
  /// Columns of one width, as long as they have room.
  static std::string Class(const Json& report) {
    constexpr size_t kRoom = 5;
    return report.at("hardware").size() > kRoom ? "headline many" : "headline";
  }
  static std::vector<std::string> Head(const Json& report) {
    std::vector<std::string> head{""};
    const Json& cpu = report.at("cpu");
    head.push_back(SideHead("CPU", Text(cpu, "name")));
    for (const Json& side : report.at("hardware")) {
      head.push_back(SideHead(Text(side, "name"), Text(side, "design")));
    }
    return head;
  }
  static std::string Empty() { return ""; }
  size_t designs() const { return report_.at("hardware").size(); }

  const Json& report_;
  HtmlTable table_;
};

std::string UpperCase(std::string text) {
  for (char& c : text) c = char(std::toupper(c));
  return text;
}

std::string FitsHtml(const Json& report, const Json& side, const std::string& path) {
  const Json& area = side.at("area");
  if (area.at("fits").is_null()) {
    return fmt::format("<span class=\"what\">{}</span>", EscapeHtml(Text(area, "note")));
  }
  const bool fits = area.at("fits").get<bool>();
  return fmt::format("<span class=\"{}\">{} {}</span><span class=\"what\">most of {}: {}</span>",
                     fits ? "good" : "bad", fits ? "✓ fits" : "✗ does not fit",
                     EscapeHtml(UpperCase(Text(side, "part"))),
                     UpperCase(EscapeHtml(Text(area, "binding"))),
                     FigureHtml(report, path + "/area/binding_share", Tag::kLetter, "%"));
}

/// A side in few figures. `ratios`: beside the CPU's.
std::string Card(const Json& report, const std::string& path, std::string_view name,
                 const std::string& what, size_t colour, bool ratios) {
  std::string html = fmt::format(
      "<article class=\"card\" style=\"--side: var(--s{})\"><h2>{}</h2><p class=\"what\">{}</p>"
      "<p class=\"big\">{}</p><p>{} a token</p>",
      colour % 6, EscapeHtml(name), what, FigureHtml(report, path + "/decode_rate"),
      FigureHtml(report, path + "/energy_per_token/total"));
  if (ratios) {
    html += fmt::format("<p>{} the CPU’s rate, {} its energy</p>",
                        FigureHtml(report, path + "/rate_over_cpu", Tag::kLetter, "×"),
                        FigureHtml(report, path + "/energy_over_cpu", Tag::kLetter, "×"));
  } else {
    html += fmt::format("<p>{} of the memory’s bandwidth</p>",
                        FigureHtml(report, path + "/roofline/bandwidth_share", Tag::kLetter, "%"));
  }
  return html + "</article>\n";
}

}  // namespace

std::string HeaderHtml(const Json& report) {
  std::string names;
  for (const Json& side : report.at("hardware")) {
    names += (names.empty() ? "" : ", ") + EscapeHtml(Text(side, "name"));
  }
  const Json& facts = report.at("facts");
  std::string html = fmt::format(
      "<header><p class=\"kicker\">ternfab compare</p><h1>{} <span>on the CPU and on</span> "
      "{}</h1>\n",
      EscapeHtml(Text(facts, "name")), names);
  html += "<p class=\"facts\">";
  constexpr std::pair<const char*, const char*> kFacts[] = {
      {"ternary_weights", "ternary"}, {"zero_fraction", "of them zero"}, {"layers", ""}};
  for (const auto& [key, words] : kFacts) {
    const bool share = std::string_view(key) == "zero_fraction";
    html += fmt::format(
        "<span>{} {}</span> ",
        FigureHtml(report, std::string("/facts/figures/") + key, Tag::kLetter, share ? "%" : ""),
        words);
  }
  if (facts.at("synthetic").get<bool>()) {
    html += "<span class=\"warn\">random weights: their zeros are an assumption</span>";
  }
  return html + "</p>\n" + PromptHtml(report) + "</header>\n";
}

std::string CardsHtml(const Json& report) {
  const Json& cpu = report.at("cpu");
  std::string html = "<section class=\"cards\" id=\"cards\">\n";
  html += Card(report, "/cpu", "CPU",
               fmt::format("{}, {}", EscapeHtml(Text(cpu, "name")),
                           FigureHtml(report, "/cpu/threads", Tag::kLetter)),
               0, false);
  for (size_t i = 0; i < report.at("hardware").size(); ++i) {
    const Json& side = report.at("hardware")[i];
    const std::string path = fmt::format("/hardware/{}", i);
    const std::string what = fmt::format("{}{}{}", EscapeHtml(UpperCase(Text(side, "part"))),
                                         Text(side, "part").empty() ? "" : ", ",
                                         FigureHtml(report, path + "/clock/given", Tag::kLetter));
    html += Card(report, path, Text(side, "name"), what, i + 1, true);
  }
  return html + "</section>\n";
}

std::string TextsHtml(const Json& report) {
  std::string texts = Sequence("CPU, reference arithmetic", report.at("cpu"));
  for (const Json& side : report.at("hardware")) texts += Sequence(Text(side, "name"), side);
  return texts.empty() ? "" : "<div class=\"texts\">" + texts + "</div>\n";
}

std::string HeadlineHtml(const Json& report) {
  Headline table(report);
  table.Group("Speed");
  table.Figures("Latency a token", "/latency_per_token");
  table.Figures("Time to first token", "/time_to_first_token");
  table.Figures("Decode", "/decode_rate");
  table.Figures("Prefill", "/prefill_rate");
  table.Figures("Cycles a token", "/cycles_per_token", false);
  table.Group("Energy");
  table.Figures("Energy a token", "/energy_per_token/total");
  table.Figures("Tokens a joule", "/tokens_per_joule");
  table.Modes("Energy mode");
  table.Group("Share of the limits");
  table.Figures("Memory bandwidth", "/roofline/bandwidth_share", true, "%");
  table.Figures("Multiplications", "/roofline/compute_share", true, "%");
  table.Figures("Beats that carry weights", "/utilisation", false, "%");
  table.CpuFigure("CPU threads", "/threads");
  table.Group("Clock and area");
  table.Figures("Clock, given", "/clock/given", false);
  table.Figures("Clock, estimated", "/clock/estimated", false);
  table.Figures("Decode at that clock", "/rate_at_estimated_clock", false);
  for (const char* name : {"lut", "ff", "dsp", "bram36", "uram"}) {
    table.Figures(UpperCase(name).c_str(), std::string("/area/resources/") + name, false);
  }
  table.Cells("Device", [&](const Json& side, const std::string& path) {
    return FitsHtml(report, side, path);
  });
  table.Group("Results");
  table.Cells("Ids beside device arithmetic", [](const Json& side, const std::string&) {
    return IdsHtml(side.at("check").at("device"), true);
  });
  table.Cells("Ids beside the reference", [](const Json& side, const std::string&) {
    return IdsHtml(side.at("check").at("reference"), false);
  });
  std::string html = "<section id=\"headline\"><h2>Side by side</h2>\n" + table.Html();
  const Json& cpu = report.at("cpu");
  html += fmt::format(
      "<p class=\"note\">CPU: {}, {}, {}. Device arithmetic on the same CPU decodes at {}: a "
      "design’s "
      "ids must be its; the reference is another arithmetic, whose ids may part.</p>\n",
      EscapeHtml(Text(cpu, "name")), EscapeHtml(Text(cpu, "implementation")),
      FigureHtml(report, "/cpu/threads", Tag::kLetter),
      FigureHtml(report, "/cpu/device_decode_rate", Tag::kLetter));
  return html + "</section>\n";
}

std::string RatesHtml(const Json& report) {
  HtmlTable table("plain",
                  {"", "<span class=\"words\">System</span>", "<span class=\"words\">Model</span>",
                   "Decode", "Energy a token", "Tokens a joule", "Power"});
  const auto row = [&](const std::string& at, std::vector<std::string> cells,
                       const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
      const bool there = report.contains(Json::json_pointer(at + path));
      cells.push_back(there ? FigureHtml(report, at + path, Tag::kLetter) : "");
    }
    table.Row(cells);
  };
  const std::string model = EscapeHtml(Text(report.at("facts"), "name"));
  const std::vector<std::string> own{"/decode_rate", "/energy_per_token/total",
                                     "/tokens_per_joule"};
  row("/cpu", {"CPU", EscapeHtml(Text(report.at("cpu"), "name")), model}, own);
  for (size_t i = 0; i < report.at("hardware").size(); ++i) {
    const Json& side = report.at("hardware")[i];
    row(fmt::format("/hardware/{}", i),
        {EscapeHtml(Text(side, "name")), EscapeHtml(Text(side, "design")), model}, own);
  }
  for (size_t i = 0; i < report.at("baselines").size(); ++i) {
    const Json& b = report.at("baselines")[i];
    row(fmt::format("/baselines/{}/figures", i),
        {EscapeHtml(Text(b, "name")),
         fmt::format("{}<span class=\"what\">{}{}{}</span>", EscapeHtml(Text(b, "system")),
                     EscapeHtml(Text(b, "source")), Text(b, "note").empty() ? "" : "; ",
                     EscapeHtml(Text(b, "note"))),
         EscapeHtml(Text(b, "model"))},
        {"/decode_rate", "/energy_per_token", "/tokens_per_joule", "/power"});
  }
  return "<section id=\"rates\"><h2>Tokens a second</h2>\n<div class=\"chart\" "
         "data-chart=\"rates\">"
         "</div>\n<details><summary>As a table</summary>" +
         table.Html() + "</details></section>\n";
}

}  // namespace ternfab::compare
