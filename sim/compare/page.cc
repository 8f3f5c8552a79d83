// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/page.h"

#include <fmt/format.h>

#include "common/check.h"
#include "sim/compare/html.h"
#include "sim/compare/page_files.h"
#include "sim/compare/page_sections.h"

namespace ternfab::compare {
namespace {

std::string_view FileNamed(std::span<const EmbeddedText> files, std::string_view end) {
  for (const EmbeddedText& file : files) {
    if (file.path.ends_with(end)) return file.text;
  }
  TF_CHECK(false, "no embedded file {}", end);
}

std::string Script(std::string_view text) {
  TF_CHECK(text.find("</script") == std::string_view::npos, "a script ends its element");
  return fmt::format("<script>\n{}\n</script>\n", text);
}

/// Nothing may be loaded; Vega makes functions of its expressions.
constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "img-src data:";

std::string Head(const Json& report) {
  std::string names;
  for (const Json& side : report.at("hardware")) {
    names += (names.empty() ? "" : ", ") + side.at("name").get<std::string>();
  }
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<title>{}</title>\n<style>\n{}</style></head>\n",
      kPolicy,
      EscapeHtml(fmt::format("{} on {}", report.at("facts").at("name").get<std::string>(), names)),
      FileNamed(PageFiles(), "page.css"));
}

/// What the evidence tags mean.
constexpr std::string_view kLegend = R"(<p class="legend">
<span><abbr class="ev measured word">measured</abbr> on this machine</span>
<span><abbr class="ev simulated word">simulated</abbr> cycles of the RTL or its equal</span>
<span><abbr class="ev synthesised word">synthesised</abbr> netlist, not placed</span>
<span><abbr class="ev modelled word">modelled</abbr> table or formula</span>
<span><abbr class="ev published word">published</abbr> by others</span>
<span><abbr class="ev given word">given</abbr> by the spec or the user</span>
</p>
)";

}  // namespace

Expected<void> CheckPageScripts() {
  if (!PageScripts().empty()) return {};
  return Fail(
      "--html: this command was built without the chart scripts (npm packages vega, vega-lite, "
      "vega-embed): run `make build` with npm, or give --html \"\"");
}

std::string MakePage(const Json& report) {
  std::string html = Head(report) + "<body>\n<main>\n";
  html += HeaderHtml(report) + CardsHtml(report) + TextsHtml(report);
  html += kLegend;
  html += HeadlineHtml(report) + RatesHtml(report) + CyclesHtml(report) + EnergyHtml(report);
  html += RooflineHtml(report) + TimelineHtml(report) + ContextsHtml(report) + ChecksHtml(report);
  html += FooterHtml(report);
  html += fmt::format(
      "<details class=\"licences\"><summary>Licences of the chart scripts in this page</summary>"
      "<pre>{}</pre></details>\n</footer>\n</main>\n",
      EscapeHtml(FileNamed(PageScripts(), "licences.txt")));
  html += "<div id=\"tip\" role=\"tooltip\" hidden></div>\n";
  html += fmt::format("<script type=\"application/json\" id=\"report\">{}</script>\n",
                      EscapeScript(report));
  for (const char* name : {"vega.min.js", "vega-lite.min.js", "vega-embed.min.js"}) {
    html += Script(FileNamed(PageScripts(), name));
  }
  for (const char* name : {"charts.js", "page.js"}) html += Script(FileNamed(PageFiles(), name));
  return html + "</body></html>\n";
}

}  // namespace ternfab::compare
