// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <type_traits>

#include "sim/timing/int8_timing.h"
#include "sim/timing/ternary_timing.h"
#include "sim/timing/vector_timing.h"
#include "tests/sim/timing/unit_random.h"

// Skip(n) against n calls of Step, from random states.

namespace ternfab::timing {
namespace {

/// Skips and steps made, so that the tests can ask for enough of them.
struct Skipped {
  int64_t skips = 0, cycles = 0;
};

/// Steps `stepped` with `in` and requires what SteadyCycles promises; then the states are the same.
template <class Unit>
testing::AssertionResult SkipIsSteps(Unit& unit, const UnitIn& in, uint64_t cycles) {
  Unit stepped = unit;
  UnitOut first;
  const bool alone = unit.MayWriteVm(in);
  for (uint64_t k = 0; k < cycles; ++k) {
    UnitIn now = in;
    if (!alone) now.vm_ready = k % 3 == 0;
    UnitOut out = stepped.Step(now);
    if (out.vm_valid && !alone) return testing::AssertionFailure() << "VM in cycle " << k;
    out.vm_valid = out.vm_read = false;
    if (k == 0) first = out;
    if (!(out == first)) return testing::AssertionFailure() << "another output in cycle " << k;
    if (out.issue || out.retire || out.go || out.wr_valid) {
      return testing::AssertionFailure() << "an event in cycle " << k;
    }
  }
  unit.Skip(cycles, in);
  if (!(unit == stepped)) return testing::AssertionFailure() << "another state";
  if (unit.Digest() != stepped.Digest()) return testing::AssertionFailure() << "another digest";
  return testing::AssertionSuccess();
}

/// Runs `cycles` cycles of instructions, skipping at random.
template <class Unit, class Next>
Skipped SkipAtRandom(Unit unit, uint64_t seed, int64_t cycles, const Next& next) {
  Random random(seed);
  UnitSurroundings surroundings;
  UnitWeather weather;
  DrawnInstruction instruction = next(random);
  Skipped skipped;
  for (int64_t k = 0; k < cycles; ++k) {
    if (k % 500 == 0) weather = UnitWeather::Draw(random);
    UnitIn in = surroundings.Draw(random, weather, instruction.decoded);
    in.vm_ready |= std::is_same_v<Unit, TernaryTiming>;  // nobody comes before it
    const uint64_t steady = unit.SteadyCycles(in);
    if (steady != 0 && Below(random, 4) == 0) {
      const uint64_t most = std::min<uint64_t>(steady, 1 + Below(random, 500));
      const uint64_t count = Below(random, 2) != 0 ? most : 1 + Below(random, uint32_t(most));
      const testing::AssertionResult same = SkipIsSteps(unit, in, count);
      EXPECT_TRUE(same) << same.message() << ", seed " << seed << ", cycle " << k << ", " << count
                        << " of " << steady;
      if (!same) return skipped;
      ++skipped.skips;
      skipped.cycles += int64_t(count);
    }
    if (surroundings.Settle(unit.Step(in))) instruction = next(random);
  }
  return skipped;
}

TEST(UnitSkipTest, Ternary) {
  for (uint64_t seed = 0; seed < 24; ++seed) {
    constexpr TernaryTiming::Shape kShapes[] = {{4, 16, 7}, {2, 4, 3}, {1, 1, 1}, {2, 16, 40}};
    constexpr int kCounts[] = {4, 2, 1, 8};  // engines * count <= vector lanes
    TernaryTiming unit(kShapes[seed % 4]);
    unit.SetCount(1 + int(seed) % kCounts[seed % 4]);
    const Skipped skipped = SkipAtRandom(unit, seed, 40'000, [](Random& random) {
      DrawnInstruction i = InstructionSource::Matvec(random);
      if (Below(random, 2) != 0) i.decoded.mv_groups *= 20;
      return i;
    });
    EXPECT_GE(skipped.skips, 200) << "seed " << seed;
  }
}

TEST(UnitSkipTest, Int8) {
  for (uint64_t seed = 0; seed < 24; ++seed) {
    constexpr Int8Timing::Shape kShapes[] = {{64, 16}, {8, 2}, {512, 16}, {4, 1}};
    const Int8Timing::Shape shape = kShapes[seed % 4];
    const int queries = std::min(shape.vector_lanes, 8);
    const Skipped skipped = SkipAtRandom(Int8Timing(shape), seed, 40'000, [&](Random& random) {
      DrawnInstruction i = InstructionSource::Int8(random, shape.lanes, queries, 1);
      if (Below(random, 2) != 0) i.decoded.length *= 20;
      return i;
    });
    EXPECT_GE(skipped.skips, 200) << "seed " << seed;
  }
}

TEST(UnitSkipTest, Vector) {
  for (uint64_t seed = 0; seed < 24; ++seed) {
    constexpr VectorTiming::Shape kShapes[] = {{1, 4, 4, 5}, {2, 16, 8, 20}, {16, 64, 16, 80}};
    const VectorTiming::Shape shape = kShapes[seed % 3];
    VectorCaseSource source({shape.lanes, shape.wide_bytes, shape.engine_lanes}, seed);
    const Skipped skipped = SkipAtRandom(VectorTiming(shape), seed, 40'000, [&](Random& random) {
      DrawnInstruction i = InstructionSource::Vector(random, source);
      if (i.decoded.length > 1 && Below(random, 4) == 0) i.decoded.length *= 16;
      return i;
    });
    EXPECT_GE(skipped.skips, 100) << "seed " << seed;
  }
}

}  // namespace
}  // namespace ternfab::timing
