// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/gate_netlist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ternfab {
namespace {

using ::testing::HasSubstr;

LibertyTable Flat(double pj) { return {{}, {0.1}, {pj}}; }

/// 2 V. INV: A 0.01 pF; Y 3 pJ a rise, 1 pJ a fall. DFF: CLK 0.02 pF and 0.5 pJ a change, D 0.03
/// pF, Q 2 pJ a rise and 4 a fall by the one cause, 6 and 8 by another.
Liberty TestLibrary() {
  Liberty liberty;
  liberty.voltage = 2;
  liberty.cells["INV"] = {
      1, false, {{"A", {false, 0.01, {}}}, {"Y", {true, 0, {{Flat(3), Flat(1)}}}}}};
  liberty.cells["DFF"] = {1,
                          true,
                          {{"CLK", {false, 0.02, {{Flat(0.5), Flat(0.5)}}}},
                           {"D", {false, 0.03, {}}},
                           {"Q", {true, 0, {{Flat(2), Flat(4)}, {Flat(6), Flat(8)}}}}}};
  return liberty;
}

/// a -> INV -> y[1] -> DFF -> q, clocked by clk_i.
constexpr const char* kNetlist = R"({"modules": {"unit": {
  "ports": {}, "netnames": {"a": {"bits": [2]}, "y": {"bits": ["0", 3]}, "q": {"bits": [4]},
                            "clk_i": {"bits": [5]}},
  "cells": {
    "g1": {"type": "INV", "connections": {"A": [2], "Y": [3]}},
    "g2": {"type": "DFF", "connections": {"CLK": [5], "D": [3], "Q": [4]}}}}}})";

ToggleMap TestToggles() {
  return {{"a", {{10, 10}}}, {"y", {{0, 0}, {7, 5}}}, {"q", {{3, 2}}}, {"clk_i", {{20, 20}}}};
}

/// Half of C V^2 is 2 C. By hand:
/// logic: INV 7 * 3 + 5 * 1 and 12 changes of the 0.03 pF of D;
/// flip-flops: Q 3 * (2 + 6) / 2 + 2 * (4 + 8) / 2, no load;
/// clock: 40 * 0.5 and 40 changes of 0.02 pF; inputs: 20 changes of the 0.01 pF of A.
TEST(SwitchingEnergy, AddsUpWhatCellsAndLoadsTake) {
  const GateNetlist netlist = *ParseYosysJson(kNetlist, "unit");
  const auto joules = SwitchingEnergy(netlist, TestLibrary(), TestToggles());
  ASSERT_TRUE(joules) << joules.error().message;
  EXPECT_NEAR(joules->logic, (26 + 12 * 2 * 0.03) * 1e-12, 1e-20);
  EXPECT_NEAR(joules->flip_flops, (12 + 12) * 1e-12, 1e-20);
  EXPECT_NEAR(joules->clock, (20 + 40 * 2 * 0.02) * 1e-12, 1e-20);
  EXPECT_NEAR(joules->inputs, 20 * 2 * 0.01 * 1e-12, 1e-20);
  EXPECT_DOUBLE_EQ(joules->total(),
                   joules->logic + joules->flip_flops + joules->clock + joules->inputs);
}

TEST(SwitchingEnergy, NamesWhatIsMissing) {
  const GateNetlist netlist = *ParseYosysJson(kNetlist, "unit");
  Liberty liberty = TestLibrary();
  liberty.cells.erase("DFF");
  EXPECT_THAT(SwitchingEnergy(netlist, liberty, TestToggles()).error().message,
              HasSubstr("cell DFF"));
  ToggleMap toggles = TestToggles();
  toggles.erase("q");
  EXPECT_THAT(SwitchingEnergy(netlist, TestLibrary(), toggles).error().message,
              HasSubstr("net q: not in the dump"));
  EXPECT_FALSE(ParseYosysJson(kNetlist, "other"));
  EXPECT_FALSE(ParseYosysJson("{", "unit"));
}

}  // namespace
}  // namespace ternfab
