// SPDX-License-Identifier: Apache-2.0
// The real tools on units of two and four lanes. Yosys, Icarus, OpenSTA and the osu018 cells must
// be there.
#include "sim/energy/gate_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "models/random.h"
#include "tests/common/temp_folder.h"

namespace ternfab {
namespace {

using ::testing::HasSubstr;

double ValueOf(uint16_t half) {
  const int exponent = half >> 10 & 31;
  if (exponent == 0) return 0;
  const double magnitude = std::ldexp(1024 + (half & 0x3ff), exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

TEST(GateFp16, CutsOffExactResults) {
  Random random(3, 0);
  for (int n = 0; n < 100000; ++n) {
    // Exponents 8 to 22: no overflow; sums of operands that cancel may become subnormal: not here.
    const auto half = [&] {
      const uint64_t bits = random.Next();
      return uint16_t((bits & 0x83ff) | (8 + (bits >> 20) % 15) << 10);
    };
    const uint16_t a = half(), b = half();
    const double product = ValueOf(a) * ValueOf(b), got = ValueOf(Fp16Multiply(a, b));
    if (std::abs(product) >= std::ldexp(1.0, -14) && std::abs(product) < 65504) {
      ASSERT_LE(std::abs(got), std::abs(product));
      ASSERT_LT(std::abs(product) - std::abs(got), std::abs(product) * std::ldexp(1.0, -10));
    }
    // Aligned operands lose what is below three extra bits: at most one place of the larger.
    const double sum = ValueOf(a) + ValueOf(b);
    const double larger = std::max(std::abs(ValueOf(a)), std::abs(ValueOf(b)));
    ASSERT_NEAR(ValueOf(Fp16Add(a, b)), sum, larger * std::ldexp(1.0, -9)) << a << " " << b;
  }
  EXPECT_EQ(Fp16OfInt8(64), 0x3800);    // 0.5
  EXPECT_EQ(Fp16OfInt8(-128), 0xbc00);  // -1
  EXPECT_EQ(Fp16Add(0x3c00, 0xbc00), 0);
  EXPECT_EQ(Fp16Multiply(0x7bff, 0x7bff), 0x7bff);
}

class GateRun : public ::testing::Test {
 protected:
  GateRun() { setenv("TERNFAB_CACHE", cache_.path().c_str(), 1); }
  ~GateRun() override { unsetenv("TERNFAB_CACHE"); }

  static GateStimulus Random48(const GateUnit& unit, bool ternary) {
    Random random(5, 0);
    GateStimulus stimulus;
    for (int n = 0; n < 48; ++n) {
      GateOperands o;
      for (int lane = 0; lane < unit.lanes; ++lane) {
        const uint64_t bits = random.Next();
        o.activations.push_back(int8_t(bits));
        o.weights.push_back(ternary ? int8_t(int(bits >> 8 & 0xffff) % 3 - 1) : int8_t(bits >> 8));
      }
      stimulus.words.push_back(ternary ? TernaryWord(o) : Int8Word(o));
      stimulus.sums.push_back(IntegerSum(o, unit.sum_bits));
    }
    return stimulus;
  }

  const testing::TempFolder cache_;
};

TEST_F(GateRun, TernaryGatesAddUpRightAndGlitchesCost) {
  const GateUnit unit = TernaryGateUnit(4);
  const auto result = RunGates(unit, Random48(unit, true));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->lanes, 4);
  EXPECT_EQ(result->cycles, 46);
  EXPECT_GE(result->flip_flops, 9 + 10 + 11);
  EXPECT_GT(result->zero_delay.logic, 0);
  EXPECT_GT(result->zero_delay.flip_flops, 0);
  EXPECT_GT(result->vectorless_joules, 0);
  EXPECT_GT(result->delays.logic, result->zero_delay.logic);  // the same sums, and glitches
  EXPECT_DOUBLE_EQ(result->delays.clock, result->zero_delay.clock);
  // The clock of every flip-flop changes twice a cycle: 0.5 C V^2 with 27.9 fF at 1.8 V and the
  // internal 6.9 and 124 fJ (0.18 ns) of the library's DFFPOSX1.
  const double change = 0.5 * 27.9e-15 * 1.8 * 1.8;
  EXPECT_NEAR(result->zero_delay.clock / (46 * result->flip_flops), 2 * change + 131e-15, 5e-15);
}

TEST_F(GateRun, AMultiplierCostsMoreThanATernaryLane) {
  const GateUnit ternary = TernaryGateUnit(2), int8 = Int8GateUnit(2);
  const auto a = RunGates(ternary, Random48(ternary, true));
  const auto b = RunGates(int8, Random48(int8, false));
  ASSERT_TRUE(a) << a.error().message;
  ASSERT_TRUE(b) << b.error().message;
  EXPECT_GT(b->LaneJoules(b->delays), 3 * a->LaneJoules(a->delays));
}

TEST_F(GateRun, AWrongSumIsSeen) {
  const GateUnit unit = TernaryGateUnit(2);
  GateStimulus stimulus = Random48(unit, true);
  stimulus.sums[7] ^= 1;
  EXPECT_THAT(RunGates(unit, stimulus).error().message, HasSubstr("operands 7: sum"));
}

TEST_F(GateRun, ResultsAreKeptByContent) {
  const GateUnit unit = TernaryGateUnit(2);
  const GateStimulus stimulus = Random48(unit, true);
  const auto first = RunGates(unit, stimulus);
  ASSERT_TRUE(first) << first.error().message;
  std::filesystem::path kept;
  for (const auto& entry : std::filesystem::directory_iterator(cache_.path())) kept = entry.path();
  const auto written = std::filesystem::last_write_time(kept);
  const auto second = RunGates(unit, stimulus);
  EXPECT_EQ(first->delays.total(), second->delays.total());
  EXPECT_EQ(std::filesystem::last_write_time(kept), written);
  std::filesystem::resize_file(kept, 10);  // damaged: made anew
  EXPECT_EQ(RunGates(unit, stimulus)->delays.total(), first->delays.total());
}

TEST_F(GateRun, WithoutCellsItSaysWhatToInstall) {
  const GateUnit unit = TernaryGateUnit(2);
  EXPECT_THAT(RunGates(unit, Random48(unit, true), "/nowhere").error().message,
              HasSubstr("install qflow-tech-osu018"));
}

}  // namespace
}  // namespace ternfab
