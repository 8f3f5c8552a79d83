// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "codegen/plan/emitter.h"

namespace ternfab {

// Functions that the vector unit has no operation for, as fixed sequences of fp32 operations. Every
// design emits the same sequences, so results are the same bit for bit.

/// y0 = bits(kRsqrtMagic - (bits(a) >> 1)), then three Newton steps y = y * (1.5 - y * y * a / 2):
/// relative error at most 2^-22 for normal a > 0.
inline constexpr uint32_t kRsqrtMagic = 0x5f3759df;
inline constexpr int kRsqrtSteps = 3;
/// r0 = bits(kReciprocalMagic - bits(a)), then four Newton steps r = r * (2 - a * r): relative
/// error at most 2^-22 for 2^-126 <= a <= 2^125.
inline constexpr uint32_t kReciprocalMagic = 0x7ef311c7;
inline constexpr int kReciprocalSteps = 4;

/// e^x: n = round(x / ln 2) by adding kRoundMagic, f = x - n * ln 2 in two steps (the first exact),
/// e^f by a polynomial of degree 5 (relative minimax, 4.4e-7), then n added to the exponent.
/// Relative error at most 8e-7 for |x| <= kExpLimit; no result is below 2^-126.
inline constexpr float kExpLimit = 86.0f;
inline constexpr float kLog2E = 1.44269504f;
inline constexpr float kRoundMagic = 12582912.0f;  ///< 1.5 * 2^23
inline constexpr float kLn2High = 0.693359375f;    ///< 9 bits: n * kLn2High is exact
inline constexpr float kLn2Low = -2.12194440e-4f;
inline constexpr std::array<float, 6> kExpPolynomial = {
    1.0f, 0.999993711777f, 0.499993742458f, 0.166876760344f, 0.0418754807659f, 0.00695333519746f};

/// Three scalar registers of `segments` registers each, for temporaries.
struct ScalarTemps {
  int t = 0;
  int h = 0;
};

/// S[to + i] = 1 / sqrt(S[from + i]) for i < count. `from`, `to` and temporaries are disjoint.
void EmitRsqrt(Emitter& emit, int from, int to, ScalarTemps temps, int count,
               const std::string& what);
/// S[to + i] = 1 / S[from + i].
void EmitReciprocal(Emitter& emit, int from, int to, ScalarTemps temps, int count,
                    const std::string& what);

/// A vector of `segments` segments in VM, at equal strides.
struct VmArray {
  int word = 0;
  int stride = 0;  ///< words
  int length = 0;
  int segments = 1;
  bool dynamic = false;
};
/// A vector operation on arrays of the shape of `shape`; the caller sets operands and target.
VectorOp ShapedOp(const VmArray& shape);

/// `x` = e^x in place, |x| <= kExpLimit. `t` and `p`: VM words of two arrays of the same shape.
void EmitExp(Emitter& emit, const VmArray& x, int t, int p, const std::string& what);
/// VM array at `r` = 1 / d; `t` holds temporaries.
void EmitVectorReciprocal(Emitter& emit, const VmArray& d, int r, int t, const std::string& what);

}  // namespace ternfab
