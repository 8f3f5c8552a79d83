// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/common/fp32_compare.h"

namespace ternfab {
namespace {

TEST(Fp32Full, TenMillionRandomPairsEqualTheOracle) {
  EXPECT_EQ(CompareFp32Random(3, 10'000'000), "");
}

}  // namespace
}  // namespace ternfab
