// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
#include <cstring>

#include "host/cpu/panels_simd.h"
#include "host/cpu/trits_avx2.h"

// Trits and int4: half a panel (8 rows) at a time; pairs of digit * x (vpmaddubsw, at most 512, or
// 3840, in magnitude) are added in int16, then widened. int8: both sides widened
// to int16, pairs of products added in int32.

namespace ternfab {
namespace {

constexpr int kHalf = 32;  // bytes of half a step
/// Pairs that are added before they are widened: 60 * 512 (int4: 8 * 3840) = 30720, so that int16
/// does not overflow.
constexpr int WidenWords(PanelCode code) { return code == PanelCode::kInt4 ? 8 : 60; }

TF_AVX2_INLINE __m256i Load(const void* p) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}

TF_AVX2_INLINE int Word(const int8_t* p) {
  int32_t value;
  std::memcpy(&value, p, 4);
  return value;
}

template <PanelCode kCode>
TF_AVX2_INLINE void Digits(__m256i v, __m256i* d) {
  if constexpr (kCode == PanelCode::kBase3) {
    avx2::Base3Digits(v, d);
  } else if constexpr (kCode == PanelCode::kInt4) {
    const __m256i low = _mm256_set1_epi8(15);
    d[0] = _mm256_and_si256(v, low);
    d[1] = _mm256_and_si256(_mm256_srli_epi16(v, 4), low);
  } else {
    const __m256i low = _mm256_set1_epi8(3);
    d[0] = _mm256_and_si256(v, low);
    d[1] = _mm256_and_si256(_mm256_srli_epi16(v, 2), low);
    d[2] = _mm256_and_si256(_mm256_srli_epi16(v, 4), low);
    d[3] = _mm256_and_si256(_mm256_srli_epi16(v, 6), low);
  }
}

TF_AVX2_INLINE void Store(const PanelTask& task, int token, int64_t row, __m256i sums) {
  const int offset = int(uint32_t(OffsetOf(task.matrix.code)) * uint32_t(task.x->sum(token)));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(task.y + token * task.pitch + row),
                      _mm256_sub_epi32(sums, _mm256_set1_epi32(offset)));
}

/// Eight rows of a panel for a group (or half a group: every kStride-th word) of tokens.
template <PanelCode kCode, int kTokens>
TF_AVX2_INLINE void HalfPanel(const PanelTask& task, int panel, int half, int token,
                              const int8_t* x, int stride) {
  constexpr int kDigits = DigitsOf(kCode);
  constexpr int kSteps = WidenWords(kCode) / kDigits;
  const uint8_t* w = task.matrix.bytes + panel * task.matrix.panel_bytes() + half * kHalf;
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i sums[kTokens];
  for (__m256i& s : sums) s = _mm256_setzero_si256();
  for (int first = 0; first < task.matrix.steps(); first += kSteps) {
    const int left = task.matrix.steps() - first;
    __m256i pairs[kTokens];
    for (__m256i& p : pairs) p = _mm256_setzero_si256();
    for (int s = 0; s < (left < kSteps ? left : kSteps); ++s, w += kPanelStepBytes) {
      __m256i digits[kDigits];
      Digits<kCode>(Load(w), digits);
      for (int d = 0; d < kDigits; ++d, x += stride) {
        for (int t = 0; t < kTokens; ++t) {
          const __m256i v = _mm256_set1_epi32(Word(x + 4 * t));
          pairs[t] = _mm256_add_epi16(pairs[t], _mm256_maddubs_epi16(digits[d], v));
        }
      }
    }
    for (int t = 0; t < kTokens; ++t) {
      sums[t] = _mm256_add_epi32(sums[t], _mm256_madd_epi16(pairs[t], ones));
    }
  }
  for (int t = 0; t < kTokens; ++t) {
    Store(task, token + t, int64_t(panel) * kPanelRows + half * 8, sums[t]);
  }
}

template <PanelCode kCode>
TF_AVX2 void DigitPanel(const PanelTask& task, int panel, int token, int size) {
  const int8_t* x = task.x->Group(token);
  for (int half = 0; half < 2; ++half) {
    if (size == 8) HalfPanel<kCode, 4>(task, panel, half, token, x, 32);
    if (size == 8) HalfPanel<kCode, 4>(task, panel, half, token + 4, x + 16, 32);
    if (size == 4) HalfPanel<kCode, 4>(task, panel, half, token, x, 16);
    if (size == 2) HalfPanel<kCode, 2>(task, panel, half, token, x, 8);
    if (size == 1) HalfPanel<kCode, 1>(task, panel, half, token, x, 4);
  }
}

/// 16 rows of int8 for one token; four columns of a row are two lanes of a sum.
TF_AVX2 void Int8Panel(const PanelTask& task, int panel, int token, const int8_t* x, int stride) {
  const uint8_t* w = task.matrix.bytes + panel * task.matrix.panel_bytes();
  __m256i sums[4];
  for (__m256i& s : sums) s = _mm256_setzero_si256();
  for (int s = 0; s < task.matrix.steps(); ++s, w += kPanelStepBytes, x += stride) {
    const __m256i v = _mm256_cvtepi8_epi16(_mm_set1_epi32(Word(x)));
    for (int q = 0; q < 4; ++q) {
      const __m128i bytes = _mm_load_si128(reinterpret_cast<const __m128i*>(w + 16 * q));
      sums[q] = _mm256_add_epi32(sums[q], _mm256_madd_epi16(_mm256_cvtepu8_epi16(bytes), v));
    }
  }
  for (int half = 0; half < 2; ++half) {
    // Pairs of both; hadd leaves 64-bit quarters in the order 0, 2, 1, 3.
    const __m256i pairs = _mm256_hadd_epi32(sums[2 * half], sums[2 * half + 1]);
    Store(task, token, int64_t(panel) * kPanelRows + half * 8,
          _mm256_permute4x64_epi64(pairs, 0b11011000));
  }
}

void Multiply(const PanelTask& task) {
  for (int p = task.first; p < task.last; ++p) {
    for (int token = 0; token < task.x->tokens(); token += task.x->GroupSize(token)) {
      const int size = task.x->GroupSize(token);
      if (task.matrix.code == PanelCode::kBase3) {
        DigitPanel<PanelCode::kBase3>(task, p, token, size);
      } else if (task.matrix.code == PanelCode::kTwoBit) {
        DigitPanel<PanelCode::kTwoBit>(task, p, token, size);
      } else if (task.matrix.code == PanelCode::kInt4) {
        DigitPanel<PanelCode::kInt4>(task, p, token, size);
      } else {
        for (int t = 0; t < size; ++t) {
          Int8Panel(task, p, token + t, task.x->Group(token) + 4 * t, 4 * size);
        }
      }
    }
  }
}

TF_AVX2 int64_t Spin(int64_t rounds) {
  constexpr int kChains = 8;
  __m256i acc[kChains];
  for (int c = 0; c < kChains; ++c) acc[c] = _mm256_set1_epi16(short(c));
  __m256i a = _mm256_set1_epi8(1), b = _mm256_set1_epi8(5);
  for (int64_t i = 0; i < rounds; ++i) {
    asm volatile("" : "+x"(a), "+x"(b));  // as if each round had other data
    for (__m256i& sum : acc) sum = _mm256_add_epi16(sum, _mm256_maddubs_epi16(a, b));
  }
  for (int c = 0; c < kChains; ++c) asm volatile("" : : "x"(acc[c]));
  return rounds * kChains * 32;
}

constexpr PanelKernels kKernels = {"avx2", Multiply, Spin};

}  // namespace

const PanelKernels& Avx2PanelKernels() { return kKernels; }

}  // namespace ternfab
#endif
