// SPDX-License-Identifier: Apache-2.0
#if defined(__aarch64__)
#include <cstring>

#include "host/cpu/panels_simd.h"
#include "host/cpu/trits_neon.h"

// A vector holds four columns of four rows; dot products of int8 (asimddp) add four products to
// each row's lane. Digits 0..15 are the same as signed bytes; int8 weights lose their offset first.

namespace ternfab {
namespace {

template <PanelCode kCode>
TF_NEON_INLINE void Digits(uint8x16_t v, uint8x16_t* d) {
  if constexpr (kCode == PanelCode::kBase3) {
    neon::Base3Digits(v, d);
  } else if constexpr (kCode == PanelCode::kTwoBit) {
    const uint8x16_t low = vdupq_n_u8(3);
    d[0] = vandq_u8(v, low);
    d[1] = vandq_u8(vshrq_n_u8(v, 2), low);
    d[2] = vandq_u8(vshrq_n_u8(v, 4), low);
    d[3] = vshrq_n_u8(v, 6);
  } else if constexpr (kCode == PanelCode::kInt4) {
    d[0] = vandq_u8(v, vdupq_n_u8(15));
    d[1] = vshrq_n_u8(v, 4);
  } else {
    d[0] = veorq_u8(v, vdupq_n_u8(128));
  }
}

TF_NEON_INLINE int8x16_t Broadcast(const int8_t* word) {
  int32_t value;
  std::memcpy(&value, word, 4);
  return vreinterpretq_s8_s32(vdupq_n_s32(value));
}

/// 16 rows for kTokens tokens whose words are side by side.
template <PanelCode kCode, int kTokens>
TF_NEON_INLINE void Panel(const PanelTask& task, int panel, int token, const int8_t* x,
                          int stride) {
  constexpr int kDigits = DigitsOf(kCode);
  const uint8_t* w = task.matrix.bytes + panel * task.matrix.panel_bytes();
  int32x4_t sums[kTokens][4];
  for (int t = 0; t < kTokens; ++t) {
    for (int q = 0; q < 4; ++q) sums[t][q] = vdupq_n_s32(0);
  }
  for (int s = 0; s < task.matrix.steps(); ++s, w += kPanelStepBytes, x += kDigits * stride) {
    for (int q = 0; q < 4; ++q) {
      uint8x16_t digits[kDigits];
      Digits<kCode>(vld1q_u8(w + 16 * q), digits);
      for (int d = 0; d < kDigits; ++d) {
        for (int t = 0; t < kTokens; ++t) {
          const int8x16_t v = Broadcast(x + d * stride + 4 * t);
          sums[t][q] = vdotq_s32(sums[t][q], vreinterpretq_s8_u8(digits[d]), v);
        }
      }
    }
  }
  for (int t = 0; t < kTokens; ++t) {
    const int32_t offset = kCode == PanelCode::kInt8 ? 0 : OffsetOf(kCode) * task.x->sum(token + t);
    int32_t* y = task.y + (token + t) * task.pitch + int64_t(panel) * kPanelRows;
    for (int q = 0; q < 4; ++q) {
      vst1q_s32(y + 4 * q, vsubq_s32(sums[t][q], vdupq_n_s32(offset)));
    }
  }
}

template <PanelCode kCode>
TF_NEON void Multiply(const PanelTask& task) {
  for (int p = task.first; p < task.last; ++p) {
    for (int token = 0; token < task.x->tokens(); token += task.x->GroupSize(token)) {
      const int size = task.x->GroupSize(token);
      const int8_t* x = task.x->Group(token);
      if (size == 8) Panel<kCode, 4>(task, p, token, x, 32);
      if (size == 8) Panel<kCode, 4>(task, p, token + 4, x + 16, 32);
      if (size == 4) Panel<kCode, 4>(task, p, token, x, 16);
      if (size == 2) Panel<kCode, 2>(task, p, token, x, 8);
      if (size == 1) Panel<kCode, 1>(task, p, token, x, 4);
    }
  }
}

void Dispatch(const PanelTask& task) {
  WithCode(task.matrix.code, [&]<PanelCode kCode>() { Multiply<kCode>(task); });
}

TF_NEON int64_t Spin(int64_t rounds) {
  constexpr int kChains = 16;
  int32x4_t acc[kChains];
  for (int c = 0; c < kChains; ++c) acc[c] = vdupq_n_s32(c);
  int8x16_t a = vdupq_n_s8(3), b = vdupq_n_s8(5);
  for (int64_t i = 0; i < rounds; ++i) {
    asm volatile("" : "+w"(a), "+w"(b));  // as if each round had other data
    for (int32x4_t& sum : acc) sum = vdotq_s32(sum, a, b);
  }
  for (int c = 0; c < kChains; ++c) asm volatile("" : : "w"(acc[c]));
  return rounds * kChains * 16;
}

constexpr PanelKernels kKernels = {"neon-dotprod", Dispatch, Spin};

}  // namespace

const PanelKernels& NeonPanelKernels() { return kKernels; }

}  // namespace ternfab
#endif
