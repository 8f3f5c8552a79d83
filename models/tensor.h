// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "models/huge_allocator.h"

namespace ternfab {

/// W[r][c] = scale * trit(r, c), trit in {-1, 0, 1}; r = output feature, c = input feature.
/// Stored two bits a trit: code = trit + 1 of element (r, c) in bits 2(c%4)..2(c%4)+1 of byte
/// r * row_bytes() + c/4; pad bits of a row are code 1 (trit 0).
class TernaryMatrix {
 public:
  TernaryMatrix() = default;
  /// All trits zero.
  TernaryMatrix(int rows, int cols, float scale);
  /// Trits and pads unwritten, for those who write them all.
  static TernaryMatrix Unwritten(int rows, int cols, float scale);

  int rows() const { return rows_; }
  int cols() const { return cols_; }
  float scale() const { return scale_; }
  void set_scale(float scale) { scale_ = scale; }
  int row_bytes() const { return (cols_ + 3) / 4; }

  int trit(int r, int c) const {
    return ((packed_[int64_t(r) * row_bytes() + c / 4] >> (2 * (c % 4))) & 3) - 1;
  }
  void set_trit(int r, int c, int trit);

  /// Writes cols() trits of row r.
  void UnpackRow(int r, std::span<int8_t> trits) const;
  /// Reads cols() trits of row r, each -1, 0 or 1.
  void PackRow(int r, std::span<const int8_t> trits);

  std::span<const uint8_t> packed() const { return packed_; }
  std::span<uint8_t> packed() { return packed_; }

  /// Number of zero trits (pads not counted).
  int64_t CountZeros() const;

  bool operator==(const TernaryMatrix&) const = default;

 private:
  int rows_ = 0;
  int cols_ = 0;
  float scale_ = 1;
  HugeBytes packed_;
};

/// Encodings of a table of floats, as ggml names them.
enum class TableType { kF32, kF16, kBF16, kQ8_0, kQ6_K };

/// "F32", "F16", "BF16", "Q8_0", "Q6_K".
std::string_view TableTypeName(TableType type);
/// Elements that are encoded together: 1, 32 (Q8_0) or 256 (Q6_K).
int TableBlock(TableType type);
/// Bytes of a row of `cols` elements; cols is a multiple of TableBlock(type).
int64_t TableRowBytes(TableType type, int64_t cols);

/// A table of float rows (embedding or LM head), kept as stored and decoded row by row. Its bytes
/// never change: copies share them. They may have any alignment.
class RowTable {
 public:
  RowTable() = default;
  /// `bytes` holds rows x TableRowBytes(type, cols); cols is a multiple of the type's block.
  RowTable(TableType type, int rows, int cols, std::vector<uint8_t> bytes);
  /// The same of bytes that stay where they are as long as a copy of `owner` exists: a mapped file.
  RowTable(TableType type, int rows, int cols, std::span<const uint8_t> bytes,
           std::shared_ptr<const void> owner);

  int rows() const { return rows_; }
  int cols() const { return cols_; }
  TableType type() const { return type_; }
  bool empty() const { return rows_ == 0; }

  /// Decodes row r into cols() floats.
  void ReadRow(int r, std::span<float> out) const;

  /// False when an element (or a block's scale) is infinite or NaN.
  bool AllFinite() const { return AllFinite(0, rows_); }
  /// The same of rows first to end - 1.
  bool AllFinite(int first, int end) const;

  std::span<const uint8_t> bytes() const { return bytes_; }

  /// The same type, shape and bytes.
  bool operator==(const RowTable& other) const;

 private:
  TableType type_ = TableType::kF32;
  int rows_ = 0;
  int cols_ = 0;
  std::shared_ptr<const void> owner_;
  std::span<const uint8_t> bytes_;  ///< kept by owner_
};

}  // namespace ternfab
