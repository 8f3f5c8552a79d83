// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ternfab {

/// Ternary rows repacked for the CPU. Blocks of 128 columns take 32 bytes: code (trit + 1) of
/// column 128*b + 32*g + j lies in bits 2g..2g+1 of byte j of block b. Columns are padded with trit
/// 0.
class TernaryBlock {
 public:
  TernaryBlock(int rows, int cols);

  int rows() const { return rows_; }
  int cols() const { return cols_; }
  int padded_cols() const { return 128 * blocks_; }

  /// `trits` holds cols() values of -1, 0, 1.
  void SetRow(int row, std::span<const int8_t> trits);

  /// y[r] = sum over c of trit(r, c) * x[c], exact in int32 for up to 2^23 columns; x has
  /// padded_cols() values, 0 beyond cols().
  void Multiply(const int8_t* x, int32_t* y) const;

  /// The same, written for the eye: the other one is compared with it.
  void MultiplyScalar(const int8_t* x, int32_t* y) const;

 private:
  int rows_;
  int cols_;
  int blocks_;
  std::vector<uint8_t> codes_;  ///< [rows][blocks][32]
};

/// sum over i < n of a[i] * b[i].
int32_t DotInt8(const int8_t* a, const int8_t* b, int n);

/// y[i] += p * x[i] for i < n.
void AccumulateInt8(int p, const int8_t* x, int n, int32_t* y);

}  // namespace ternfab
