// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/energy_figures.h"

#include <gtest/gtest.h>

namespace ternfab::compare {
namespace {

TEST(EnergyFigures, PartsAddUp) {
  EnergyReport report;
  report.node = "16 nm";
  report.parts = {{"static", 0.25, "modelled", "a table"}, {"memory", 0.5, "published", "b"}};
  report.evidence = "published";
  report.notes = {"The board alone."};
  const Energy energy = EnergyFigures(report);
  EXPECT_EQ(*energy.total.value, 0.75);
  EXPECT_EQ(energy.total.evidence, Evidence::kPublished);
  EXPECT_EQ(energy.mode, "fpga");
  EXPECT_EQ(energy.note, "16 nm. The board alone.");
  ASSERT_EQ(energy.parts.size(), 2u);
  EXPECT_EQ(energy.parts[0].second, (Figure{0.25, "J", Evidence::kModelled, "a table"}));
}

TEST(EnergyFigures, ManyTokensGiveNoneOfOne) {
  EnergyReport report;
  report.mode = EnergyMode::kPaper;
  report.tokens = 512;
  report.parts = {{"linear", 0.028, "modelled", ""}};
  const Energy energy = EnergyFigures(report);
  EXPECT_FALSE(energy.total.value);
  EXPECT_NE(energy.total.source.find("512 tokens"), std::string::npos);
  EXPECT_TRUE(energy.parts.empty());
}

TEST(EnergyFigures, AnErrorSaysWhy) {
  const Energy energy = EnergyFigures(Fail("no figures for that device"));
  EXPECT_FALSE(energy.total.value);
  EXPECT_EQ(energy.total.source, "no figures for that device");
}

}  // namespace
}  // namespace ternfab::compare
