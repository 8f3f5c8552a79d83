// SPDX-License-Identifier: Apache-2.0
#include "tests/common/fp32_oracle.h"

namespace ternfab::fp32_oracle {
namespace {

using Wide = unsigned __int128;

constexpr uint32_t kNan = 0x7fc00000;

enum class Kind { kZero, kFinite, kInfinite, kNan };

/// The value (-1)^negative * significand * 2^exponent of a finite operand; a subnormal is a zero.
struct Value {
  Kind kind;
  bool negative;
  uint32_t significand;
  int exponent;
};

Value Decode(uint32_t bits) {
  const bool negative = (bits >> 31) != 0;
  const int field = int((bits >> 23) & 0xff);
  const uint32_t fraction = bits & 0x7fffff;
  if (field == 0) return {Kind::kZero, negative, 0, 0};
  if (field == 255) return {fraction ? Kind::kNan : Kind::kInfinite, negative, 0, 0};
  return {Kind::kFinite, negative, fraction | 0x800000, field - 127 - 23};
}

uint32_t Zero(bool negative) { return negative ? 0x80000000u : 0u; }
uint32_t Infinity(bool negative) { return negative ? 0xff800000u : 0x7f800000u; }

/// magnitude / 2^shift rounded half to even.
Wide ShiftRightRounded(Wide magnitude, int shift) {
  if (shift > 127) return 0;
  const Wide quotient = magnitude >> shift;
  const Wide remainder = magnitude - (quotient << shift);
  const Wide half = Wide(1) << (shift - 1);
  const bool up = remainder > half || (remainder == half && (quotient & 1) != 0);
  return quotient + (up ? 1 : 0);
}

/// (-1)^negative * magnitude * 2^exponent, magnitude > 0: rounded to 24 bits, then range-checked.
uint32_t Round(bool negative, Wide magnitude, int exponent) {
  int width = 0;
  while (width < 128 && (magnitude >> width) != 0) ++width;
  const int shift = width - 24;
  Wide significand = shift > 0 ? ShiftRightRounded(magnitude, shift) : magnitude << -shift;
  exponent += shift;
  if (significand == (Wide(1) << 24)) {
    significand >>= 1;
    ++exponent;
  }
  const int leading = exponent + 23;  // the value is 1.xxx * 2^leading
  if (leading < -126) return Zero(negative);
  if (leading > 127) return Infinity(negative);
  return Zero(negative) | uint32_t(leading + 127) << 23 | (uint32_t(significand) & 0x7fffff);
}

/// Two finite non-zero values. A distance beyond 64 bits cannot matter but for its being non-zero.
uint32_t AddFinite(Value a, Value b) {
  if (a.exponent < b.exponent) return AddFinite(b, a);
  const int distance = a.exponent - b.exponent;
  const int shift = distance > 64 ? 64 : distance;
  const Wide large = Wide(a.significand) << shift;
  const Wide small = distance > 64 ? 1 : b.significand;
  const int exponent = a.exponent - shift;
  if (a.negative == b.negative) return Round(a.negative, large + small, exponent);
  if (large == small) return Zero(false);
  return large > small ? Round(a.negative, large - small, exponent)
                       : Round(b.negative, small - large, exponent);
}

/// True if a < b where neither is NaN and -0 < +0.
bool Less(uint32_t a, uint32_t b) {
  const auto rank = [](uint32_t bits) {  // odd ranks: 2m + 1 for +m, -2m - 1 for -m
    const Value v = Decode(bits);
    const int64_t magnitude = v.kind == Kind::kZero ? 0 : int64_t(bits & 0x7fffffff);
    return v.negative ? -2 * magnitude - 1 : 2 * magnitude + 1;
  };
  return rank(a) < rank(b);
}

uint32_t Flushed(uint32_t bits) {
  const Value v = Decode(bits);
  return v.kind == Kind::kZero ? Zero(v.negative) : bits;
}

}  // namespace

uint32_t Add(uint32_t a, uint32_t b) {
  const Value x = Decode(a);
  const Value y = Decode(b);
  if (x.kind == Kind::kNan || y.kind == Kind::kNan) return kNan;
  if (x.kind == Kind::kInfinite && y.kind == Kind::kInfinite) {
    return x.negative == y.negative ? Infinity(x.negative) : kNan;
  }
  if (x.kind == Kind::kInfinite) return Infinity(x.negative);
  if (y.kind == Kind::kInfinite) return Infinity(y.negative);
  if (x.kind == Kind::kZero && y.kind == Kind::kZero) return Zero(x.negative && y.negative);
  if (x.kind == Kind::kZero) return b;
  if (y.kind == Kind::kZero) return a;
  return AddFinite(x, y);
}

uint32_t Mul(uint32_t a, uint32_t b) {
  const Value x = Decode(a);
  const Value y = Decode(b);
  const bool negative = x.negative != y.negative;
  if (x.kind == Kind::kNan || y.kind == Kind::kNan) return kNan;
  const bool infinite = x.kind == Kind::kInfinite || y.kind == Kind::kInfinite;
  const bool zero = x.kind == Kind::kZero || y.kind == Kind::kZero;
  if (infinite) return zero ? kNan : Infinity(negative);
  if (zero) return Zero(negative);
  return Round(negative, Wide(x.significand) * y.significand, x.exponent + y.exponent);
}

uint32_t Max(uint32_t a, uint32_t b) {
  if (Decode(a).kind == Kind::kNan || Decode(b).kind == Kind::kNan) return kNan;
  return Flushed(Less(a, b) ? b : a);
}

uint32_t Min(uint32_t a, uint32_t b) {
  if (Decode(a).kind == Kind::kNan || Decode(b).kind == Kind::kNan) return kNan;
  return Flushed(Less(a, b) ? a : b);
}

uint32_t Neg(uint32_t x) { return Decode(x).kind == Kind::kNan ? kNan : Flushed(x) ^ 0x80000000u; }

uint32_t Abs(uint32_t x) { return Decode(x).kind == Kind::kNan ? kNan : Flushed(x) & 0x7fffffffu; }

uint32_t FromInt32(int32_t x) {
  if (x == 0) return Zero(false);
  return Round(x < 0, Wide(x < 0 ? -int64_t(x) : int64_t(x)), 0);
}

int8_t ToInt8(uint32_t x) {
  const Value v = Decode(x);
  if (v.kind == Kind::kNan || v.kind == Kind::kZero) return 0;
  const int64_t limit = v.negative ? 128 : 127;
  int64_t magnitude = limit;
  if (v.kind == Kind::kFinite && v.exponent < 0) {
    magnitude = int64_t(ShiftRightRounded(v.significand, -v.exponent));
    if (magnitude > limit) magnitude = limit;
  }
  return int8_t(v.negative ? -magnitude : magnitude);
}

}  // namespace ternfab::fp32_oracle
