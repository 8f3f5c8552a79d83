// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "common/check.h"
#include "common/error.h"
#include "common/integer.h"

namespace ternfab {
namespace {

Expected<std::unique_ptr<int>> Box(int x) {
  if (x < 0) return Fail("box: x = {}: must be at least 0", x);
  return std::make_unique<int>(x);
}

Expected<int> Sum(int a, int b, int* steps) {
  TF_ASSIGN_OR_RETURN(const std::unique_ptr<int> first, Box(a));
  ++*steps;
  TF_ASSIGN_OR_RETURN(const std::unique_ptr<int> second, Box(b));
  ++*steps;
  return *first + *second;
}

Expected<void> BothPositive(int a, int b) {
  TF_RETURN_IF_ERROR(Box(a));
  TF_RETURN_IF_ERROR(Box(b));
  return {};
}

TEST(Error, AssignOrReturnGivesValueOrFirstError) {
  int steps = 0;
  EXPECT_EQ(Sum(2, 3, &steps).value(), 5);
  EXPECT_EQ(steps, 2);
  steps = 0;
  EXPECT_EQ(Sum(2, -3, &steps).error().message, "box: x = -3: must be at least 0");
  EXPECT_EQ(steps, 1);
  steps = 0;
  EXPECT_EQ(Sum(-2, -3, &steps).error().message, "box: x = -2: must be at least 0");
  EXPECT_EQ(steps, 0);
}

TEST(Error, ReturnIfErrorPassesTheErrorOn) {
  EXPECT_TRUE(BothPositive(0, 1).has_value());
  EXPECT_EQ(BothPositive(0, -1).error().message, "box: x = -1: must be at least 0");
}

TEST(CheckDeathTest, NamesConditionAndMessage) {
  int evaluated = 0;
  TF_CHECK(++evaluated == 1, "never shown");
  EXPECT_EQ(evaluated, 1);
  EXPECT_DEATH(TF_CHECK(evaluated > 1, "row {} of {}", 7, 3),
               "basics_test.cc:[0-9]+: check failed: evaluated > 1: row 7 of 3");
  EXPECT_DEATH(TF_CHECK(evaluated > 1), "check failed: evaluated > 1");
}

TEST(Integer, CeilDivAndRoundUp) {
  for (int64_t b = 1; b <= 17; ++b) {
    for (int64_t a = 0; a <= 70; ++a) {
      int64_t least = 0;
      while (least * b < a) ++least;
      EXPECT_EQ(CeilDiv(a, b), least) << a << " " << b;
      EXPECT_EQ(RoundUp(a, b), least * b) << a << " " << b;
    }
  }
}

TEST(Integer, PowersAndBits) {
  for (int64_t n : {-4, -1, 0, 3, 5, 6, 7, 9}) EXPECT_FALSE(IsPowerOfTwo(n)) << n;
  for (int shift = 0; shift < 62; ++shift) {
    const int64_t n = int64_t{1} << shift;
    EXPECT_TRUE(IsPowerOfTwo(n)) << n;
    EXPECT_EQ(BitsFor(n), shift == 0 ? 1 : shift) << n;
    EXPECT_EQ(BitsFor(n + 1), shift + 1) << n;
  }
}

}  // namespace
}  // namespace ternfab
