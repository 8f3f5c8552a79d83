// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/area_figures.h"

#include <gtest/gtest.h>

namespace ternfab::compare {
namespace {

TEST(AddArea, RatesAtBothClocks) {
  AreaReport area;
  area.total.lut = 1000;
  area.shares = {{"lut", 1000, 2000}};
  area.fits = true;
  area.binding_resource = "lut";
  area.clock.path.ns = 8;  // 125 MHz
  HardwareSide side;
  AddArea(area, side);
  EXPECT_EQ(*FindFigure(side.area.resources, "lut")->value, 1000);
  EXPECT_EQ(FindFigure(side.area.resources, "lut")->evidence, Evidence::kSynthesised);
  EXPECT_EQ(*FindFigure(side.area.available, "lut")->value, 2000);
  EXPECT_EQ(*side.area.binding_share.value, 0.5);
  EXPECT_EQ(*side.clock.estimated.value, area.clock.mhz());
  EXPECT_FALSE(side.rate_at_estimated_clock.value);
  side.clock.given.value = 250;
  side.speed.decode_rate.value = 40;
  AddRateAtEstimatedClock(1'000'000, 800'000, 7, side);  // 4 ms, 6.4 ms
  EXPECT_DOUBLE_EQ(*side.rate_at_estimated_clock.value, 25);
  EXPECT_EQ(side.rate_at_estimated_clock.evidence, Evidence::kModelled);
  EXPECT_DOUBLE_EQ(*side.latency_at_estimated_clock.value, 0.04);
}

TEST(AddArea, AnErrorSaysWhy) {
  HardwareSide side;
  AddArea(Fail("no yosys"), side);
  EXPECT_FALSE(side.clock.estimated.value);
  EXPECT_FALSE(side.rate_at_estimated_clock.value);
  EXPECT_EQ(side.rate_at_estimated_clock.source, "no yosys");
  EXPECT_EQ(side.area.note, "no yosys");
  EXPECT_FALSE(side.area.fits);
  EXPECT_FALSE(side.area.binding_share.value);
}

}  // namespace
}  // namespace ternfab::compare
