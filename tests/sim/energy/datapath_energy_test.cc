// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/datapath_energy.h"

#include <gtest/gtest.h>

#include <map>

#include "sim/energy/operation_energy.h"
#include "sim/energy/token_work.h"
#include "sim/energy/tree_shape.h"
#include "tests/sim/energy/energy_fixture.h"

namespace ternfab {
namespace {

std::map<std::string, double> Parts(const EnergyReport& report) {
  std::map<std::string, double> parts;
  for (const EnergyPart& part : report.parts) parts[part.name] = part.joules;
  return parts;
}

/// SmallConfig (hidden 64, ffn 160, 2 layers, 4 heads and 2 KV heads of 16 padded to 32) on nano's
/// one engine of 40 lanes. Beats of a row of 64: 2, of 128 or 160: 4. A layer: q 128, k 64, v 64,
/// gate 160 and up 160 rows of 2 beats, o 64 and down 64 rows of 4: 2 * 576 + 4 * 128 = 1664 beats.
TEST(DatapathEnergy, CountsTheTernaryProductsOfASmallModel) {
  const EnergyFixture f;
  const EnergyReport report = *EstimateDatapathEnergy(f.Inputs(), 45);
  const double passes = 2 * 1664;
  auto parts = Parts(report);
  EXPECT_NEAR(parts["ternary accumulators"], passes * 0.1e-12, 1e-18);
  EXPECT_NEAR(parts["ternary lane gates"], passes * 40 * 0.4 * (0.1 * 8 / 32) * 1e-12, 1e-16);
  const double tree_bits = double(TernaryTreeShape(40, 1).adder_bits);
  EXPECT_NEAR(parts["ternary adder trees"], passes * tree_bits * 0.1 / 32 * 1e-12, 1e-16);
}

/// The head: 96 rows of 64 int8 = 8 beats of nano's 8 lanes. Attention at position 3: 4 rows of 4
/// beats (32 int8, padded) for 2 KV heads of 2 queries, scores and values, 2 layers.
TEST(DatapathEnergy, CountsTheInt8Products) {
  const EnergyFixture f;
  auto parts = Parts(*EstimateDatapathEnergy(f.Inputs(), 45));
  const double products = 96 * 64 + 2 * 2 * 2 * (4 * 32 * 2);
  EXPECT_NEAR(parts["int8 multipliers"], products * 0.2e-12, 1e-18);
  EXPECT_NEAR(parts["int8 accumulators"], 2 * 2 * (4 * 32 * 2) * 0.1e-12, 1e-18);
}

TEST(DatapathEnergy, DramIsTheTrafficOfTheRun) {
  const EnergyFixture f;
  auto parts = Parts(*EstimateDatapathEnergy(f.Inputs(), 7));
  EXPECT_NEAR(parts["DRAM"], f.summary.bytes_per_token() * 8 * 1300e-12 / 64, 1e-15);
}

TEST(DatapathEnergy, NodesAreNeverMixed) {
  const EnergyFixture f;
  const EnergyReport old = *EstimateDatapathEnergy(f.Inputs(), 45);
  const EnergyReport fresh = *EstimateDatapathEnergy(f.Inputs(), 7);
  EXPECT_EQ(old.node, "45 nm");
  EXPECT_EQ(fresh.node, "7 nm");
  auto a = Parts(old), b = Parts(fresh);
  ASSERT_EQ(a.size(), b.size());
  EXPECT_NEAR(a["ternary accumulators"] / b["ternary accumulators"], 0.1 / 0.03, 1e-9);
  EXPECT_NEAR(a["int8 multipliers"] / b["int8 multipliers"], 0.2 / 0.07, 1e-9);
  EXPECT_FALSE(EstimateDatapathEnergy(f.Inputs(), 16));
}

TEST(DatapathEnergy, PartsMakeTheTotal) {
  const EnergyFixture f;
  const EnergyReport report = *EstimateDatapathEnergy(f.Inputs(), 45);
  double sum = 0;
  for (const EnergyPart& part : report.parts) {
    EXPECT_GT(part.joules, 0) << part.name;
    EXPECT_STREQ(part.evidence, "modelled");
    sum += part.joules;
  }
  EXPECT_DOUBLE_EQ(report.total_joules(), sum);
}

}  // namespace
}  // namespace ternfab
