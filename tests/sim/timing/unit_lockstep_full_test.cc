// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/sim/timing/unit_lockstep.h"

namespace ternfab::timing {
namespace {

TEST(UnitLockstepFullTest, TensOfThousandsOfInstructions) {
  LockstepResult sum;
  for (uint64_t seed = 1000; seed < 1032; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    constexpr int kBatch[] = {4, 2, 1};
    LockstepOptions o;
    o.seed = seed;
    o.cycles = 100'000;
    o.ternary_shape = int(seed % 3);
    o.count = 1 + int(seed / 3) % kBatch[o.ternary_shape];
    o.engine_latency = 1 + int(seed % 31);
    o.int8_shape = int(seed / 2 % 2);
    const LockstepResult r = RunLockstep(o);
    ASSERT_EQ(r.difference, "");
    sum.ternary += r.ternary;
    sum.int8 += r.int8;
    sum.vector += r.vector;
  }
  fmt::print("{} MATVEC, {} DOT and ACCUMULATE, {} VECTOR\n", sum.ternary, sum.int8, sum.vector);
  EXPECT_GE(sum.ternary, 10'000);
  EXPECT_GE(sum.int8, 10'000);
  EXPECT_GE(sum.vector, 10'000);
}

}  // namespace
}  // namespace ternfab::timing
