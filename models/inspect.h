// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/model.h"

namespace ternfab {

/// The matrices of one class (attn_q, ..., ffn_down) over all layers.
struct TernaryClassSummary {
  std::string name;
  int rows = 0;
  int cols = 0;
  int64_t weights = 0;  ///< over all layers
  int64_t zeros = 0;    ///< of `weights`
  float min_scale = 0;  ///< over the layers
  float max_scale = 0;

  double zero_fraction() const { return double(zeros) / double(weights); }
};

/// One ternary matrix.
struct TernaryTensorSummary {
  std::string name;  ///< `blk.N.<class>`
  int rows = 0;
  int cols = 0;
  int64_t negatives = 0;
  int64_t zeros = 0;
  int64_t positives = 0;
  float scale = 0;

  int64_t weights() const { return int64_t(rows) * cols; }
  double zero_fraction() const { return double(zeros) / double(weights()); }
  /// Bits a weight that the three frequencies hold: at most log2(3) = 1.585.
  double entropy() const;
};

/// Bytes of a model by role. Ternary weights at two bits, rows padded to bytes.
struct ModelBytes {
  int64_t ternary = 0;
  int64_t embedding = 0;
  int64_t head = 0;  ///< 0 when tied
  int64_t norms = 0;

  int64_t total() const { return ternary + embedding + head + norms; }
};

/// What `ternfab model inspect` shows.
struct ModelSummary {
  ModelConfig config;
  std::vector<TernaryClassSummary> classes;   ///< in the order of a layer's computation
  std::vector<TernaryTensorSummary> tensors;  ///< layer by layer, in the same order
  int64_t ternary_weights = 0;
  int64_t ternary_zeros = 0;
  int64_t parameters = 0;  ///< ternary, tables and norms
  ModelBytes bytes;
  std::string embedding_type;  ///< F32, F16, BF16, Q8_0 or Q6_K
  std::string head_type;
  bool synthetic = false;
  int tokenizer_vocab = 0;      ///< 0: no tokenizer
  std::string tokenizer_error;  ///< why there is none

  double zero_fraction() const { return double(ternary_zeros) / double(ternary_weights); }
  /// Mean over the weights of their tensor's entropy, bits.
  double entropy() const;
};

ModelSummary InspectModel(const Model& model);

}  // namespace ternfab
