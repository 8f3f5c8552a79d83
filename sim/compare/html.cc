// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/html.h"

#include <fmt/format.h>

#include "common/check.h"
#include "sim/compare/format.h"

namespace ternfab::compare {
namespace {

struct Shown {
  const Json* value;  ///< a number or null
  std::string unit;
  std::string evidence;
  std::string source;
};

std::string ShownHtml(const Shown& f, const std::string& path, Tag tag, std::string_view unit) {
  const std::string evidence = f.evidence;
  const std::string source =
      f.source.empty() ? evidence : fmt::format("{}: {}", evidence, f.source);
  const std::string attributes =
      fmt::format("data-path=\"{}\" data-value=\"{}\" title=\"{}\" tabindex=\"0\"",
                  EscapeHtml(path), f.value->is_null() ? "" : f.value->dump(), EscapeHtml(source));
  if (f.value->is_null()) return fmt::format("<span class=\"fig none\" {}>–</span>", attributes);
  const Readable r =
      ReadableOf(f.value->get<double>(), unit.empty() ? std::string_view(f.unit) : unit);
  const bool word = tag == Tag::kWord;
  return fmt::format("<span class=\"fig\" {}><b>{}</b>{}{}<abbr class=\"ev {}{}\">{}</abbr></span>",
                     attributes, r.number, r.unit.empty() ? "" : "<i>",
                     r.unit.empty() ? "" : EscapeHtml(r.unit) + "</i>", evidence,
                     word ? " word" : "", word ? evidence : evidence.substr(0, 3));
}

const Json& At(const Json& report, const std::string& path) {
  const Json::json_pointer pointer(path);
  TF_CHECK(report.contains(pointer), "the report has no {}", path);
  return report.at(pointer);
}

Shown Origin(const Json& json, const Json& value) {
  return {&value, json.at("unit").get<std::string>(), json.at("evidence").get<std::string>(),
          json.value("source", "")};
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\0':
        out += "\xef\xbf\xbd";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string EscapeScript(const Json& json) {
  const std::string text = json.dump(-1, ' ', true, Json::error_handler_t::replace);
  std::string out;
  for (const char c : text) {
    // Outside strings JSON has none of these.
    if (c == '<' || c == '>' || c == '&') {
      out += fmt::format("\\u{:04x}", c);
    } else {
      out += c;
    }
  }
  return out;
}

std::string Child(const std::string& path, std::string_view key) {
  std::string out = path + "/";
  for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

std::string FigureHtml(const Json& report, const std::string& path, Tag tag,
                       std::string_view unit) {
  const Json& figure = At(report, path);
  return ShownHtml(Origin(figure, figure.at("value")), path, tag, unit);
}

std::string ItemHtml(const Json& report, const std::string& path, size_t index) {
  const Json& list = At(report, path);
  return ShownHtml(Origin(list, list.at("values").at(index)),
                   fmt::format("{}/values/{}", path, index), Tag::kLetter, "");
}

HtmlTable::HtmlTable(const std::string& css_class, const std::vector<std::string>& head)
    : columns_(head.size()) {
  html_ = fmt::format("<div class=\"scroll\"><table class=\"{}\"><thead><tr>", css_class);
  for (const std::string& cell : head) html_ += fmt::format("<th scope=\"col\">{}</th>", cell);
  html_ += "</tr></thead><tbody>\n";
}

void HtmlTable::Row(const std::vector<std::string>& cells) {
  html_ += "<tr>";
  for (size_t i = 0; i < cells.size(); ++i) {
    html_ += i == 0 ? fmt::format("<th scope=\"row\">{}</th>", cells[i])
                    : fmt::format("<td>{}</td>", cells[i]);
  }
  for (size_t i = cells.size(); i < columns_; ++i) html_ += "<td></td>";
  html_ += "</tr>\n";
}

void HtmlTable::Group(std::string_view text) {
  html_ += fmt::format("<tr class=\"group\"><th colspan=\"{}\" scope=\"colgroup\">{}</th></tr>\n",
                       columns_, EscapeHtml(text));
}

std::string HtmlTable::Html() const { return html_ + "</tbody></table></div>\n"; }

}  // namespace ternfab::compare
