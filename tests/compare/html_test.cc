// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/html.h"

#include <gtest/gtest.h>

#include "sim/compare/format.h"

namespace ternfab::compare {
namespace {

std::string Shown(double value, const char* unit) {
  const Readable r = ReadableOf(value, unit);
  return r.number + "|" + r.unit;
}

TEST(ReadableOf, ScalesToPrefixes) {
  EXPECT_EQ(Shown(0.0475056, "s"), "47.51|ms");
  EXPECT_EQ(Shown(1, "s"), "1.000|s");
  EXPECT_EQ(Shown(125, "s"), "125.0|s");
  EXPECT_EQ(Shown(3.2e-9, "J"), "3.200|nJ");
  EXPECT_EQ(Shown(5e-15, "J"), "0.005000|pJ");
  EXPECT_EQ(Shown(754888688, "B"), "754.9|MB");
  EXPECT_EQ(Shown(16e9, "B/s"), "16.00|GB/s");
  EXPECT_EQ(Shown(0, "B/s"), "0|B/s");
  EXPECT_EQ(Shown(3014656, "weights"), "3.015|M weights");
}

TEST(ReadableOf, KeepsWholeNumbersWhole) {
  EXPECT_EQ(Shown(11876413, "cycles"), "11,876,413|cycles");
  EXPECT_EQ(Shown(-1234, "cycles"), "-1,234|cycles");
  EXPECT_EQ(Shown(999, "1"), "999|");
  EXPECT_EQ(Shown(1000, "1"), "1,000|");
}

TEST(ReadableOf, FourDigitsElsewhere) {
  EXPECT_EQ(Shown(21.0504, "tokens/s"), "21.05|tokens/s");
  EXPECT_EQ(Shown(7060.53, "tokens/s"), "7,061|tokens/s");
  EXPECT_EQ(Shown(0.98123, "1"), "0.9812|");
  EXPECT_EQ(Shown(0.98123, "%"), "98.1|%");
}

TEST(Html, EscapesText) {
  EXPECT_EQ(EscapeHtml("</p>&\"'x"), "&lt;/p&gt;&amp;&quot;&#39;x");
  EXPECT_EQ(EscapeHtml(std::string_view("\0", 1)), "\xef\xbf\xbd");
}

TEST(Html, EscapesScripts) {
  const Json json = {{"a", "</script><!--&\xe2\x80\xa8"}};
  const std::string text = EscapeScript(json);
  EXPECT_EQ(text.find('<'), std::string::npos);
  EXPECT_EQ(text.find('&'), std::string::npos);
  EXPECT_EQ(Json::parse(text), json);
}

TEST(Html, PointersOfKeys) {
  EXPECT_EQ(Child("/a", "q/k~v"), "/a/q~1k~0v");
  const Json json = {{"q/k~v", 5}};
  EXPECT_EQ(json.at(Json::json_pointer(Child("", "q/k~v"))), 5);
}

TEST(Html, FigureShowsValueEvidenceAndSource) {
  const Json report = {{"t", Write(Figure{0.5, "s", Evidence::kModelled, "a \"table\""})},
                       {"n", Write(Figure{{}, "s", Evidence::kMeasured, "nothing"})}};
  const std::string html = FigureHtml(report, "/t");
  EXPECT_NE(html.find("data-path=\"/t\" data-value=\"0.5\""), std::string::npos) << html;
  EXPECT_NE(html.find("title=\"modelled: a &quot;table&quot;\""), std::string::npos) << html;
  EXPECT_NE(html.find("<b>500.0</b><i>ms</i>"), std::string::npos) << html;
  EXPECT_NE(html.find(">modelled</abbr>"), std::string::npos) << html;
  const std::string none = FigureHtml(report, "/n");
  EXPECT_NE(none.find("data-value=\"\""), std::string::npos) << none;
  EXPECT_NE(none.find("measured: nothing"), std::string::npos) << none;
}

}  // namespace
}  // namespace ternfab::compare
