// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "models/model.h"

namespace ternfab {

inline constexpr std::string_view kEmbeddingTensor = "token_embd.weight";
inline constexpr std::string_view kHeadTensor = "output.weight";
inline constexpr std::string_view kOutputNormTensor = "output_norm.weight";

/// A ternary matrix of a layer: `blk.N.<name>.weight`, with an optional factor
/// `blk.N.<name>.scale`.
struct GgufMatrixName {
  std::string_view name;
  TernaryMatrix LayerWeights::*member;
  int rows;
  int cols;
};
inline std::vector<GgufMatrixName> GgufMatrixNames(const ModelConfig& c) {
  const int query = c.heads * c.head_dim;
  const int key = c.kv_heads * c.head_dim;
  return {{"attn_q", &LayerWeights::q, query, c.hidden},
          {"attn_k", &LayerWeights::k, key, c.hidden},
          {"attn_v", &LayerWeights::v, key, c.hidden},
          {"attn_output", &LayerWeights::o, c.hidden, query},
          {"ffn_gate", &LayerWeights::gate, c.ffn, c.hidden},
          {"ffn_up", &LayerWeights::up, c.ffn, c.hidden},
          {"ffn_down", &LayerWeights::down, c.hidden, c.ffn}};
}

/// An RMSNorm vector of a layer: `blk.N.<name>.weight`.
struct GgufNormName {
  std::string_view name;
  std::vector<float> LayerWeights::*member;
  int size;
};
inline std::vector<GgufNormName> GgufNormNames(const ModelConfig& c) {
  std::vector<GgufNormName> names = {{"attn_norm", &LayerWeights::attn_norm, c.hidden},
                                     {"ffn_norm", &LayerWeights::ffn_norm, c.hidden}};
  if (c.sub_norms) {
    names.push_back({"attn_sub_norm", &LayerWeights::attn_sub_norm, c.heads * c.head_dim});
    names.push_back({"ffn_sub_norm", &LayerWeights::ffn_sub_norm, c.ffn});
  }
  return names;
}

}  // namespace ternfab
