// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/float_ops.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "host/cpu/simd.h"
#include "host/cpu/vectors.h"

namespace ternfab::fast {
namespace {

/// exp(x) for -700 <= x <= 700: 2^n times a polynomial on |r| <= ln 2 / 2.
TF_INLINE double Exp(double x) {
  constexpr double kLog2e = 1.4426950408889634;
  constexpr double kLn2High = 0.693147180369123816490;  // its low 21 bits are 0: n * it is exact
  constexpr double kLn2Low = 1.90821492927058770002e-10;
  constexpr double kMagic = 0x1.8p52;  // adding it rounds to an integer, in the low bits
  const double t = x * kLog2e + kMagic;
  const double n = t - kMagic;
  const double r = (x - n * kLn2High) - n * kLn2Low;
  double p = 1.0 / 6227020800.0;  // Taylor: the term of r^14 is below 2^-57
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  return std::bit_cast<double>(std::bit_cast<uint64_t>(p) + (std::bit_cast<uint64_t>(t) << 52));
}

TF_INLINE double Limit(double x, double least, double most) {
  x = x < least ? least : x;
  return x > most ? most : x;
}

}  // namespace

TF_SIMD double SumOfSquares(const float* x, int n) {
  Doubles sums[4] = {};
  int i = 0;
  for (; i + 32 <= n; i += 32) {
    for (int k = 0; k < 4; ++k) {
      Doubles d;
      LoadDoubles(x + i + 8 * k, d);
      sums[k] += d * d;
    }
  }
  sums[0] += sums[1] + (sums[2] + sums[3]);
  double total = 0;
  for (int k = 0; k < 8; ++k) total += sums[0][k];
  for (; i < n; ++i) total += double(x[i]) * x[i];
  return total;
}

TF_SIMD void Normalise(const float* x, const float* weight, double inverse, float* y, int n) {
  for (int i = 0; i < n; ++i) y[i] = float(x[i] * inverse) * weight[i];
}

TF_SIMD float AbsMax(const float* x, int n, float least) {
  float most[32];
  for (float& m : most) m = least;
  int i = 0;
  for (; i + 32 <= n; i += 32) {
    for (int k = 0; k < 32; ++k) {
      const float v = std::fabs(x[i + k]);
      most[k] = v > most[k] ? v : most[k];
    }
  }
  for (; i < n; ++i) most[0] = std::fabs(x[i]) > most[0] ? std::fabs(x[i]) : most[0];
  for (const float m : most) least = m > least ? m : least;
  return least;
}

TF_SIMD void Quantise(const float* x, float s, int8_t* q, int n) {
  constexpr float kMagic = 0x1.8p23f;  // adding it rounds to an integer, half to even
  for (int i = 0; i < n; ++i) {
    const float rounded = (x[i] * s + kMagic) - kMagic;
    const float low = rounded < -128.0f ? -128.0f : rounded;
    q[i] = int8_t(int32_t(low > 127.0f ? 127.0f : low));
  }
}

TF_SIMD void ScaleSums(const int32_t* sums, float scale, float s, float* y, int n) {
  for (int i = 0; i < n; ++i) y[i] = float(sums[i]) * scale / s;
}

TF_SIMD void AddTo(float* x, const float* y, int n) {
  for (int i = 0; i < n; ++i) x[i] += y[i];
}

TF_SIMD void GateRelu2(float* gate, const float* up, int n) {
  for (int i = 0; i < n; ++i) {
    const float relu = gate[i] > 0.0f ? gate[i] : 0.0f;
    gate[i] = relu * relu * up[i];
  }
}

TF_SIMD void GateSilu(float* gate, const float* up, int n) {
  for (int i = 0; i < n; ++i) {
    const double g = gate[i];
    gate[i] = float(g / (1 + Exp(Limit(-g, -700, 700)))) * up[i];
  }
}

TF_SIMD void Rotate(float* head, const float* cosine, const float* sine, int half) {
  for (int i = 0; i < half; ++i) {
    const float lo = head[i], hi = head[i + half];
    head[i] = lo * cosine[i] - hi * sine[i];
    head[i + half] = hi * cosine[i] + lo * sine[i];
  }
}

TF_SIMD void ExpAll(double* x, int n) {
  for (int i = 0; i < n; ++i) x[i] = Exp(Limit(x[i], -700, 0));
}

TF_SIMD float Dot(const float* a, const float* b, int n) {
  Floats sums[2] = {};
  int i = 0;
  for (; i + 32 <= n; i += 32) {
    for (int k = 0; k < 2; ++k) {
      Floats u, v;
      std::memcpy(&u, a + i + 16 * k, sizeof(u));
      std::memcpy(&v, b + i + 16 * k, sizeof(v));
      sums[k] += u * v;
    }
  }
  sums[0] += sums[1];
  float total = 0;
  for (int k = 0; k < 16; ++k) total += sums[0][k];
  for (; i < n; ++i) total += a[i] * b[i];
  return total;
}

TF_SIMD float DotBf16(const float* a, const uint16_t* b, int n) {
  Floats sums[2] = {};
  int i = 0;
  for (; i + 32 <= n; i += 32) {
    for (int k = 0; k < 2; ++k) {
      Floats u, v;
      std::memcpy(&u, a + i + 16 * k, sizeof(u));
      LoadBf16(b + i + 16 * k, v);
      sums[k] += u * v;
    }
  }
  sums[0] += sums[1];
  float total = 0;
  for (int k = 0; k < 16; ++k) total += sums[0][k];
  for (; i < n; ++i) total += a[i] * std::bit_cast<float>(uint32_t(b[i]) << 16);
  return total;
}

}  // namespace ternfab::fast
