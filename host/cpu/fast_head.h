// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "host/cpu/head.h"
#include "host/cpu/linear.h"

namespace ternfab::fast {

/// The LM head of the fast reference: scores every row for one token.
class Head {
 public:
  /// kModel reads `table`, which then outlives the head; the others keep a copy of their own.
  Head(const RowTable& table, HeadKind kind, ThreadPool& pool);

  /// logits[row] from the final norm's output h[hidden].
  void Score(const float* h, const PanelKernels& kernels, ThreadPool& pool,
             std::vector<float>& logits);

 private:
  void PackInt8(const RowTable& table, ThreadPool& pool);
  void RoundToBf16(const RowTable& table, ThreadPool& pool);
  void ScoreInt8(const float* h, const PanelKernels& kernels, ThreadPool& pool,
                 std::vector<float>& logits);

  HeadKind kind_;
  const RowTable* table_ = nullptr;
  int rows_, cols_;
  HugeBuffer buffer_;
  PanelMatrix int8_;
  std::vector<float> scales_;  ///< of int8 rows
  Quantised x_;
  LinearOutput y_;
};

}  // namespace ternfab::fast
