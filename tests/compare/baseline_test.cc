// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace ternfab::compare {
namespace {

using ::testing::HasSubstr;

constexpr const char* kGood = R"({"rows": [{"name": "n", "system": "s", "model": "m",
  "kind": "fpga", "source": "paper",
  "figures": {"decode_rate": {"value": 20, "unit": "tokens/s", "evidence": "published"},
              "power": {"value": 5, "unit": "W", "evidence": "measured"}}}]})";

/// kGood with `from` replaced.
std::string Changed(const std::string& from, const std::string& to) {
  std::string text = kGood;
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Baselines, AddsWhatFollows) {
  const auto rows = ParseBaselines(kGood, "f.json");
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 1u);
  const Named<Figure>& figures = rows->front().figures;
  EXPECT_EQ(FindFigure(figures, "decode_rate")->source, "paper");
  EXPECT_EQ(*FindFigure(figures, "latency_per_token")->value, 0.05);
  const Figure& energy = *FindFigure(figures, "energy_per_token");
  EXPECT_EQ(*energy.value, 0.25);
  EXPECT_EQ(energy.evidence, Evidence::kPublished);  // the weaker of both
  EXPECT_EQ(*FindFigure(figures, "tokens_per_joule")->value, 4);
}

TEST(Baselines, RefusesWhatIsWrong) {
  const std::tuple<std::string, std::string, std::string> kCases[] = {
      {"{\"rows\"", "[", "is not JSON"},
      {"\"rows\"", "\"lines\"", "one key, rows"},
      {"[{", "[5, {", "rows[0]: must be an object"},
      {"\"name\"", "\"nom\"", "rows[0]: unknown key nom"},
      {"\"model\": \"m\",", "", "rows[0]: has no model"},
      {"\"model\": \"m\"", "\"model\": 5", "rows[0]: model must be a string"},
      {"fpga", "toaster", "kind toaster must be cpu"},
      {"\"paper\"", "\"\"", "source must say"},
      {"decode_rate", "speed", "unknown figure speed"},
      {"tokens/s", "tokens", "rows[0].figures.decode_rate: unit tokens must be tokens/s"},
      {"published", "guessed", "evidence guessed must be"},
      {"20", "\"20\"", "value must be a number"},
      {"20", "-1", "value -1 must be at least 0"},
      {"20", "1e999", "f.json"},
      {"\"value\": 20", "\"val\": 20", "unknown key val"},
  };
  for (const auto& [from, to, words] : kCases) {
    const auto rows = ParseBaselines(Changed(from, to), "f.json");
    ASSERT_FALSE(rows) << to;
    EXPECT_THAT(rows.error().message, HasSubstr("f.json: "));
    EXPECT_THAT(rows.error().message, HasSubstr(words));
  }
}

TEST(Baselines, RefusesDeepNesting) {
  EXPECT_FALSE(ParseBaselines(std::string(100000, '['), "f.json"));
}

TEST(Baselines, ShippedFilesParse) {
  for (const char* name : {"boards", "cpu_peers"}) {
    const std::string path = std::string(TF_SOURCE_DIR "/docs/baselines/") + name + ".json";
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    const auto rows = ParseBaselines(text.str(), path);
    ASSERT_TRUE(rows) << rows.error().message;
    EXPECT_GE(rows->size(), 4u);
    for (const BaselineRow& row : *rows) {
      for (const auto& [key, figure] : row.figures) {
        EXPECT_EQ(figure.evidence, Evidence::kPublished) << row.name << " " << key;
      }
    }
  }
}

}  // namespace
}  // namespace ternfab::compare
