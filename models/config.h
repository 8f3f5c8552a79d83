// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "common/error.h"

namespace ternfab {

/// The non-linearity g of the gated feed-forward network, g(gate) * up.
enum class Activation { kRelu2, kSilu };

/// Shape and constants of a BitNet b1.58 decoder. All counts are elements, not bytes.
struct ModelConfig {
  std::string name;  ///< for people: preset name or general.name of the file
  int hidden = 0;    ///< d: width of the residual stream
  int ffn = 0;       ///< width of gate and up
  int layers = 0;
  int heads = 0;     ///< query heads
  int kv_heads = 0;  ///< key/value heads; divides heads
  int head_dim = 0;  ///< even
  int vocab = 0;
  int context = 0;  ///< longest sequence the model was made for, tokens
  double rope_theta = 10000;
  double norm_eps = 1e-5;
  Activation activation = Activation::kRelu2;
  bool tied_head = true;  ///< the LM head is the embedding table
  bool sub_norms = true;  ///< RMSNorm before o and before down
};

/// Checks every field and the relations between them; the message names field, value and rule.
Expected<void> Validate(const ModelConfig& config);

/// Ternary weights of all layers (without embedding and head).
int64_t TernaryWeights(const ModelConfig& config);

}  // namespace ternfab
