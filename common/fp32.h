// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

/// The device's 32-bit floating point, bit for bit what the fp32 units in rtl/ compute.
///
/// IEEE-754 binary32, round to nearest even, each operation rounded on its own, and
/// - a subnormal operand counts as the zero of its sign;
/// - a result whose value, rounded to 24 bits with unbounded exponent, is below 2^-126 in magnitude
///   becomes the zero of its sign;
/// - every NaN result is 0x7fc00000.
/// docs/numerics.md, "fp32 operations", tabulates every case.
///
/// All functions are free of branches, so that loops over arrays vectorise. They need a compiler
/// that neither contracts nor reassociates (-ffp-contract=off, no -ffast-math) and a host that does
/// not flush to zero *before* rounding (the default mode of every CPU does not flush at all).
namespace ternfab::fp32 {

inline constexpr uint32_t kNanBits = 0x7fc00000;
inline constexpr uint32_t kInfBits = 0x7f800000;
inline constexpr uint32_t kSignBit = 0x80000000;
inline constexpr uint32_t kMinNormalBits = 0x00800000;  // 2^-126, the least magnitude but zero

constexpr uint32_t Bits(float x) { return std::bit_cast<uint32_t>(x); }
constexpr float FromBits(uint32_t bits) { return std::bit_cast<float>(bits); }

// Operations on bit patterns. Comparisons are of signed integers, the kind that SIMD units have.

/// The bits without the sign, as a non-negative integer ordered like the magnitude.
constexpr int32_t MagnitudeBits(uint32_t x) { return int32_t(x & ~kSignBit); }
constexpr bool IsNan(uint32_t x) { return MagnitudeBits(x) > int32_t(kInfBits); }

/// Subnormals become the zero of their sign.
constexpr uint32_t Flush(uint32_t x) {
  return MagnitudeBits(x) < int32_t(kMinNormalBits) ? x & kSignBit : x;
}

/// Every NaN becomes kNanBits.
constexpr uint32_t CanonicalNan(uint32_t x) { return IsNan(x) ? kNanBits : x; }

/// Maps non-NaN bits to signed integers of the same order, with -0 just below +0; an involution.
constexpr int32_t OrderKey(uint32_t x) { return int32_t(x ^ (uint32_t(int32_t(x) >> 31) >> 1)); }

/// a + b. A sum below 2^-126 is exact in the host's gradual underflow, so flushing it is enough.
constexpr uint32_t Add(uint32_t a, uint32_t b) {
  return CanonicalNan(Flush(Bits(FromBits(Flush(a)) + FromBits(Flush(b)))));
}

/// a * b. Gradual underflow rounds products just below 2^-126 to fewer than 24 bits, some of them
/// up to 2^-126 although they must be flushed. The product 2^32 times as large has its 24 bits
/// there and decides. Where a * 2^32 overflows, the product is infinite, NaN (of 0) or at least
/// 2^-30: none is flushed, and the product of 0 already is the right zero.
constexpr uint32_t Mul(uint32_t a, uint32_t b) {
  constexpr int32_t kScaledMinNormal = 0x10800000;  // 2^-94
  const float x = FromBits(Flush(a));
  const float y = FromBits(Flush(b));
  const uint32_t product = Bits(x * y);
  const uint32_t scaled = Bits((x * 0x1p32f) * y);
  const bool tiny = MagnitudeBits(scaled) < kScaledMinNormal;
  return CanonicalNan(tiny ? product & kSignBit : product);
}

/// The greater of two; +0 is greater than -0; NaN if either is NaN.
constexpr uint32_t Max(uint32_t a, uint32_t b) {
  const int32_t x = OrderKey(Flush(a));
  const int32_t y = OrderKey(Flush(b));
  const uint32_t greater = uint32_t(OrderKey(uint32_t(x > y ? x : y)));
  return (IsNan(a) | IsNan(b)) ? kNanBits : greater;
}

/// The lesser of two; -0 is less than +0; NaN if either is NaN.
constexpr uint32_t Min(uint32_t a, uint32_t b) {
  const int32_t x = OrderKey(Flush(a));
  const int32_t y = OrderKey(Flush(b));
  const uint32_t lesser = uint32_t(OrderKey(uint32_t(x < y ? x : y)));
  return (IsNan(a) | IsNan(b)) ? kNanBits : lesser;
}

constexpr uint32_t Neg(uint32_t x) { return CanonicalNan(Flush(x) ^ kSignBit); }
constexpr uint32_t Abs(uint32_t x) { return CanonicalNan(Flush(x) & ~kSignBit); }

/// a - b; the same as Add(a, Neg(b)).
constexpr uint32_t Sub(uint32_t a, uint32_t b) { return Add(a, b ^ kSignBit); }

/// Max(x, +0).
constexpr uint32_t Relu(uint32_t x) { return Max(x, 0); }

/// The int32 rounded to nearest even.
constexpr uint32_t FromInt32Bits(int32_t x) { return Bits(float(x)); }

/// Rounded half to even, then saturated to -128..127; NaN gives 0.
constexpr int8_t ToInt8(uint32_t x) {
  constexpr int32_t kLeast = OrderKey(Bits(-128.0f));
  constexpr int32_t kGreatest = OrderKey(Bits(127.0f));
  constexpr float kInteger = 0x1.8p23f;  // added, it leaves the rounded value in the low bits
  const int32_t key = OrderKey(x) & (int32_t(IsNan(x)) - 1);  // a mask: ?: would become a branch
  const int32_t low = key > kLeast ? key : kLeast;
  const int32_t clamped = low < kGreatest ? low : kGreatest;
  const float value = FromBits(uint32_t(OrderKey(uint32_t(clamped))));
  return int8_t(int32_t(Bits(value + kInteger)) - int32_t(Bits(kInteger)));
}

// The same on floats.

constexpr float Add(float a, float b) { return FromBits(Add(Bits(a), Bits(b))); }
constexpr float Sub(float a, float b) { return FromBits(Sub(Bits(a), Bits(b))); }
constexpr float Mul(float a, float b) { return FromBits(Mul(Bits(a), Bits(b))); }
constexpr float Max(float a, float b) { return FromBits(Max(Bits(a), Bits(b))); }
constexpr float Min(float a, float b) { return FromBits(Min(Bits(a), Bits(b))); }
constexpr float Neg(float x) { return FromBits(Neg(Bits(x))); }
constexpr float Abs(float x) { return FromBits(Abs(Bits(x))); }
constexpr float Relu(float x) { return FromBits(Relu(Bits(x))); }
constexpr float FromInt32(int32_t x) { return float(x); }
constexpr int8_t ToInt8(float x) { return ToInt8(Bits(x)); }

}  // namespace ternfab::fp32
