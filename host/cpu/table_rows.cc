// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/table_rows.h"

#include <bit>
#include <cstring>
#include <span>

#include "host/cpu/simd.h"
#include "models/half.h"

namespace ternfab::fast {
namespace {

constexpr int kBlock = 256, kBlockBytes = 210;  // of Q6_K

/// 16 elements: a nibble of `low`, two bits of `high`, one scale.
inline __attribute__((always_inline)) void Sixteen(const uint8_t* __restrict low, int low_shift,
                                                   const uint8_t* __restrict high, int high_shift,
                                                   float scale, float* __restrict out) {
  for (int l = 0; l < 16; ++l) {
    const int q = (low[l] >> low_shift & 15) | (high[l] >> high_shift & 3) << 4;
    out[l] = scale * float(q - 32);
  }
}

/// One block of Q6_K with the factor `d` (models/tensor.cc has the layout, element by element).
TF_SIMD void ReadBlock(const uint8_t* __restrict block, float d, float* __restrict out) {
  const int8_t* scales = reinterpret_cast<const int8_t*>(block + 192);
  for (int n = 0; n < 2; ++n) {
    for (int half = 0; half < 2; ++half) {
      const uint8_t* low = block + 64 * n + 16 * half;
      const uint8_t* high = block + 128 + 32 * n + 16 * half;
      const int8_t* s = scales + 8 * n + half;
      float* to = out + 128 * n + 16 * half;
      Sixteen(low, 0, high, 0, d * float(s[0]), to);
      Sixteen(low + 32, 0, high, 2, d * float(s[2]), to + 32);
      Sixteen(low, 4, high, 4, d * float(s[4]), to + 64);
      Sixteen(low + 32, 4, high, 6, d * float(s[6]), to + 96);
    }
  }
}

TF_SIMD void WidenBf16(const uint8_t* from, float* to, int n) {
  for (int i = 0; i < n; ++i) {
    uint16_t bits;  // at any alignment
    std::memcpy(&bits, from + 2 * i, sizeof(bits));
    to[i] = std::bit_cast<float>(uint32_t(bits) << 16);
  }
}

}  // namespace

void ReadRowFast(const RowTable& table, int row, float* out) {
  const int cols = table.cols();
  const uint8_t* bytes = table.bytes().data() + row * TableRowBytes(table.type(), cols);
  if (table.type() == TableType::kQ6_K) {
    for (int at = 0; at < cols; at += kBlock, bytes += kBlockBytes) {
      const float d = HalfToFloat(uint16_t(bytes[208] | bytes[209] << 8));
      ReadBlock(bytes, d, out + at);
    }
  } else if (table.type() == TableType::kBF16) {
    WidenBf16(bytes, out, cols);
  } else {
    table.ReadRow(row, {out, size_t(cols)});
  }
}

}  // namespace ternfab::fast
