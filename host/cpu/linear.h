// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "host/cpu/panels.h"
#include "host/cpu/thread_pool.h"
#include "models/huge_allocator.h"

// BitLinear on panels: quantised activations of a batch of tokens times packed matrices.

namespace ternfab::fast {

/// A packed ternary matrix and its scale; the bytes lie in a WeightStore.
struct PackedLinear {
  PanelMatrix matrix;
  float scale = 1;
};

/// One piece of memory for all packed matrices of a model.
class WeightStore {
 public:
  explicit WeightStore(int64_t bytes) : buffer_(size_t(bytes)) {}
  /// Packs `from` at the end; its bytes stay in place.
  PackedLinear Pack(const TernaryMatrix& from, PanelCode code, ThreadPool& pool);

 private:
  HugeBytes buffer_;
  int64_t used_ = 0;
};

/// int8 activations of a batch with the factor of each token.
struct Quantised {
  PanelInput input;
  std::vector<int8_t> rows;  ///< [tokens][cols]
  std::vector<float> s;      ///< 127 / max(absmax, 1e-5) of each token

  void Resize(int tokens, int cols);
  /// Token t from x[cols]; different tokens may be set by different threads.
  void Set(int t, const float* x);
};

/// Results [tokens][pitch] of a matrix; rows beyond the matrix are scratch.
struct LinearOutput {
  std::vector<int32_t> sums;
  std::vector<float> values;
  int64_t pitch = 0;

  void Resize(int tokens, const PanelMatrix& matrix);
  float* Row(int t) { return values.data() + t * pitch; }
};

/// Panels first .. last - 1 of one matrix: y = float(sum) * scale / s.
void Multiply(const PanelKernels& kernels, const PackedLinear& linear, const Quantised& x,
              int first, int last, LinearOutput& y);

}  // namespace ternfab::fast
