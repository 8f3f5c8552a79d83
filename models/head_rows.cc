// SPDX-License-Identifier: Apache-2.0
#include "models/head_rows.h"

#include <algorithm>

#include "common/check.h"

namespace ternfab {
namespace {

/// Row `row` of NEOX order among pairs side by side.
int PairedRow(int row, int head_dim) {
  const int in_head = row % head_dim, half = head_dim / 2;
  return row - in_head + in_head % half * 2 + in_head / half;
}

void CopyRow(const TernaryMatrix& from, int from_row, TernaryMatrix& to, int to_row) {
  const int64_t size = from.row_bytes();
  std::copy_n(from.packed().begin() + from_row * size, size, to.packed().begin() + to_row * size);
}

}  // namespace

TernaryMatrix UnpairHeadRows(const TernaryMatrix& matrix, int head_dim) {
  TF_CHECK(head_dim % 2 == 0 && matrix.rows() % head_dim == 0, "{} rows", matrix.rows());
  TernaryMatrix out = TernaryMatrix::Unwritten(matrix.rows(), matrix.cols(), matrix.scale());
  for (int r = 0; r < matrix.rows(); ++r) CopyRow(matrix, PairedRow(r, head_dim), out, r);
  return out;
}

TernaryMatrix PairHeadRows(const TernaryMatrix& matrix, int head_dim) {
  TF_CHECK(head_dim % 2 == 0 && matrix.rows() % head_dim == 0, "{} rows", matrix.rows());
  TernaryMatrix out = TernaryMatrix::Unwritten(matrix.rows(), matrix.cols(), matrix.scale());
  for (int r = 0; r < matrix.rows(); ++r) CopyRow(matrix, r, out, PairedRow(r, head_dim));
  return out;
}

}  // namespace ternfab
