// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/linear.h"

#include "common/check.h"
#include "host/cpu/float_ops.h"

namespace ternfab::fast {
namespace {

constexpr float kLeastAbsMax = 1e-5f;

}  // namespace

PackedLinear WeightStore::Pack(const TernaryMatrix& from, PanelCode code, ThreadPool& pool) {
  PackedLinear linear;
  linear.scale = from.scale();
  linear.matrix = {code, from.rows(), from.cols(), nullptr};
  TF_CHECK(used_ + linear.matrix.size() <= int64_t(buffer_.size()), "{} bytes", buffer_.size());
  uint8_t* out = buffer_.data() + used_;
  used_ += linear.matrix.size();
  linear.matrix.bytes = out;
  pool.Split(linear.matrix.panels(), 1, [&](int64_t first, int64_t last) {
    for (int64_t p = first; p < last; ++p) {
      PackTernaryPanel(from, linear.matrix, int(p), out + p * linear.matrix.panel_bytes());
    }
  });
  return linear;
}

void Quantised::Resize(int tokens, int cols) {
  input.Resize(tokens, cols);
  rows.resize(size_t(tokens) * size_t(cols));
  s.resize(size_t(tokens));
}

void Quantised::Set(int t, const float* x) {
  const int cols = input.cols();
  int8_t* row = rows.data() + int64_t(t) * cols;
  s[size_t(t)] = 127.0f / AbsMax(x, cols, kLeastAbsMax);
  Quantise(x, s[size_t(t)], row, cols);
  input.Set(t, row);
}

void LinearOutput::Resize(int tokens, const PanelMatrix& matrix) {
  pitch = matrix.padded_rows();
  sums.resize(size_t(tokens * pitch));
  values.resize(size_t(tokens * pitch));
}

void Multiply(const PanelKernels& kernels, const PackedLinear& linear, const Quantised& x,
              int first, int last, LinearOutput& y) {
  kernels.multiply({linear.matrix, &x.input, first, last, y.sums.data(), y.pitch});
  const int64_t row = int64_t(first) * kPanelRows;
  for (int t = 0; t < x.input.tokens(); ++t) {
    ScaleSums(y.sums.data() + t * y.pitch + row, linear.scale, x.s[size_t(t)], y.Row(t) + row,
              (last - first) * kPanelRows);
  }
}

}  // namespace ternfab::fast
