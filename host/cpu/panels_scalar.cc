// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "host/cpu/dot_product.h"
#include "host/cpu/panels.h"
#include "host/cpu/panels_simd.h"

namespace ternfab {
namespace {

/// Digit d of a byte.
int DigitOf(PanelCode code, int byte, int d) {
  if (code == PanelCode::kInt8) return byte;
  if (code == PanelCode::kTwoBit) return byte >> (2 * d) & 3;
  if (code == PanelCode::kInt4) return byte >> (4 * d) & 15;
  for (; d > 0; --d) byte /= 3;
  return byte % 3;
}

/// Sum of row `lane` of a panel for one token: x[k * stride] begins the token's columns 4k.
uint32_t RowSum(const PanelMatrix& m, const uint8_t* panel, int lane, const int8_t* x, int stride) {
  const int digits = DigitsOf(m.code), offset = OffsetOf(m.code);
  uint32_t sum = 0;
  for (int s = 0; s < m.steps(); ++s) {
    for (int b = 0; b < 4; ++b) {
      const int byte = panel[int64_t(s) * kPanelStepBytes + 4 * lane + b];
      for (int d = 0; d < digits; ++d) {
        const int64_t k = int64_t(s) * digits + d;
        sum += uint32_t((DigitOf(m.code, byte, d) - offset) * x[k * stride + b]);
      }
    }
  }
  return sum;
}

void Multiply(const PanelTask& task) {
  for (int p = task.first; p < task.last; ++p) {
    const uint8_t* panel = task.matrix.bytes + p * task.matrix.panel_bytes();
    for (int first = 0; first < task.x->tokens(); first += task.x->GroupSize(first)) {
      const int size = task.x->GroupSize(first);
      for (int t = 0; t < size; ++t) {
        int32_t* y = task.y + (first + t) * task.pitch + p * kPanelRows;
        const int8_t* x = task.x->Group(first) + 4 * t;
        for (int lane = 0; lane < kPanelRows; ++lane) {
          y[lane] = int32_t(RowSum(task.matrix, panel, lane, x, 4 * size));
        }
      }
    }
  }
}

int64_t Spin(int64_t rounds) {
  volatile int32_t factor = 3;
  uint32_t sums[8] = {};
  const uint32_t f = uint32_t(factor);
  for (int64_t i = 0; i < rounds; ++i) {
    for (uint32_t& sum : sums) sum = sum * f + 1;
  }
  for (const uint32_t sum : sums) factor = factor + int32_t(sum & 1);
  return rounds * 8;
}

constexpr PanelKernels kKernels = {"scalar", Multiply, Spin};

std::vector<const PanelKernels*> FindKernels() {
  std::vector<const PanelKernels*> found = {&kKernels};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) found.push_back(&Avx2PanelKernels());
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vnni")) {
    found.push_back(&Avx512PanelKernels());
    if (__builtin_cpu_supports("avx512vbmi")) found.push_back(&Avx512VbmiPanelKernels());
  }
#elif defined(__aarch64__)
  if (HasDotProduct()) found.push_back(&NeonPanelKernels());
#endif
  return found;
}

}  // namespace

const PanelKernels& ScalarPanelKernels() { return kKernels; }

std::span<const PanelKernels* const> SupportedPanelKernels() {
  static const std::vector<const PanelKernels*> kFound = FindKernels();
  return kFound;
}

}  // namespace ternfab
