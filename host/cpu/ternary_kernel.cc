// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/ternary_kernel.h"

#include "common/check.h"
#include "common/integer.h"
#include "host/cpu/simd.h"

namespace ternfab {
namespace {

constexpr int kBlockCols = 128;
constexpr int kBlockBytes = 32;

/// sum of code * x over one row. Within a block each byte lane collects at most
/// 4 * 2 * 128 = 1024 in magnitude, so int16 holds 31 blocks; 16 are taken before widening.
TF_SIMD int32_t RowDot(const uint8_t* codes, const int8_t* x, int blocks) {
  int32_t total = 0;
  for (int first = 0; first < blocks; first += 16) {
    const int last = first + 16 < blocks ? first + 16 : blocks;
    int16_t lanes[kBlockBytes] = {};
    for (int b = first; b < last; ++b) {
      const uint8_t* byte = codes + b * kBlockBytes;
      const int8_t* v = x + b * kBlockCols;
      for (int j = 0; j < kBlockBytes; ++j) {
        const int16_t c0 = byte[j] & 3;
        const int16_t c1 = (byte[j] >> 2) & 3;
        const int16_t c2 = (byte[j] >> 4) & 3;
        const int16_t c3 = byte[j] >> 6;
        lanes[j] = int16_t(lanes[j] + c0 * v[j] + c1 * v[32 + j] + c2 * v[64 + j] + c3 * v[96 + j]);
      }
    }
    for (int j = 0; j < kBlockBytes; ++j) total += lanes[j];
  }
  return total;
}

TF_SIMD int32_t Sum(const int8_t* x, int n) {
  int32_t total = 0;
  for (int i = 0; i < n; ++i) total += x[i];
  return total;
}

}  // namespace

TernaryBlock::TernaryBlock(int rows, int cols)
    : rows_(rows),
      cols_(cols),
      blocks_(int(CeilDiv(cols, kBlockCols))),
      codes_(size_t(rows) * blocks_ * kBlockBytes, 0x55) {}

void TernaryBlock::SetRow(int row, std::span<const int8_t> trits) {
  TF_CHECK(int(trits.size()) == cols_, "row of {} trits, expected {}", trits.size(), cols_);
  uint8_t* codes = &codes_[size_t(row) * blocks_ * kBlockBytes];
  for (int c = 0; c < cols_; ++c) {
    const int block = c / kBlockCols;
    const int group = c % kBlockCols / kBlockBytes;
    uint8_t& byte = codes[block * kBlockBytes + c % kBlockBytes];
    byte = uint8_t((byte & ~(3 << (2 * group))) | ((trits[c] + 1) << (2 * group)));
  }
}

void TernaryBlock::Multiply(const int8_t* x, int32_t* y) const {
  const int32_t sum = Sum(x, padded_cols());
  for (int r = 0; r < rows_; ++r) {
    y[r] = RowDot(&codes_[size_t(r) * blocks_ * kBlockBytes], x, blocks_) - sum;
  }
}

void TernaryBlock::MultiplyScalar(const int8_t* x, int32_t* y) const {
  for (int r = 0; r < rows_; ++r) {
    const uint8_t* codes = &codes_[size_t(r) * blocks_ * kBlockBytes];
    y[r] = 0;
    for (int c = 0; c < padded_cols(); ++c) {
      const int byte = codes[c / kBlockCols * kBlockBytes + c % kBlockBytes];
      y[r] += (((byte >> (2 * (c % kBlockCols / kBlockBytes))) & 3) - 1) * x[c];
    }
  }
}

TF_SIMD int32_t DotInt8(const int8_t* a, const int8_t* b, int n) {
  int32_t total = 0;
  for (int i = 0; i < n; ++i) total += int32_t(a[i]) * b[i];
  return total;
}

TF_SIMD void AccumulateInt8(int p, const int8_t* x, int n, int32_t* y) {
  for (int i = 0; i < n; ++i) y[i] += p * x[i];
}

}  // namespace ternfab
