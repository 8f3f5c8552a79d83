// SPDX-License-Identifier: Apache-2.0
#include "models/tensor.h"

#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "common/check.h"
#include "models/half.h"

namespace ternfab {
namespace {

/// The four trits of every packed byte.
constexpr std::array<std::array<int8_t, 4>, 256> kTritsOfByte = [] {
  std::array<std::array<int8_t, 4>, 256> table{};
  for (int byte = 0; byte < 256; ++byte) {
    for (int j = 0; j < 4; ++j) table[byte][j] = int8_t(((byte >> (2 * j)) & 3) - 1);
  }
  return table;
}();

constexpr uint8_t kAllZero = 0b01010101;  // four codes 1

uint16_t Read16(const uint8_t* p) { return uint16_t(p[0] | p[1] << 8); }

void ReadQ8_0(const uint8_t* block, std::span<float> out) {
  for (size_t start = 0; start < out.size(); start += 32, block += 34) {
    const float d = HalfToFloat(Read16(block));
    for (int i = 0; i < 32; ++i) out[start + i] = d * float(int8_t(block[2 + i]));
  }
}

void ReadQ6_K(const uint8_t* block, std::span<float> out) {
  for (size_t start = 0; start < out.size(); start += 256, block += 210) {
    const uint8_t* high_bits = block + 128;
    const uint8_t* scales = block + 192;
    const float d = HalfToFloat(Read16(block + 208));
    for (int e = 0; e < 256; ++e) {
      const int n = e / 128, g = e % 128 / 32, l = e % 32;
      const int low = block[64 * n + 32 * (g % 2) + l] >> (4 * (g / 2)) & 15;
      const int high = high_bits[32 * n + l] >> (2 * g) & 3;
      const float scale = d * float(int8_t(scales[8 * n + 2 * g + l / 16]));
      out[start + e] = scale * float((high << 4 | low) - 32);
    }
  }
}

}  // namespace

TernaryMatrix::TernaryMatrix(int rows, int cols, float scale)
    : rows_(rows), cols_(cols), scale_(scale), packed_(int64_t(rows) * row_bytes(), kAllZero) {
  TF_CHECK(rows > 0 && cols > 0, "{} x {}", rows, cols);
}

void TernaryMatrix::set_trit(int r, int c, int trit) {
  TF_CHECK(trit >= -1 && trit <= 1, "trit {}", trit);
  uint8_t& byte = packed_[int64_t(r) * row_bytes() + c / 4];
  const int shift = 2 * (c % 4);
  byte = uint8_t((byte & ~(3 << shift)) | (trit + 1) << shift);
}

void TernaryMatrix::UnpackRow(int r, std::span<int8_t> trits) const {
  TF_CHECK(int(trits.size()) == cols_, "{} trits for {} columns", trits.size(), cols_);
  const uint8_t* bytes = packed_.data() + int64_t(r) * row_bytes();
  int c = 0;
  for (; c + 4 <= cols_; c += 4) std::memcpy(&trits[c], kTritsOfByte[*bytes++].data(), 4);
  for (int j = 0; c < cols_; ++c, ++j) trits[c] = kTritsOfByte[*bytes][j];
}

void TernaryMatrix::PackRow(int r, std::span<const int8_t> trits) {
  TF_CHECK(int(trits.size()) == cols_, "{} trits for {} columns", trits.size(), cols_);
  uint8_t* bytes = packed_.data() + int64_t(r) * row_bytes();
  for (int c = 0; c < cols_; c += 4) {
    int byte = kAllZero;
    for (int j = 0; j < 4 && c + j < cols_; ++j) {
      TF_CHECK(trits[c + j] >= -1 && trits[c + j] <= 1, "trit {}", trits[c + j]);
      byte += trits[c + j] * (1 << (2 * j));
    }
    *bytes++ = uint8_t(byte);
  }
}

int64_t TernaryMatrix::CountZeros() const {
  constexpr uint64_t kLowBits = 0x5555555555555555;  // only code 1 has the low bit
  int64_t zeros = 0;
  size_t i = 0;
  for (; i + 8 <= packed_.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, packed_.data() + i, 8);
    zeros += std::popcount(word & kLowBits);
  }
  for (; i < packed_.size(); ++i) zeros += std::popcount(packed_[i] & kLowBits);
  const int pads = row_bytes() * 4 - cols_;
  return zeros - int64_t(pads) * rows_;
}

std::string_view TableTypeName(TableType type) {
  switch (type) {
    case TableType::kF32:
      return "F32";
    case TableType::kF16:
      return "F16";
    case TableType::kBF16:
      return "BF16";
    case TableType::kQ8_0:
      return "Q8_0";
    case TableType::kQ6_K:
      return "Q6_K";
  }
  return "?";
}

int TableBlock(TableType type) {
  if (type == TableType::kQ8_0) return 32;
  if (type == TableType::kQ6_K) return 256;
  return 1;
}

int64_t TableRowBytes(TableType type, int64_t cols) {
  TF_CHECK(cols % TableBlock(type) == 0, "{} columns of {}", cols, TableTypeName(type));
  switch (type) {
    case TableType::kF32:
      return cols * 4;
    case TableType::kF16:
    case TableType::kBF16:
      return cols * 2;
    case TableType::kQ8_0:
      return cols / 32 * 34;
    case TableType::kQ6_K:
      return cols / 256 * 210;
  }
  return 0;
}

RowTable::RowTable(TableType type, int rows, int cols, std::vector<uint8_t> bytes)
    : type_(type), rows_(rows), cols_(cols), bytes_(std::move(bytes)) {
  TF_CHECK(int64_t(bytes_.size()) == rows * TableRowBytes(type, cols), "{} bytes for {} x {} {}",
           bytes_.size(), rows, cols, TableTypeName(type));
}

void RowTable::ReadRow(int r, std::span<float> out) const {
  TF_CHECK(r >= 0 && r < rows_ && int(out.size()) == cols_, "row {} of {}, {} of {} columns", r,
           rows_, out.size(), cols_);
  const uint8_t* row = bytes_.data() + r * TableRowBytes(type_, cols_);
  switch (type_) {
    case TableType::kF32:
      std::memcpy(out.data(), row, out.size_bytes());
      return;
    case TableType::kF16:
      for (int c = 0; c < cols_; ++c) out[c] = HalfToFloat(Read16(row + 2 * c));
      return;
    case TableType::kBF16:
      for (int c = 0; c < cols_; ++c) out[c] = Bf16ToFloat(Read16(row + 2 * c));
      return;
    case TableType::kQ8_0:
      return ReadQ8_0(row, out);
    case TableType::kQ6_K:
      return ReadQ6_K(row, out);
  }
}

bool RowTable::AllFinite() const {
  // 16-bit word of each unit that holds the exponent: unit bytes, word's offset, exponent mask.
  struct Probe {
    size_t unit, offset;
    uint16_t mask;
  };
  constexpr Probe kProbes[] = {
      {4, 2, 0x7f80}, {2, 0, 0x7c00}, {2, 0, 0x7f80}, {34, 0, 0x7c00}, {210, 208, 0x7c00}};
  const Probe& probe = kProbes[int(type_)];
  for (size_t i = probe.offset; i < bytes_.size(); i += probe.unit) {
    if ((Read16(&bytes_[i]) & probe.mask) == probe.mask) return false;
  }
  return true;
}

}  // namespace ternfab
