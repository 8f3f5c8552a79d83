// SPDX-License-Identifier: Apache-2.0
#include "common/fp32.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "tests/common/fp32_compare.h"
#include "tests/common/fp32_oracle.h"

namespace ternfab {
namespace {

constexpr uint32_t kNan = 0x7fc00000;

TEST(Fp32, SpecialPairsEqualTheOracle) { EXPECT_EQ(CompareFp32(Fp32SpecialPairs()), ""); }

TEST(Fp32, RandomPairsEqualTheOracle) { EXPECT_EQ(CompareFp32Random(1, 1'000'000), ""); }

// Each line of the tables in docs/numerics.md once, for both implementations.
struct Binary {
  uint32_t a, b, sum, product, max, min;
};

TEST(Fp32, TabulatedPairs) {
  const Binary table[] = {
      {0x00000000, 0x80000000, 0x00000000, 0x80000000, 0x00000000, 0x80000000},  // +0, -0
      {0x80000000, 0x80000000, 0x80000000, 0x00000000, 0x80000000, 0x80000000},  // -0, -0
      {0x3f800000, 0xbf800000, 0x00000000, 0xbf800000, 0x3f800000, 0xbf800000},  // 1, -1
      {0x80000001, 0x80000000, 0x80000000, 0x00000000, 0x80000000, 0x80000000},  // subnormal, -0
      {0x007fffff, 0x7f000000, 0x7f000000, 0x00000000, 0x7f000000, 0x00000000},  // subnormal, 2^127
      {0x007fffff, 0x7f800000, 0x7f800000, kNan, 0x7f800000, 0x00000000},        // subnormal, inf
      {0x7f800000, 0xff800000, kNan, 0xff800000, 0x7f800000, 0xff800000},        // inf, -inf
      {0x7f800000, 0x80000000, 0x7f800000, kNan, 0x7f800000, 0x80000000},        // inf, -0
      {0xffffffff, 0x3f800000, kNan, kNan, kNan, kNan},                          // NaN, 1
      {0x7f800001, 0xff800000, kNan, kNan, kNan, kNan},                          // NaN, -inf
      {0x7f7fffff, 0x7f7fffff, 0x7f800000, 0x7f800000, 0x7f7fffff, 0x7f7fffff},  // overflow
      {0x7f7fffff, 0x73000000, 0x7f800000, 0x7f800000, 0x7f7fffff, 0x73000000},  // half an ulp
      {0x00800001, 0x80800000, 0x00000000, 0x80000000, 0x00800001, 0x80800000},  // sum 2^-149
      {0x80800001, 0x00800000, 0x80000000, 0x80000000, 0x00800000, 0x80800001},  // sum -2^-149
      {0x3f7fffff, 0x00800000, 0x3f7fffff, 0x00000000, 0x3f7fffff, 0x00800000},  // below 2^-126
      {0x3f800000, 0x00800000, 0x3f800000, 0x00800000, 0x3f800000, 0x00800000},  // at 2^-126
  };
  for (const Binary& t : table) {
    SCOPED_TRACE(::testing::Message() << std::hex << t.a << ", " << t.b);
    EXPECT_EQ(fp32::Add(t.a, t.b), t.sum);
    EXPECT_EQ(fp32::Mul(t.a, t.b), t.product);
    EXPECT_EQ(fp32::Max(t.a, t.b), t.max);
    EXPECT_EQ(fp32::Min(t.a, t.b), t.min);
    EXPECT_EQ(fp32::Add(t.b, t.a), t.sum);
    EXPECT_EQ(fp32::Mul(t.b, t.a), t.product);
    EXPECT_EQ(fp32_oracle::Add(t.a, t.b), t.sum);
    EXPECT_EQ(fp32_oracle::Mul(t.a, t.b), t.product);
    EXPECT_EQ(fp32_oracle::Max(t.b, t.a), t.max);
    EXPECT_EQ(fp32_oracle::Min(t.b, t.a), t.min);
  }
}

// Significands whose product is just below 2, scaled to just below 2^-126. Gradual underflow would
// round twice as many of them up to 2^-126.
TEST(Fp32, ProductsJustBelowLeastNormalAreFlushedByTheirUnboundedRounding) {
  int flushed = 0, kept = 0;
  for (uint32_t a = 0x3f000001; a < 0x3f100000; a += 4099) {  // [0.5, 0.57)
    const uint64_t significand = (a & 0x7fffff) | 0x800000;
    const uint32_t b = uint32_t((uint64_t(1) << 47) / significand) & 0xffffff;  // [1, 2) * 2^-126
    const uint64_t product = significand * b;  // 2^47 stands for 2^-126
    // The last 24-bit number below 2^47 is 2^47 - 2^23; half way up, the tie goes to even, 2^47.
    const bool is_least = product >= (uint64_t(1) << 47) - (1 << 22);
    ++(is_least ? kept : flushed);
    EXPECT_EQ(fp32::Mul(a, b), is_least ? 0x00800000u : 0u) << std::hex << a << " * " << b;
    EXPECT_EQ(fp32::Mul(a | 0x80000000, b), is_least ? 0x80800000u : 0x80000000u);
  }
  EXPECT_GT(flushed, 20);
  EXPECT_GT(kept, 20);
}

TEST(Fp32, ToInt8RoundsHalfToEvenAndSaturates) {
  for (int quarters = -4 * 300; quarters <= 4 * 300; ++quarters) {
    const int floor = quarters >> 2;
    const int rest = quarters & 3;
    const int rounded = floor + (rest > 2 || (rest == 2 && (floor & 1)) ? 1 : 0);
    EXPECT_EQ(fp32::ToInt8(float(quarters) / 4), std::clamp(rounded, -128, 127)) << quarters;
  }
  EXPECT_EQ(fp32::ToInt8(uint32_t(0x7f800000)), 127);
  EXPECT_EQ(fp32::ToInt8(uint32_t(0xff800000)), -128);
  EXPECT_EQ(fp32::ToInt8(uint32_t(0xffc00000)), 0);
  EXPECT_EQ(fp32::ToInt8(uint32_t(0x3f000001)), 1);
}

TEST(Fp32, FromInt32RoundsToNearestEven) {
  EXPECT_EQ(fp32::FromInt32Bits(0), 0u);
  EXPECT_EQ(fp32::FromInt32(16777217), 16777216.0f);
  EXPECT_EQ(fp32::FromInt32(16777219), 16777220.0f);
  EXPECT_EQ(fp32::FromInt32(std::numeric_limits<int32_t>::max()), 2147483648.0f);
  EXPECT_EQ(fp32::FromInt32(std::numeric_limits<int32_t>::min()), -2147483648.0f);
}

// The functions work in constant expressions and on floats.
static_assert(fp32::Add(1.5f, fp32::Mul(2.0f, -3.0f)) == -4.5f);
static_assert(fp32::Relu(-2.0f) == 0.0f && fp32::Abs(-2.0f) == fp32::Neg(-2.0f));
static_assert(fp32::Sub(1.0f, 2.0f) == fp32::Min(-1.0f, fp32::Max(0.5f, 2.0f)));
static_assert(fp32::ToInt8(fp32::FromInt32(-7)) == -7);

// The random pairs find the obvious wrong implementation: multiply on the host, then flush.
TEST(Fp32, HostMultiplicationDiffersFromTheOracle) {
  Fp32PairSource source(2);
  int differences = 0;
  for (int i = 0; i < 7000; ++i) {
    const auto [a, b] = source.Next();
    const uint32_t host =
        fp32::Bits(fp32::FromBits(fp32::Flush(a)) * fp32::FromBits(fp32::Flush(b)));
    const uint32_t flushed_late = fp32::CanonicalNan(fp32::Flush(host));
    if (flushed_late != fp32_oracle::Mul(a, b)) ++differences;
  }
  EXPECT_GT(differences, 50);  // products that gradual underflow rounds up to 2^-126
}

}  // namespace
}  // namespace ternfab
