// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "host/cpu/int8_rows.h"
#include "host/cpu/kernels_simd.h"
#include "host/cpu/trits_avx512.h"

// The kernels of kernels_avx512.cc and kernels_avx512_vbmi.cc (trits_avx512.h).
//
// The products are of an unsigned and a signed byte (vpdpbusd), so
// - ternary: sum of (trit + 1) * x, less the sum of x;
// - int8: sum of (row + 128) * x, less 128 times the sum of x.

// A body, not a header: each of the two includes it once.
// NOLINTBEGIN(misc-definitions-in-headers,google-build-namespaces)
namespace ternfab {
namespace {

using avx512::Table;

constexpr int kBytes = 64;
constexpr int kLanes = 16;
constexpr int kPrefetch = 3072;  // bytes ahead

/// trit + 1 of the trits of each byte.
template <WeightCode kCode>
TF_AVX512_INLINE void Digits(__m512i v, __m512i* d) {
  if constexpr (kCode == WeightCode::kBase3) {
    avx512::Base3Digits(v, d);
  } else {
    const __m512i nibble = _mm512_set1_epi8(15);
    const __m128i first = _mm_setr_epi8(1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1, 0);
    const __m128i second = _mm_setr_epi8(1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0);
    const __m512i lo = _mm512_and_si512(v, nibble);
    const __m512i hi = _mm512_and_si512(_mm512_srli_epi16(v, 4), nibble);
    d[0] = Table(first, lo);
    d[1] = Table(second, lo);
    d[2] = Table(first, hi);
    d[3] = Table(second, hi);
  }
}

/// The same, quicker: digit i times a power, which Unscaled takes out of a sum.
template <WeightCode kCode>
TF_AVX512_INLINE void Scaled(__m512i v, __m512i* d) {
  kCode == WeightCode::kBase3 ? avx512::Base3Scaled(v, d) : Digits<kCode>(v, d);
}

template <WeightCode kCode>
TF_AVX512_INLINE __m512i Unscaled(int i, __m512i sum) {
  return kCode == WeightCode::kBase3 ? avx512::Base3Unscaled(i, sum) : sum;
}

/// Lane i of the result is v[i ^ distance], for a power of two below 16.
TF_AVX512_INLINE __m512i Exchanged(__m512i v, int distance) {
  switch (distance) {
    case 1:
      return _mm512_shuffle_epi32(v, _MM_PERM_CDAB);
    case 2:
      return _mm512_shuffle_epi32(v, _MM_PERM_BADC);
    case 4:
      return _mm512_shuffle_i32x4(v, v, 0b10110001);
    default:
      return _mm512_shuffle_i32x4(v, v, 0b01001110);
  }
}

/// Which lanes of a column of blocks belong to one port: those of a port side by side, and the same
/// of every wide beat in the block.
struct PortLanes {
  explicit PortLanes(const TernaryShape& shape)
      : port(shape.port_bytes / 4), wide(shape.wide_bytes() / 4) {
    for (int lane = 0; lane < kLanes && lane < wide; lane += port) first |= 1u << lane;
  }
  /// The ports' sums, in the first lanes.
  TF_AVX512_INLINE __m512i Sum(__m512i v) const {
    for (int distance = 1; distance < kLanes; distance *= 2) {
      if (distance < port || distance >= wide) v = _mm512_add_epi32(v, Exchanged(v, distance));
    }
    return _mm512_maskz_compress_epi32(__mmask16(first), v);
  }
  int count() const { return __builtin_popcount(first); }

  int port, wide;      ///< lanes
  unsigned first = 0;  ///< bit i: lane i is the first of a port
};

/// Sums of a group's rows in one column of blocks, for slots slot .. slot + kSlots - 1.
template <WeightCode kCode, int kSlots>
TF_AVX512_INLINE void Column(const TernaryTask& task, const PortLanes& ports, int group, int column,
                             int slot) {
  constexpr int kDigits = kCode == WeightCode::kBase3 ? 5 : 4;
  constexpr bool kScale = kSlots <= 2;  // else there are not registers enough
  constexpr int kChains = kScale ? kDigits : 1;
  const TernaryInput& x = *task.x;
  const int64_t bytes = task.shape.group_bytes();
  const uint8_t* weights = task.weights + group * bytes;
  const int8_t* activations = x.Block(0, column % x.patterns(), 0, slot);
  const int64_t digit_step = int64_t(x.slots()) * kBytes;
  const int64_t block_step = digit_step * kDigits * x.patterns();
  __m512i sums[kSlots][kChains];
  for (int b = 0; b < kSlots; ++b) {
    for (int c = 0; c < kChains; ++c) sums[b][c] = _mm512_setzero_si512();
  }
  for (int64_t at = int64_t(column) * kBytes; at < bytes; at += x.step_bytes()) {
    const int64_t left = bytes - at;
    const __mmask64 mask = left >= kBytes ? ~__mmask64{0} : (__mmask64{1} << left) - 1;
    _mm_prefetch(reinterpret_cast<const char*>(weights + at + kPrefetch), _MM_HINT_T0);
    __m512i digits[kDigits];
    const __m512i v = _mm512_maskz_loadu_epi8(mask, weights + at);
    kScale ? Scaled<kCode>(v, digits) : Digits<kCode>(v, digits);
    for (int d = 0; d < kDigits; ++d) {
      for (int b = 0; b < kSlots; ++b) {
        const __m512i a = _mm512_load_si512(activations + d * digit_step + b * kBytes);
        sums[b][d % kChains] = _mm512_dpbusd_epi32(sums[b][d % kChains], digits[d], a);
      }
    }
    activations += block_step;
  }
  const __mmask16 mask = __mmask16((1u << ports.count()) - 1);
  for (int b = 0; b < kSlots; ++b) {
    for (int c = 1; c < kChains; ++c) {
      sums[b][0] = _mm512_add_epi32(sums[b][0], Unscaled<kCode>(c, sums[b][c]));
    }
    const __m512i offset = _mm512_set1_epi32(x.sum(slot + b));
    int32_t* y = task.y + (slot + b) * task.pitch + int64_t(group) * task.shape.ports;
    _mm512_mask_storeu_epi32(y + column * ports.count(), mask,
                             _mm512_sub_epi32(ports.Sum(sums[b][0]), offset));
  }
}

template <WeightCode kCode, int kSlots>
TF_AVX512 void Groups(const TernaryTask& task, int slot) {
  const PortLanes ports(task.shape);
  for (int g = task.first; g < task.last; ++g) {
    for (int c = 0; c < task.x->columns(); ++c) Column<kCode, kSlots>(task, ports, g, c, slot);
  }
}

template <WeightCode kCode>
void AllSlots(const TernaryTask& task) {
  int slot = 0;
  for (; slot + 8 <= task.x->slots(); slot += 8) Groups<kCode, 8>(task, slot);
  for (; slot + 4 <= task.x->slots(); slot += 4) Groups<kCode, 4>(task, slot);
  for (; slot + 2 <= task.x->slots(); slot += 2) Groups<kCode, 2>(task, slot);
  for (; slot < task.x->slots(); ++slot) Groups<kCode, 1>(task, slot);
}

void Ternary(const TernaryTask& task) {
  if (task.shape.code == WeightCode::kInt8) return Int8Rows(task);
  if (task.shape.code == WeightCode::kBase3) return AllSlots<WeightCode::kBase3>(task);
  AllSlots<WeightCode::kTwoBit>(task);
}

/// y[t] for kRows rows: the chains of several hide each other's latency and share the loads of x.
template <int kRows>
TF_AVX512_INLINE void DotRows(const int8_t* rows, int64_t row_bytes, const int8_t* x,
                              uint32_t offset, int32_t* y) {
  const __m512i flip = _mm512_set1_epi8(char(0x80));
  __m512i sums[kRows];
  for (__m512i& s : sums) s = _mm512_setzero_si512();
  for (int64_t i = 0; i < row_bytes; i += kBytes) {
    const int64_t left = row_bytes - i;
    const __mmask64 mask = left >= kBytes ? ~__mmask64{0} : (__mmask64{1} << left) - 1;
    const __m512i v = _mm512_maskz_loadu_epi8(mask, x + i);
    for (int t = 0; t < kRows; ++t) {
      const int8_t* row = rows + t * row_bytes + i;
      _mm_prefetch(reinterpret_cast<const char*>(row + kRows * row_bytes), _MM_HINT_T0);
      const __m512i r = _mm512_xor_si512(_mm512_maskz_loadu_epi8(mask, row), flip);
      sums[t] = _mm512_dpbusd_epi32(sums[t], r, v);
    }
  }
  for (int t = 0; t < kRows; ++t) {
    y[t] = int32_t(uint32_t(_mm512_reduce_add_epi32(sums[t])) - offset);
  }
}

TF_AVX512 void Dot(const int8_t* rows, int64_t row_bytes, int64_t count, const int8_t* x,
                   int32_t* y) {
  uint32_t sum = 0;
  for (int64_t i = 0; i < row_bytes; ++i) sum += uint32_t(int32_t(x[i]));
  int64_t t = 0;
  for (; t + 4 <= count; t += 4) DotRows<4>(rows + t * row_bytes, row_bytes, x, 128 * sum, y + t);
  for (; t < count; ++t) DotRows<1>(rows + t * row_bytes, row_bytes, x, 128 * sum, y + t);
}

/// Four rows of 64 columns turned so that a column's bytes are one 32-bit lane, times four p.
TF_AVX512_INLINE void AddFourRows(const int8_t* const* rows, __mmask64 mask, int p4,
                                  __m512i* sums) {
  const __m512i flip = _mm512_set1_epi8(char(0x80));
  __m512i r[4];
  for (int t = 0; t < 4; ++t) {
    r[t] = _mm512_xor_si512(_mm512_maskz_loadu_epi8(mask, rows[t]), flip);
  }
  const __m512i p = _mm512_set1_epi32(p4);
  const __m512i lo01 = _mm512_unpacklo_epi8(r[0], r[1]), hi01 = _mm512_unpackhi_epi8(r[0], r[1]);
  const __m512i lo23 = _mm512_unpacklo_epi8(r[2], r[3]), hi23 = _mm512_unpackhi_epi8(r[2], r[3]);
  sums[0] = _mm512_dpbusd_epi32(sums[0], _mm512_unpacklo_epi16(lo01, lo23), p);
  sums[1] = _mm512_dpbusd_epi32(sums[1], _mm512_unpackhi_epi16(lo01, lo23), p);
  sums[2] = _mm512_dpbusd_epi32(sums[2], _mm512_unpacklo_epi16(hi01, hi23), p);
  sums[3] = _mm512_dpbusd_epi32(sums[3], _mm512_unpackhi_epi16(hi01, hi23), p);
}

/// Up to 64 columns of all rows.
TF_AVX512 void AccumulateColumns(const int8_t* rows, int64_t row_bytes, int64_t count,
                                 const int8_t* p, int columns, int32_t* y) {
  const __mmask64 mask = columns >= kBytes ? ~__mmask64{0} : (__mmask64{1} << columns) - 1;
  __m512i sums[4];
  for (__m512i& s : sums) s = _mm512_setzero_si512();
  uint32_t p_sum = 0;
  for (int64_t t = 0; t < count; t += 4) {
    const int8_t* four[4];
    uint32_t p4 = 0;
    for (int i = 0; i < 4; ++i) {  // rows beyond the last: the last one times 0
      const bool inside = t + i < count;
      four[i] = rows + (inside ? t + i : count - 1) * row_bytes;
      if (!inside) continue;
      p4 |= uint32_t(uint8_t(p[t + i])) << (8 * i);
      p_sum += uint32_t(int32_t(p[t + i]));
    }
    AddFourRows(four, mask, int(p4), sums);
  }
  alignas(64) uint32_t lanes[4][kLanes];
  for (int k = 0; k < 4; ++k) _mm512_store_si512(lanes[k], sums[k]);
  for (int i = 0; i < columns; ++i) {
    y[i] = int32_t(lanes[i % 16 / 4][i / 16 * 4 + i % 4] - 128 * p_sum);
  }
}

void Accumulate(const int8_t* rows, int64_t row_bytes, int64_t count, const int8_t* p, int columns,
                int32_t* y) {
  for (int first = 0; first < columns; first += kBytes) {
    const int left = columns - first;
    AccumulateColumns(rows + first, row_bytes, count, p, left < kBytes ? left : kBytes, y + first);
  }
}

constexpr Kernels kKernels = {TF_AVX512_NAME, kBytes, Ternary, Dot, Accumulate};

}  // namespace
}  // namespace ternfab
// NOLINTEND(misc-definitions-in-headers,google-build-namespaces)
