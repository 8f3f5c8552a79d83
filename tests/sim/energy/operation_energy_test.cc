// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/operation_energy.h"

#include <gtest/gtest.h>

namespace ternfab {
namespace {

TEST(OperationEnergy, SramMeetsThePublishedSizes) {
  for (const OperationEnergy& e : OperationEnergies()) {
    EXPECT_NEAR(e.Sram(8 * 1024, 64), e.sram_8kib, 1e-9);
    EXPECT_NEAR(e.Sram(32 * 1024, 64), e.sram_32kib, 1e-9);
    EXPECT_NEAR(e.Sram(1024 * 1024, 64), e.sram_1mib, 1e-9);
    EXPECT_NEAR(e.Sram(32 * 1024, 640), 10 * e.sram_32kib, 1e-9);
  }
}

/// Half way between 8 and 32 KiB on a logarithmic scale is the geometric mean; below 8 KiB the
/// same slope goes on: a quarter of the size is half the energy at 45 nm (10 to 20 pJ for four
/// times the size).
TEST(OperationEnergy, SramIsInterpolatedOnLogarithmicScales) {
  const OperationEnergy e = *FindOperationEnergy(45);
  EXPECT_NEAR(e.Sram(16 * 1024, 64), 10 * std::sqrt(2.0), 1e-9);
  EXPECT_NEAR(e.Sram(2 * 1024, 64), 5, 1e-9);
}

TEST(OperationEnergy, AddersAreLinearInBits) {
  const OperationEnergy e = *FindOperationEnergy(45);
  EXPECT_DOUBLE_EQ(e.Adder(32), 0.1);
  EXPECT_DOUBLE_EQ(e.Adder(16), 0.05);
}

TEST(OperationEnergy, RefusesOtherNodes) {
  const auto energy = FindOperationEnergy(28);
  ASSERT_FALSE(energy);
  EXPECT_EQ(energy.error().message,
            "energies of operations at 28 nm: only 45 and 7 nm are published");
}

}  // namespace
}  // namespace ternfab
