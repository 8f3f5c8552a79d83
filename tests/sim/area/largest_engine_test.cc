// SPDX-License-Identifier: Apache-2.0
#include "sim/area/largest_engine.h"

#include <gtest/gtest.h>

namespace ternfab {
namespace {

/// Two engines of 100 LUT, 40 FF and 8 DSP in a design of 1000 LUT, 500 FF and 20 DSP.
AreaReport TwoEngines() {
  AreaReport area;
  area.device = {"board", "chip", "xc7", 2000, 4000, 60, 50, 0};
  area.total = {1000, 500, 70, 30, 20, 10, 0};
  area.engines = {200, 80, 50, 4, 16, 0, 0};
  return area;
}

HardwareSpec SpecOfTwo() {
  HardwareSpec spec;
  spec.engine.count = 2;
  return spec;
}

TEST(LargestEngine, FillsTheDeviceBesideTheRest) {
  const LargestEngine largest = FindLargestEngine(TwoEngines(), SpecOfTwo());
  // LUT: (2000 - 800) / 100 = 12; FF: (4000 - 420) / 40 = 89; DSP: (60 - 4) / 8 = 7.
  EXPECT_EQ(largest.engines, 7);
  EXPECT_EQ(largest.binding_resource, "dsp");
  EXPECT_EQ(largest.one, (Resources{100, 40, 25, 2, 8, 0, 0}));
  EXPECT_EQ(largest.rest, (Resources{800, 420, 20, 26, 4, 10, 0}));
}

TEST(LargestEngine, IsSmallerThanOneThatDoesNotFit) {
  AreaReport area = TwoEngines();
  area.device.lut = 950;
  EXPECT_EQ(FindLargestEngine(area, SpecOfTwo()).engines, 1);
  EXPECT_EQ(FindLargestEngine(area, SpecOfTwo()).binding_resource, "lut");
}

TEST(LargestEngine, NoneWhereTheRestIsTooLarge) {
  AreaReport area = TwoEngines();
  area.device.bram36 = 9;  // engines take none: still nothing fits
  EXPECT_EQ(FindLargestEngine(area, SpecOfTwo()).engines, 0);
  EXPECT_EQ(FindLargestEngine(area, SpecOfTwo()).binding_resource, "bram36");
}

}  // namespace
}  // namespace ternfab
