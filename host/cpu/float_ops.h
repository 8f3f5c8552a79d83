// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// The floating-point steps between products, vectorised. Each gives the plain reference's fp32
// value: what is rounded there is rounded here; sums are in fp64, where only their order differs.

namespace ternfab::fast {

/// Sum of x[i]^2 in fp64.
double SumOfSquares(const float* x, int n);
/// y[i] = float(x[i] * inverse) * weight[i].
void Normalise(const float* x, const float* weight, double inverse, float* y, int n);
/// Greatest |x[i]|, at least `least`.
float AbsMax(const float* x, int n, float least);
/// q[i] = round_half_even(x[i] * s) in -128..127, for |x[i] * s| < 2^22.
void Quantise(const float* x, float s, int8_t* q, int n);
/// y[i] = float(sums[i]) * scale / s.
void ScaleSums(const int32_t* sums, float scale, float s, float* y, int n);
/// x[i] += y[i].
void AddTo(float* x, const float* y, int n);
/// gate[i] = max(gate[i], 0)^2 * up[i].
void GateRelu2(float* gate, const float* up, int n);
/// gate[i] = float(gate[i] / (1 + exp(-gate[i]))) * up[i], the quotient in fp64.
void GateSilu(float* gate, const float* up, int n);
/// Pairs (head[i], head[i + half]) turned by the angles of `cosine` and `sine`.
void Rotate(float* head, const float* cosine, const float* sine, int half);
/// x[i] = exp(x[i]) for x[i] <= 0, relative error below 2^-50; below -700 it is exp(-700).
void ExpAll(double* x, int n);
/// Sum of a[i] * b[i] in fp32, 32 partial sums.
float Dot(const float* a, const float* b, int n);
/// The same with bfloat16 bits b[i].
float DotBf16(const float* a, const uint16_t* b, int n);

}  // namespace ternfab::fast
