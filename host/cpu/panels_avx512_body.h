// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>

#include "host/cpu/panels_simd.h"
#include "host/cpu/trits_avx512.h"

// The kernels of panels_avx512.cc and panels_avx512_vbmi.cc (trits_avx512.h).
//
// One vector holds four columns of 16 rows (vpdpbusd: digits unsigned, activations signed, four
// products into the row's lane); an activation word is broadcast to all rows. Up to four tokens:
// the panel streams from memory once and is decoded in registers. More: blocks of panels are
// decoded to a tile in the first-level cache and multiplied with groups of eight tokens.

// A body, not a header: each of the two includes it once.
// NOLINTBEGIN(misc-definitions-in-headers,google-build-namespaces)
namespace ternfab {
namespace {

constexpr int kStreamTokens = 4;  // at most, decoded in registers
constexpr int kTilePanels = 2;
constexpr int kTileWords = 160;  // columns / 4 of a tile: 20 KB with two panels
constexpr int kPrefetch = 3072;  // bytes ahead

struct alignas(64) Vector {
  uint8_t bytes[64];
};

/// Digits of one step's 64 bytes.
template <PanelCode kCode>
TF_AVX512_INLINE void Digits(__m512i v, __m512i* d) {
  if constexpr (kCode == PanelCode::kBase3) {
    avx512::Base3Digits(v, d);
  } else if constexpr (kCode == PanelCode::kTwoBit) {
    avx512::TwoBitDigits(v, d);
  } else if constexpr (kCode == PanelCode::kInt4) {
    const __m512i low = _mm512_set1_epi8(15);
    d[0] = _mm512_and_si512(v, low);
    d[1] = _mm512_and_si512(_mm512_srli_epi16(v, 4), low);
  } else {
    d[0] = v;
  }
}

/// The same, quicker: digit i times a power, which Unscaled takes out of a sum.
template <PanelCode kCode>
TF_AVX512_INLINE void Scaled(__m512i v, __m512i* d) {
  if constexpr (kCode == PanelCode::kBase3) {
    avx512::Base3Scaled(v, d);
  } else if constexpr (kCode == PanelCode::kTwoBit) {
    for (int i = 0; i < 4; ++i) d[i] = avx512::TwoBits(v, i);
  } else {
    Digits<kCode>(v, d);
  }
}

template <PanelCode kCode>
TF_AVX512_INLINE __m512i Unscaled(int i, __m512i sum) {
  if constexpr (kCode == PanelCode::kBase3) return avx512::Base3Unscaled(i, sum);
  return _mm512_srai_epi32(sum, kCode == PanelCode::kTwoBit ? unsigned(2 * i) : 0);
}

TF_AVX512_INLINE __m512i Broadcast(const int8_t* word) {
  int32_t value;
  std::memcpy(&value, word, 4);
  return _mm512_set1_epi32(value);
}

/// What the offset of the digits adds to a token's sums.
template <PanelCode kCode>
TF_AVX512_INLINE __m512i Offset(int32_t sum) {
  return _mm512_set1_epi32(int(uint32_t(OffsetOf(kCode)) * uint32_t(sum)));
}

/// Sums of one panel for tokens token .. token + kTokens - 1, a whole group.
template <PanelCode kCode, int kTokens>
TF_AVX512_INLINE void StreamPanel(const PanelTask& task, int panel, int token) {
  constexpr int kDigits = DigitsOf(kCode);
  constexpr bool kScale = kTokens <= 2;  // else there are not registers enough
  constexpr int kChains = kScale ? kDigits : 1;
  const int64_t bytes = task.matrix.panel_bytes();
  const uint8_t* w = task.matrix.bytes + panel * bytes;
  const int8_t* x = task.x->Group(token);
  __m512i sums[kTokens][kChains];
  for (int t = 0; t < kTokens; ++t) {
    for (int c = 0; c < kChains; ++c) sums[t][c] = _mm512_setzero_si512();
  }
  for (int64_t at = 0; at < bytes; at += kPanelStepBytes) {
    _mm_prefetch(reinterpret_cast<const char*>(w + at + kPrefetch), _MM_HINT_T0);
    __m512i digits[kDigits];
    const __m512i v = _mm512_load_si512(w + at);
    kScale ? Scaled<kCode>(v, digits) : Digits<kCode>(v, digits);
    for (int d = 0; d < kDigits; ++d) {
      for (int t = 0; t < kTokens; ++t) {
        __m512i& sum = sums[t][d % kChains];
        sum = _mm512_dpbusd_epi32(sum, digits[d], Broadcast(x + 4 * (d * kTokens + t)));
      }
    }
    x += 4 * kDigits * kTokens;
  }
  for (int t = 0; t < kTokens; ++t) {
    for (int c = 1; c < kChains; ++c) {
      sums[t][0] = _mm512_add_epi32(sums[t][0], Unscaled<kCode>(c, sums[t][c]));
    }
    const __m512i offset = Offset<kCode>(task.x->sum(token + t));
    _mm512_storeu_si512(task.y + (token + t) * task.pitch + panel * kPanelRows,
                        _mm512_sub_epi32(sums[t][0], offset));
  }
}

template <PanelCode kCode>
TF_AVX512 void Stream(const PanelTask& task) {
  for (int p = task.first; p < task.last; ++p) {
    int token = 0;
    const int tokens = task.x->tokens();
    if (tokens == 4) StreamPanel<kCode, 4>(task, p, 0);
    if (tokens == 2 || tokens == 3) StreamPanel<kCode, 2>(task, p, 0), token = 2;
    if (tokens == 1 || tokens == 3) StreamPanel<kCode, 1>(task, p, token);
  }
}

/// Digits of steps first .. last - 1 of kPanels panels: word k of panel p goes to tile[k][p].
template <PanelCode kCode, int kPanels>
TF_AVX512_INLINE void Unpack(const PanelMatrix& m, int panel, int first, int last, Vector* tile) {
  constexpr int kDigits = DigitsOf(kCode);
  for (int p = 0; p < kPanels; ++p) {
    const uint8_t* w = m.bytes + (panel + p) * m.panel_bytes();
    Vector* out = tile + p;
    for (int s = first; s < last; ++s) {
      __m512i digits[kDigits];
      Digits<kCode>(_mm512_load_si512(w + int64_t(s) * kPanelStepBytes), digits);
      for (int d = 0; d < kDigits; ++d, out += kPanels) _mm512_store_si512(out, digits[d]);
    }
  }
}

/// Adds a tile's products with one group of tokens to sums[token][panel].
template <int kPanels, int kTokens>
TF_AVX512_INLINE void MultiplyTile(const Vector* tile, int words, const int8_t* x, Vector* sums) {
  __m512i acc[kTokens][kPanels];
  for (int t = 0; t < kTokens; ++t) {
    for (int p = 0; p < kPanels; ++p) acc[t][p] = _mm512_load_si512(sums + t * kPanels + p);
  }
  for (int k = 0; k < words; ++k) {
    __m512i w[kPanels];
    for (int p = 0; p < kPanels; ++p) w[p] = _mm512_load_si512(tile + k * kPanels + p);
    for (int t = 0; t < kTokens; ++t) {
      const __m512i v = Broadcast(x + 4 * (k * kTokens + t));
      for (int p = 0; p < kPanels; ++p) acc[t][p] = _mm512_dpbusd_epi32(acc[t][p], w[p], v);
    }
  }
  for (int t = 0; t < kTokens; ++t) {
    for (int p = 0; p < kPanels; ++p) _mm512_store_si512(sums + t * kPanels + p, acc[t][p]);
  }
}

/// All groups of tokens with one tile whose words begin at column 4 * word.
template <int kPanels>
TF_AVX512 void MultiplyGroups(const Vector* tile, int word, int words, const PanelInput& x,
                              Vector* sums) {
  for (int t = 0; t < x.tokens();) {
    const int size = x.GroupSize(t);
    const int8_t* group = x.Group(t) + int64_t(4) * word * size;
    Vector* out = sums + t * kPanels;
    if (size == 8) MultiplyTile<kPanels, 8>(tile, words, group, out);
    if (size == 4) MultiplyTile<kPanels, 4>(tile, words, group, out);
    if (size == 2) MultiplyTile<kPanels, 2>(tile, words, group, out);
    if (size == 1) MultiplyTile<kPanels, 1>(tile, words, group, out);
    t += size;
  }
}

template <PanelCode kCode, int kPanels>
TF_AVX512 void Tiles(const PanelTask& task, int panel, Vector* tile, Vector* sums) {
  constexpr int kDigits = DigitsOf(kCode);
  constexpr int kSteps = kTileWords / kDigits;
  const int tokens = task.x->tokens(), steps = task.matrix.steps();
  std::memset(sums, 0, sizeof(Vector) * size_t(tokens * kPanels));
  for (int s = 0; s < steps; s += kSteps) {
    const int last = s + kSteps < steps ? s + kSteps : steps;
    Unpack<kCode, kPanels>(task.matrix, panel, s, last, tile);
    MultiplyGroups<kPanels>(tile, s * kDigits, (last - s) * kDigits, *task.x, sums);
  }
  for (int t = 0; t < tokens; ++t) {
    const __m512i offset = Offset<kCode>(task.x->sum(t));
    for (int p = 0; p < kPanels; ++p) {
      _mm512_storeu_si512(task.y + t * task.pitch + (panel + p) * kPanelRows,
                          _mm512_sub_epi32(_mm512_load_si512(sums + t * kPanels + p), offset));
    }
  }
}

template <PanelCode kCode>
void Multiply(const PanelTask& task) {
  if (task.x->tokens() <= kStreamTokens) return Stream<kCode>(task);
  thread_local Vector tile[kTilePanels * kTileWords];
  thread_local Vector sums[kTilePanels * PanelInput::kMaxTokens];
  int p = task.first;
  for (; p + kTilePanels <= task.last; p += kTilePanels) {
    Tiles<kCode, kTilePanels>(task, p, tile, sums);
  }
  for (; p < task.last; ++p) Tiles<kCode, 1>(task, p, tile, sums);
}

void Dispatch(const PanelTask& task) {
  WithCode(task.matrix.code, [&]<PanelCode kCode>() { Multiply<kCode>(task); });
}

TF_AVX512 int64_t Spin(int64_t rounds) {
  constexpr int kChains = 16;
  __m512i acc[kChains];
  for (int c = 0; c < kChains; ++c) acc[c] = _mm512_set1_epi32(c);
  __m512i a = _mm512_set1_epi8(3), b = _mm512_set1_epi8(5);
  for (int64_t i = 0; i < rounds; ++i) {
    asm volatile("" : "+v"(a), "+v"(b));  // as if each round had other data
    for (int c = 0; c < kChains; ++c) acc[c] = _mm512_dpbusd_epi32(acc[c], a, b);
  }
  for (int c = 0; c < kChains; ++c) asm volatile("" : : "v"(acc[c]));
  return rounds * kChains * 64;
}

constexpr PanelKernels kKernels = {TF_AVX512_NAME, Dispatch, Spin};

}  // namespace
}  // namespace ternfab
// NOLINTEND(misc-definitions-in-headers,google-build-namespaces)
