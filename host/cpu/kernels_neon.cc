// SPDX-License-Identifier: Apache-2.0
#if defined(__aarch64__)
#include <cstring>

#include "host/cpu/kernels_simd.h"
#include "host/cpu/trits_neon.h"

// Dot products of int8 (asimddp, sdot) add four products to each 32-bit lane, modulo 2^32. Both
// sides are signed: two_bit trits and int8 weights meet the activations as they are; base3 digits
// are trit + 1, so the sum of the activations is taken off.

namespace ternfab {
namespace {

constexpr int kBytes = 16;
constexpr int kLanes = 4;

/// The first `count` of 16 bytes, then zeros.
TF_NEON_INLINE uint8x16_t LoadPart(const uint8_t* p, int64_t count) {
  uint8_t bytes[kBytes] = {};
  std::memcpy(bytes, p, size_t(count));
  return vld1q_u8(bytes);
}

/// The weights of each byte; of base3, trit + 1.
template <WeightCode kCode>
TF_NEON_INLINE void Digits(uint8x16_t v, int8x16_t* d) {
  const int8x16_t s = vreinterpretq_s8_u8(v);
  if constexpr (kCode == WeightCode::kBase3) {
    uint8x16_t digits[kBase3TritsPerByte];
    neon::Base3Digits(v, digits);
    for (int i = 0; i < kBase3TritsPerByte; ++i) d[i] = vreinterpretq_s8_u8(digits[i]);
  } else if constexpr (kCode == WeightCode::kTwoBit) {
    // 00, 01, 11 are 0, 1, -1 in two's complement.
    d[0] = vshrq_n_s8(vshlq_n_s8(s, 6), 6);
    d[1] = vshrq_n_s8(vshlq_n_s8(s, 4), 6);
    d[2] = vshrq_n_s8(vshlq_n_s8(s, 2), 6);
    d[3] = vshrq_n_s8(s, 6);
  } else {
    d[0] = s;
  }
}

/// Adds the sums of one column of blocks to those of the group's ports, y.
TF_NEON_INLINE void AddToPorts(const TernaryShape& shape, int column, int32x4_t sums, int32_t* y) {
  const auto add = [](int32_t& to, uint32_t sum) { to = int32_t(uint32_t(to) + sum); };
  const uint32x4_t lanes = vreinterpretq_u32_s32(sums);
  const unsigned first = unsigned(column * kBytes), port_bytes = unsigned(shape.port_bytes);
  if (port_bytes >= kBytes) return add(y[first / port_bytes], vaddvq_u32(lanes));
  uint32_t lane[kLanes];
  vst1q_u32(lane, lanes);
  for (unsigned i = 0; i < kLanes; ++i) {
    add(y[(first + 4 * i) % unsigned(shape.wide_bytes()) / port_bytes], lane[i]);
  }
}

/// Sums of a group's rows in one column of blocks, for slots slot .. slot + kSlots - 1.
template <WeightCode kCode, int kSlots>
TF_NEON_INLINE void Column(const TernaryTask& task, int group, int column, int slot) {
  constexpr int kDigits = TritsPerByte(kCode);
  const TernaryInput& x = *task.x;
  const int64_t bytes = task.shape.group_bytes();
  const uint8_t* weights = task.weights + group * bytes;
  const int8_t* activations = x.Block(0, column % x.patterns(), 0, slot);
  const int64_t digit_step = int64_t(x.slots()) * kBytes;
  const int64_t block_step = digit_step * kDigits * x.patterns();
  int32x4_t sums[kSlots];
  for (int32x4_t& s : sums) s = vdupq_n_s32(0);
  for (int64_t at = int64_t(column) * kBytes; at < bytes; at += x.step_bytes()) {
    const int64_t left = bytes - at;
    int8x16_t digits[kDigits];
    Digits<kCode>(left >= kBytes ? vld1q_u8(weights + at) : LoadPart(weights + at, left), digits);
    for (int d = 0; d < kDigits; ++d) {
      for (int b = 0; b < kSlots; ++b) {
        const int8x16_t v = vld1q_s8(activations + d * digit_step + b * kBytes);
        sums[b] = vdotq_s32(sums[b], digits[d], v);
      }
    }
    activations += block_step;
  }
  for (int b = 0; b < kSlots; ++b) {
    int32_t* y = task.y + (slot + b) * task.pitch + int64_t(group) * task.shape.ports;
    AddToPorts(task.shape, column, sums[b], y);
  }
}

template <WeightCode kCode, int kSlots>
TF_NEON void Groups(const TernaryTask& task, int slot) {
  for (int g = task.first; g < task.last; ++g) {
    for (int b = slot; b < slot + kSlots; ++b) {
      const int32_t offset = kCode == WeightCode::kBase3 ? task.x->sum(b) : 0;
      int32_t* y = task.y + b * task.pitch + int64_t(g) * task.shape.ports;
      for (int e = 0; e < task.shape.ports; ++e) y[e] = -offset;
    }
    for (int c = 0; c < task.x->columns(); ++c) Column<kCode, kSlots>(task, g, c, slot);
  }
}

template <WeightCode kCode>
void AllSlots(const TernaryTask& task) {
  int slot = 0;
  for (; slot + 8 <= task.x->slots(); slot += 8) Groups<kCode, 8>(task, slot);
  for (; slot + 4 <= task.x->slots(); slot += 4) Groups<kCode, 4>(task, slot);
  for (; slot < task.x->slots(); ++slot) Groups<kCode, 1>(task, slot);
}

void Ternary(const TernaryTask& task) {
  if (task.shape.code == WeightCode::kInt8) return AllSlots<WeightCode::kInt8>(task);
  if (task.shape.code == WeightCode::kBase3) return AllSlots<WeightCode::kBase3>(task);
  AllSlots<WeightCode::kTwoBit>(task);
}

/// y[t] for kRows rows: the chains of several hide each other's latency and share the loads of x.
template <int kRows>
TF_NEON_INLINE void DotRows(const int8_t* rows, int64_t row_bytes, const int8_t* x, int32_t* y) {
  const int64_t whole = row_bytes / kBytes * kBytes;
  int32x4_t sums[kRows];
  for (int32x4_t& s : sums) s = vdupq_n_s32(0);
  for (int64_t i = 0; i < whole; i += kBytes) {
    const int8x16_t v = vld1q_s8(x + i);
    for (int t = 0; t < kRows; ++t) {
      sums[t] = vdotq_s32(sums[t], vld1q_s8(rows + t * row_bytes + i), v);
    }
  }
  for (int t = 0; t < kRows; ++t) {
    uint32_t sum = vaddvq_u32(vreinterpretq_u32_s32(sums[t]));
    for (int64_t i = whole; i < row_bytes; ++i) sum += uint32_t(rows[t * row_bytes + i] * x[i]);
    y[t] = int32_t(sum);
  }
}

TF_NEON void Dot(const int8_t* rows, int64_t row_bytes, int64_t count, const int8_t* x,
                 int32_t* y) {
  int64_t t = 0;
  for (; t + 4 <= count; t += 4) DotRows<4>(rows + t * row_bytes, row_bytes, x, y + t);
  for (; t < count; ++t) DotRows<1>(rows + t * row_bytes, row_bytes, x, y + t);
}

/// Four rows of 16 columns turned so that a column's bytes are one 32-bit lane, times four p.
TF_NEON_INLINE void AddFourRows(const int8_t* const* rows, int64_t at, int8x16_t p,
                                int32x4_t* sums) {
  int8x16_t r[4];
  for (int t = 0; t < 4; ++t) r[t] = vld1q_s8(rows[t] + at);
  const int16x8_t lo01 = vreinterpretq_s16_s8(vzip1q_s8(r[0], r[1]));
  const int16x8_t hi01 = vreinterpretq_s16_s8(vzip2q_s8(r[0], r[1]));
  const int16x8_t lo23 = vreinterpretq_s16_s8(vzip1q_s8(r[2], r[3]));
  const int16x8_t hi23 = vreinterpretq_s16_s8(vzip2q_s8(r[2], r[3]));
  sums[0] = vdotq_s32(sums[0], vreinterpretq_s8_s16(vzip1q_s16(lo01, lo23)), p);
  sums[1] = vdotq_s32(sums[1], vreinterpretq_s8_s16(vzip2q_s16(lo01, lo23)), p);
  sums[2] = vdotq_s32(sums[2], vreinterpretq_s8_s16(vzip1q_s16(hi01, hi23)), p);
  sums[3] = vdotq_s32(sums[3], vreinterpretq_s8_s16(vzip2q_s16(hi01, hi23)), p);
}

/// 16 * kVectors columns of all rows, four rows at a time.
template <int kVectors>
TF_NEON void AccumulateColumns(const int8_t* rows, int64_t row_bytes, int64_t count,
                               const int8_t* p, int32_t* y) {
  int32x4_t sums[kVectors][4];
  for (auto& vector : sums) {
    for (int32x4_t& s : vector) s = vdupq_n_s32(0);
  }
  for (int64_t t = 0; t < count; t += 4) {
    const int8_t* four[4];
    uint32_t p4 = 0;
    for (int i = 0; i < 4; ++i) {  // rows beyond the last: the last one times 0
      const bool inside = t + i < count;
      four[i] = rows + (inside ? t + i : count - 1) * row_bytes;
      if (inside) p4 |= uint32_t(uint8_t(p[t + i])) << (8 * i);
    }
    const int8x16_t factors = vreinterpretq_s8_u32(vdupq_n_u32(p4));
    for (int v = 0; v < kVectors; ++v) AddFourRows(four, v * kBytes, factors, sums[v]);
  }
  for (int v = 0; v < kVectors; ++v) {
    for (int k = 0; k < 4; ++k) vst1q_s32(y + v * kBytes + 4 * k, sums[v][k]);
  }
}

void Accumulate(const int8_t* rows, int64_t row_bytes, int64_t count, const int8_t* p, int columns,
                int32_t* y) {
  int first = 0;
  for (; first + 4 * kBytes <= columns; first += 4 * kBytes) {
    AccumulateColumns<4>(rows + first, row_bytes, count, p, y + first);
  }
  for (; first + kBytes <= columns; first += kBytes) {
    AccumulateColumns<1>(rows + first, row_bytes, count, p, y + first);
  }
  ScalarKernels().accumulate(rows + first, row_bytes, count, p, columns - first, y + first);
}

constexpr Kernels kKernels = {"neon-dotprod", kBytes, Ternary, Dot, Accumulate};

}  // namespace

const Kernels& NeonKernels() { return kKernels; }

}  // namespace ternfab
#endif
