// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/timing/unit_lockstep.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ternfab::timing {
namespace {

LockstepOptions Options(uint64_t seed) {
  constexpr int kBatch[] = {4, 2, 1};
  constexpr int kLatency[] = {1, 3, 6, 9, 20};
  LockstepOptions o;
  o.seed = seed;
  o.ternary_shape = int(seed % 3);
  o.count = 1 + int(seed / 3) % kBatch[o.ternary_shape];
  o.engine_latency = kLatency[seed % 5];
  o.int8_shape = int(seed / 2 % 2);
  return o;
}

TEST(UnitLockstepTest, EveryCycleIsThatOfTheRtl) {
  for (uint64_t seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    LockstepOptions o = Options(seed);
    o.cycles = 20'000;
    const LockstepResult r = RunLockstep(o);
    EXPECT_EQ(r.difference, "");
    EXPECT_GE(r.ternary, 20);
    EXPECT_GE(r.int8, 20);
    EXPECT_GE(r.vector, 20);
  }
}

TEST(UnitLockstepTest, SeesEnginesThatAreACycleLate) {
  LockstepOptions o = Options(2);
  o.wrong_latency = 1;
  EXPECT_NE(RunLockstep(o).difference.find("ternary"), std::string::npos);
}

TEST(UnitLockstepTest, SeesAnInt8TreeThatIsACycleLate) {
  LockstepOptions o = Options(2);
  o.cycles = 20'000;
  o.wrong_int8_lanes = true;
  EXPECT_NE(RunLockstep(o).difference.find("int8"), std::string::npos);
}

TEST(UnitLockstepTest, SeesVectorWordsOfAnotherSize) {
  LockstepOptions o = Options(2);
  o.cycles = 20'000;
  o.wrong_vector_lanes = true;
  EXPECT_NE(RunLockstep(o).difference.find("vector"), std::string::npos);
}

}  // namespace
}  // namespace ternfab::timing
