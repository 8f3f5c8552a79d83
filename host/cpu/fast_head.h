// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
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
  /// Calls pack(first row, int8 rows) for every panel's rows, of which scales_ gets the scales.
  void QuantisePanels(const RowTable& table, ThreadPool& pool,
                      const std::function<void(int, std::span<const int8_t>)>& pack);
  void PackInt8(const RowTable& table, ThreadPool& pool);
  void PackSplit(const RowTable& table, ThreadPool& pool);
  void RoundToBf16(const RowTable& table, ThreadPool& pool);
  void ScoreInt8(const float* h, const PanelKernels& kernels, ThreadPool& pool,
                 std::vector<float>& logits);
  void ScoreSplit(const float* h, const PanelKernels& kernels, ThreadPool& pool,
                  std::vector<float>& logits);
  /// logits of the rows of panel `panel` from their int32 sums.
  void SetLogits(int panel, const int32_t* sums, std::vector<float>& logits) const;

  HeadKind kind_;
  const RowTable* table_ = nullptr;
  int rows_, cols_;
  HugeBytes buffer_;
  PanelMatrix int8_;
  PanelMatrix high_, low_;     ///< of kSplit; `low` less 8
  std::vector<float> scales_;  ///< of int8 rows
  Quantised x_;
  LinearOutput y_;
  std::vector<int32_t> rough_, low_sums_;  ///< of kSplit
};

}  // namespace ternfab::fast
