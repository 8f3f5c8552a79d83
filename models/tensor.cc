// SPDX-License-Identifier: Apache-2.0
#include "models/tensor.h"

#include <algorithm>
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

/// Whether no word at `offset` of units of `unit` bytes has all bits of `mask`. Without a way out
/// of the inner loop, compilers vectorise it.
template <int unit, int offset, int mask>
bool NoneHasAllBits(std::span<const uint8_t> bytes) {
  constexpr size_t kUnits = 4096;
  const size_t units = bytes.size() / unit;
  for (size_t start = 0; start < units; start += kUnits) {
    const uint8_t* from = bytes.data() + start * unit + offset;
    const size_t count = std::min(kUnits, units - start);
    uint16_t most = 0;
    for (size_t i = 0; i < count; ++i) {
      uint16_t word;
      std::memcpy(&word, from + i * unit, sizeof(word));
      most = std::max(most, uint16_t(word & mask));
    }
    if (most == mask) return false;
  }
  return true;
}

}  // namespace

TernaryMatrix::TernaryMatrix(int rows, int cols, float scale)
    : TernaryMatrix(Unwritten(rows, cols, scale)) {
  std::fill(packed_.begin(), packed_.end(), kAllZero);
}

TernaryMatrix TernaryMatrix::Unwritten(int rows, int cols, float scale) {
  TF_CHECK(rows > 0 && cols > 0, "{} x {}", rows, cols);
  TernaryMatrix matrix;
  matrix.rows_ = rows;
  matrix.cols_ = cols;
  matrix.scale_ = scale;
  matrix.packed_.resize(int64_t(rows) * matrix.row_bytes());
  return matrix;
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

RowTable::RowTable(TableType type, int rows, int cols, std::span<const uint8_t> bytes,
                   std::shared_ptr<const void> owner)
    : type_(type), rows_(rows), cols_(cols), owner_(std::move(owner)), bytes_(bytes) {
  TF_CHECK(int64_t(bytes.size()) == rows * TableRowBytes(type, cols), "{} bytes for {} x {} {}",
           bytes.size(), rows, cols, TableTypeName(type));
}

RowTable::RowTable(TableType type, int rows, int cols, std::vector<uint8_t> bytes) {
  const auto owner = std::make_shared<const std::vector<uint8_t>>(std::move(bytes));
  *this = RowTable(type, rows, cols, *owner, owner);
}

bool RowTable::operator==(const RowTable& other) const {
  return type_ == other.type_ && rows_ == other.rows_ && cols_ == other.cols_ &&
         std::ranges::equal(bytes_, other.bytes_);
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

bool RowTable::AllFinite(int first, int end) const {
  TF_CHECK(first >= 0 && first <= end && end <= rows_, "rows {} to {} of {}", first, end, rows_);
  const int64_t row_bytes = TableRowBytes(type_, cols_);
  const auto bytes = bytes_.subspan(first * row_bytes, (end - first) * row_bytes);
  switch (type_) {  // the 16-bit word of each element or block that holds the exponent
    case TableType::kF32:
      return NoneHasAllBits<4, 2, 0x7f80>(bytes);
    case TableType::kF16:
      return NoneHasAllBits<2, 0, 0x7c00>(bytes);
    case TableType::kBF16:
      return NoneHasAllBits<2, 0, 0x7f80>(bytes);
    case TableType::kQ8_0:
      return NoneHasAllBits<34, 0, 0x7c00>(bytes);
    case TableType::kQ6_K:
      return NoneHasAllBits<210, 208, 0x7c00>(bytes);
  }
  return false;
}

}  // namespace ternfab
