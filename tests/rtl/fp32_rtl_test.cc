// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/rtl/fp32_driver.h"

namespace ternfab {
namespace {

TEST(Fp32Rtl, SpecialPairsEqualTheEmulator) {
  Fp32Driver driver;
  for (const Fp32Pair& pair : Fp32SpecialPairs()) ASSERT_EQ(driver.Step(pair), "");
  EXPECT_EQ(driver.Drain(), "");
}

TEST(Fp32Rtl, RandomPairsEqualTheEmulator) { EXPECT_EQ(RunFp32Random(11, 1'000'000, false), ""); }

TEST(Fp32Rtl, RandomPairsWithIdleCyclesEqualTheEmulator) {
  EXPECT_EQ(RunFp32Random(12, 100'000, true), "");
}

TEST(Fp32Rtl, EveryIntegerOfOneByteAndItsHalvesConvert) {
  Fp32Driver driver;
  for (int halves = -2 * 260; halves <= 2 * 260; ++halves) {
    const uint32_t bits = std::bit_cast<uint32_t>(float(halves) * 0.5f);
    for (const int nudge : {-1, 0, 1}) {
      ASSERT_EQ(driver.Step(Fp32Pair{bits + uint32_t(nudge), 0}), "");
    }
  }
  for (int bit = 0; bit < 32; ++bit) {
    for (int other = 0; other < 32; ++other) {
      const uint32_t pattern = (1u << bit) | (1u << other);
      ASSERT_EQ(driver.Step(Fp32Pair{pattern, 0}), "");
      ASSERT_EQ(driver.Step(Fp32Pair{~pattern + 1, 0}), "");
      ASSERT_EQ(driver.Step(Fp32Pair{(1u << bit) - (1u << other), 0}), "");
    }
  }
  EXPECT_EQ(driver.Drain(), "");
}

TEST(Fp32Rtl, TheCheckerSeesOneWrongBit) {
  Fp32Driver driver;
  driver.set_fault(1);
  EXPECT_EQ(driver.Step(Fp32Pair{0x3f800000, 0x40000000}), "");
  EXPECT_EQ(driver.Drain(), "add(3f800000, 40000000) = 40400000, must be 40400001");
}

}  // namespace
}  // namespace ternfab
