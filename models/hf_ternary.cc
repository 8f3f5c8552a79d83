// SPDX-License-Identifier: Apache-2.0
#include "models/hf_ternary.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "common/check.h"
#include "models/trit_codes.h"

namespace ternfab {
namespace {

constexpr float kLeastScale = 1e-5f;

}  // namespace

Expected<TernaryMatrix> DecodeHfPacked(int rows, int cols, float scale,
                                       std::span<const uint8_t> bytes, std::string_view where) {
  const int quarter = rows / 4;
  TF_CHECK(rows % 4 == 0 && int64_t(bytes.size()) == int64_t(quarter) * cols, "{} bytes",
           bytes.size());
  TernaryMatrix matrix = TernaryMatrix::Unwritten(rows, cols, scale);
  const int whole = cols / kCodeBlock * kCodeBlock;
  bool valid = true;
  for (int r = 0; r < quarter; ++r) {
    const auto row = bytes.subspan(int64_t(r) * cols, cols);
    std::array<uint8_t*, 4> to;
    for (int i = 0; i < 4; ++i) {
      to[i] = matrix.packed().data() + (int64_t(i) * quarter + r) * matrix.row_bytes();
      JoinField(row.subspan(whole), i, to[i] + whole / 4);
    }
    valid &= SplitCodes(row.data(), whole / kCodeBlock, to, kCodeBlock / 4);
    valid &= FindCode3(row.subspan(whole)) < 0;
  }
  if (!valid) {
    return Fail("{}: byte {}: code 3: must be 0, 1 or 2", where, FindCode3(bytes));
  }
  return matrix;
}

Expected<std::vector<uint8_t>> EncodeHfPacked(const TernaryMatrix& matrix, std::string_view where) {
  const int cols = matrix.cols();
  if (matrix.rows() % 4 != 0) {
    return Fail("{}: {} x {}: rows must be a multiple of 4, which packed U8 requires", where,
                matrix.rows(), cols);
  }
  const int quarter = matrix.rows() / 4;
  std::vector<uint8_t> bytes(int64_t(quarter) * cols);
  std::vector<int8_t> trits(cols);
  for (int r = 0; r < matrix.rows(); ++r) {
    matrix.UnpackRow(r, trits);
    uint8_t* to = &bytes[int64_t(r % quarter) * cols];
    const int shift = 2 * (r / quarter);
    for (int c = 0; c < cols; ++c) to[c] |= uint8_t((trits[c] + 1) << shift);
  }
  return bytes;
}

Expected<TernaryMatrix> TernarizeAbsmean(const RowTable& weights, std::string_view where) {
  if (!weights.AllFinite()) return Fail("{}: infinity or NaN: must be finite", where);
  std::vector<float> row(weights.cols());
  double sum = 0;
  for (int r = 0; r < weights.rows(); ++r) {
    weights.ReadRow(r, row);
    for (const float w : row) sum += std::fabs(double(w));
  }
  const double mean = sum / (double(weights.rows()) * weights.cols());
  const float scale = std::max(float(mean), kLeastScale);
  TernaryMatrix matrix = TernaryMatrix::Unwritten(weights.rows(), weights.cols(), scale);
  std::vector<int8_t> trits(weights.cols());
  for (int r = 0; r < weights.rows(); ++r) {
    weights.ReadRow(r, row);
    for (int c = 0; c < weights.cols(); ++c) {
      const float x = row[c] / scale;  // one half rounds to even, to 0
      trits[c] = int8_t(int(x > 0.5f) - int(x < -0.5f));
    }
    matrix.PackRow(r, trits);
  }
  return matrix;
}

}  // namespace ternfab
