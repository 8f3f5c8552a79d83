// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

/// Operands for fp32 tests: the special values, and random pairs that reach the rare cases.
namespace ternfab {

using Fp32Pair = std::pair<uint32_t, uint32_t>;

/// Positive special values and their negatives: zero, subnormals, around 2^-126, around one, the
/// integer edges of ToInt8, around 2^24 and 2^31, the largest values, infinity, NaNs.
inline std::vector<uint32_t> Fp32Specials() {
  const std::vector<uint32_t> positive = {
      0x00000000, 0x00000001, 0x00000002, 0x00400000, 0x007fffff,  // zero and subnormals
      0x00800000, 0x00800001, 0x00ffffff, 0x01000000,              // around 2^-126
      0x1f800000, 0x20000000, 0x2f7fffff,                          // products near 2^-126
      0x33800000, 0x34000000, 0x3effffff, 0x3f000000, 0x3f000001,  // 2^-24, 2^-23, 0.5
      0x3f7fffff, 0x3f800000, 0x3f800001, 0x3fc00000, 0x40200000,  // 1, 1.5, 2.5
      0x42fd0000, 0x42feffff, 0x42ff0000, 0x43000000, 0x43008000,  // 126.5, 127.5, 128, 128.5
      0x43010000, 0x43800000, 0x4b7fffff, 0x4b800000, 0x4b800001,  // 129, 256, 2^24
      0x4effffff, 0x4f000000, 0x5f000000, 0x7effffff, 0x7f000000,  // 2^31, 2^63, 2^127
      0x7f7ffffe, 0x7f7fffff, 0x7f800000,                          // largest, infinity
      0x7f800001, 0x7fbfffff, 0x7fc00000, 0x7fffffff,              // NaNs
  };
  std::vector<uint32_t> all;
  for (const uint32_t x : positive) all.insert(all.end(), {x, x | 0x80000000});
  return all;
}

/// Every special value with every one.
inline std::vector<Fp32Pair> Fp32SpecialPairs() {
  std::vector<Fp32Pair> pairs;
  for (const uint32_t a : Fp32Specials()) {
    for (const uint32_t b : Fp32Specials()) pairs.emplace_back(a, b);
  }
  return pairs;
}

/// A seeded stream of pairs, taking the kinds below in turn.
class Fp32PairSource {
 public:
  explicit Fp32PairSource(uint64_t seed) : random_(seed) {}

  Fp32Pair Next() {
    switch (turn_++ % 7) {
      case 0:
        return {Word(), Word()};
      case 1:
        return NearExponents();
      case 2:
        return NearCancellation();
      case 3:
        return ProductAt(127 - 126, 2);
      case 4:
        return ProductAt(254, 2);
      case 5:
        return JustBelowLeastNormal();
      default:
        return {SmallOrInteger(), SmallOrInteger()};
    }
  }

 private:
  uint32_t Word() { return uint32_t(random_()); }
  int Between(int low, int high) { return low + int(Word() % uint32_t(high - low + 1)); }
  static uint32_t Pack(uint32_t sign, int field, uint32_t fraction) {
    const int bounded = field < 0 ? 0 : field > 254 ? 254 : field;
    return (sign & 0x80000000) | uint32_t(bounded) << 23 | (fraction & 0x7fffff);
  }
  /// Fractions with long runs of equal bits are as frequent as random ones.
  uint32_t Fraction() {
    const uint32_t fraction = Word();
    const int run = Between(0, 23);
    switch (Word() % 3) {
      case 0:
        return fraction;
      case 1:
        return fraction << run;
      default:
        return fraction | ((1u << run) - 1);
    }
  }

  /// Exponents up to 28 apart: alignment, sticky bits and ties of sums.
  Fp32Pair NearExponents() {
    const int field = Between(0, 254);
    return {Pack(Word(), field, Fraction()), Pack(Word(), field + Between(-28, 28), Fraction())};
  }
  /// Opposite signs, exponents at most 1 apart, leading bits alike.
  Fp32Pair NearCancellation() {
    const uint32_t sign = Word();
    const int field = Between(0, 3) ? Between(1, 254) : Between(1, 30);
    const uint32_t fraction = Fraction();
    const uint32_t noise = Word() & ((1u << Between(0, 23)) - 1);
    return {Pack(sign, field, fraction), Pack(~sign, field + Between(-1, 1), fraction ^ noise)};
  }
  /// The product's exponent field is within `around` of `field`.
  Fp32Pair ProductAt(int field, int around) {
    const int sum = field + 127 + Between(-around, around);
    const int first = Between(sum > 254 ? sum - 254 : 1, sum > 254 ? 254 : sum - 1);
    return {Pack(Word(), first, Fraction()), Pack(Word(), sum - first, Fraction())};
  }
  /// A product of significands as near below 2^47 as b allows, scaled to be just below 2^-126.
  Fp32Pair JustBelowLeastNormal() {
    const uint32_t a = 0x800000 | (Word() & 0x7fffff);
    const uint64_t b = (uint64_t(1) << 47) / a - (Word() % 4 == 0 ? 1 : 0);
    if (b >= (1u << 24) || b < (1u << 23)) return NearExponents();
    const int first = Between(1, 126);
    return {Pack(Word(), first, a), Pack(Word(), 127 - first, uint32_t(b))};
  }
  /// Small multiples of 1/4 for ToInt8; as an integer, any width for FromInt32.
  uint32_t SmallOrInteger() {
    if (Word() % 2) return std::bit_cast<uint32_t>(float(Between(-560, 560)) * 0.25f);
    const uint32_t magnitude = (Word() | 1) >> Between(0, 31);
    return Word() % 2 ? magnitude : ~magnitude + 1;
  }

  std::mt19937_64 random_;
  uint64_t turn_ = 0;
};

}  // namespace ternfab
