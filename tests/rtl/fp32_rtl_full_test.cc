// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/rtl/fp32_driver.h"

namespace ternfab {
namespace {

TEST(Fp32RtlFull, TenMillionRandomPairsEqualTheEmulator) {
  EXPECT_EQ(RunFp32Random(13, 10'000'000, false), "");
}

}  // namespace
}  // namespace ternfab
