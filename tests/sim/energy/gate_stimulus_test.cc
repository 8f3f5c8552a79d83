// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/gate_stimulus.h"

#include <gtest/gtest.h>

#include "tests/sim/energy/energy_fixture.h"

namespace ternfab {
namespace {

/// A row of the first MATVEC has two beats: the activations of one row are those of the next.
TEST(GateData, FollowsRowsBeatAfterBeat) {
  const EnergyFixture f;  // hidden 64: 2 beats a row of 40 lanes
  const int ids[] = {3, 1, 4};
  const GateData data = CollectGateData(f.program, ids, 8, 64);
  ASSERT_GE(data.ternary.size(), 4u);
  EXPECT_EQ(data.ternary[0].activations, data.ternary[2].activations);
  EXPECT_EQ(data.ternary[1].activations, data.ternary[3].activations);
  EXPECT_NE(data.ternary[0].activations, std::vector<int8_t>(8, 0));
  EXPECT_GT(data.zero_trits, 0.2);
  EXPECT_LT(data.zero_trits, 0.5);
  ASSERT_FALSE(data.int8.empty());
  EXPECT_NE(data.int8[0].weights, std::vector<int8_t>(8, 0));
  EXPECT_NE(data.int8[0].activations, std::vector<int8_t>(8, 0));
}

TEST(GateData, IsTheSameEachTimeAndChangesWithTheText) {
  const EnergyFixture f;
  const int ids[] = {3, 1, 4}, others[] = {3, 1, 5};
  const GateData a = CollectGateData(f.program, ids, 8, 64);
  const GateData b = CollectGateData(f.program, ids, 8, 64);
  const GateData c = CollectGateData(f.program, others, 8, 64);
  EXPECT_EQ(a.ternary[0].activations, b.ternary[0].activations);
  EXPECT_NE(a.ternary[0].activations, c.ternary[0].activations);
}

}  // namespace
}  // namespace ternfab
