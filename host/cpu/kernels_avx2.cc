// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
#include "host/cpu/int8_rows.h"
#include "host/cpu/kernels_simd.h"
#include "host/cpu/trits_avx2.h"

// Ternary: pairs of (trit + 1) * x (vpmaddubsw, at most 512 in magnitude) of all digits are added
// in int16, then widened. int8: both sides widened to int16, pairs of products added in int32.

namespace ternfab {
namespace {

using avx2::Base3Digits;
using avx2::Table;

constexpr int kBytes = 32;
constexpr int kLanes = 8;

TF_AVX2_INLINE __m256i Load(const void* p) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}

/// The first `count` of 32 bytes, then zeros.
TF_AVX2_INLINE __m256i LoadPart(const void* p, int64_t count) {
  alignas(32) uint8_t bytes[kBytes] = {};
  for (int64_t i = 0; i < count; ++i) bytes[i] = static_cast<const uint8_t*>(p)[i];
  return Load(bytes);
}

/// trit + 1 of the trits of each byte.
template <WeightCode kCode>
TF_AVX2_INLINE void Digits(__m256i v, __m256i* d) {
  if constexpr (kCode == WeightCode::kBase3) {
    Base3Digits(v, d);
  } else {
    const __m256i nibble = _mm256_set1_epi8(15);
    const __m128i first = _mm_setr_epi8(1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1, 0);
    const __m128i second = _mm_setr_epi8(1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0);
    const __m256i lo = _mm256_and_si256(v, nibble);
    const __m256i hi = _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble);
    d[0] = Table(first, lo);
    d[1] = Table(second, lo);
    d[2] = Table(first, hi);
    d[3] = Table(second, hi);
  }
}

/// Sums of a group's rows in one column of blocks, for slots slot .. slot + kSlots - 1.
template <WeightCode kCode, int kSlots>
TF_AVX2_INLINE void Column(const TernaryTask& task, int group, int column, int slot) {
  constexpr int kDigits = kCode == WeightCode::kBase3 ? 5 : 4;
  const TernaryInput& x = *task.x;
  const int64_t bytes = task.shape.group_bytes();
  const uint8_t* weights = task.weights + group * bytes;
  const int8_t* activations = x.Block(0, column % x.patterns(), 0, slot);
  const int64_t digit_step = int64_t(x.slots()) * kBytes;
  const int64_t block_step = digit_step * kDigits * x.patterns();
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i sums[kSlots];
  for (__m256i& s : sums) s = _mm256_setzero_si256();
  for (int64_t at = int64_t(column) * kBytes; at < bytes; at += x.step_bytes()) {
    const int64_t left = bytes - at;
    __m256i digits[kDigits];
    Digits<kCode>(left >= kBytes ? Load(weights + at) : LoadPart(weights + at, left), digits);
    for (int b = 0; b < kSlots; ++b) {
      __m256i pairs = _mm256_setzero_si256();
      for (int d = 0; d < kDigits; ++d) {
        const __m256i v = Load(activations + d * digit_step + b * kBytes);
        pairs = _mm256_add_epi16(pairs, _mm256_maddubs_epi16(digits[d], v));
      }
      sums[b] = _mm256_add_epi32(sums[b], _mm256_madd_epi16(pairs, ones));
    }
    activations += block_step;
  }
  for (int b = 0; b < kSlots; ++b) {
    alignas(32) uint32_t lanes[kLanes];
    _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), sums[b]);
    int32_t* y = task.y + (slot + b) * task.pitch + int64_t(group) * task.shape.ports;
    for (int i = 0; i < kLanes; ++i) {
      const unsigned byte = unsigned(column * kBytes + 4 * i) % unsigned(task.shape.wide_bytes());
      int32_t& sum = y[byte / unsigned(task.shape.port_bytes)];
      sum = int32_t(uint32_t(sum) + lanes[i]);
    }
  }
}

template <WeightCode kCode, int kSlots>
TF_AVX2 void Groups(const TernaryTask& task, int slot) {
  for (int g = task.first; g < task.last; ++g) {
    for (int b = slot; b < slot + kSlots; ++b) {
      int32_t* y = task.y + b * task.pitch + int64_t(g) * task.shape.ports;
      for (int e = 0; e < task.shape.ports; ++e) y[e] = -task.x->sum(b);
    }
    for (int c = 0; c < task.x->columns(); ++c) Column<kCode, kSlots>(task, g, c, slot);
  }
}

template <WeightCode kCode>
void AllSlots(const TernaryTask& task) {
  int slot = 0;
  for (; slot + 4 <= task.x->slots(); slot += 4) Groups<kCode, 4>(task, slot);
  for (; slot < task.x->slots(); ++slot) Groups<kCode, 1>(task, slot);
}

void Ternary(const TernaryTask& task) {
  if (task.shape.code == WeightCode::kInt8) return Int8Rows(task);
  if (task.shape.code == WeightCode::kBase3) return AllSlots<WeightCode::kBase3>(task);
  AllSlots<WeightCode::kTwoBit>(task);
}

TF_AVX2_INLINE __m256i Widen(const int8_t* p) {
  return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}

TF_AVX2 void Dot(const int8_t* rows, int64_t row_bytes, int64_t count, const int8_t* x,
                 int32_t* y) {
  const int64_t whole = row_bytes / 16 * 16;
  for (int64_t t = 0; t < count; ++t) {
    const int8_t* row = rows + t * row_bytes;
    __m256i sums = _mm256_setzero_si256();
    for (int64_t i = 0; i < whole; i += 16) {
      sums = _mm256_add_epi32(sums, _mm256_madd_epi16(Widen(row + i), Widen(x + i)));
    }
    alignas(32) uint32_t lanes[kLanes];
    _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), sums);
    uint32_t sum = 0;
    for (const uint32_t lane : lanes) sum += lane;
    for (int64_t i = whole; i < row_bytes; ++i) sum += uint32_t(row[i] * x[i]);
    y[t] = int32_t(sum);
  }
}

/// 16 columns of all rows, two rows at a time.
TF_AVX2 void AccumulateColumns(const int8_t* rows, int64_t row_bytes, int64_t count,
                               const int8_t* p, int32_t* y) {
  __m256i sums[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
  for (int64_t t = 0; t < count; t += 2) {
    const bool two = t + 1 < count;
    const __m256i a = Widen(rows + t * row_bytes);
    const __m256i b = two ? Widen(rows + (t + 1) * row_bytes) : _mm256_setzero_si256();
    const uint32_t pair = uint32_t(uint16_t(p[t])) | uint32_t(two ? uint16_t(p[t + 1]) : 0) << 16;
    const __m256i factor = _mm256_set1_epi32(int(pair));
    sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(_mm256_unpacklo_epi16(a, b), factor));
    sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(_mm256_unpackhi_epi16(a, b), factor));
  }
  alignas(32) int32_t lanes[2][kLanes];
  for (int k = 0; k < 2; ++k) _mm256_store_si256(reinterpret_cast<__m256i*>(lanes[k]), sums[k]);
  for (int i = 0; i < 16; ++i) y[i] = lanes[i % 8 / 4][i / 8 * 4 + i % 4];
}

void Accumulate(const int8_t* rows, int64_t row_bytes, int64_t count, const int8_t* p, int columns,
                int32_t* y) {
  int first = 0;
  for (; first + 16 <= columns; first += 16) {
    AccumulateColumns(rows + first, row_bytes, count, p, y + first);
  }
  ScalarKernels().accumulate(rows + first, row_bytes, count, p, columns - first, y + first);
}

constexpr Kernels kKernels = {"avx2", kBytes, Ternary, Dot, Accumulate};

}  // namespace

const Kernels& Avx2Kernels() { return kKernels; }

}  // namespace ternfab
#endif
