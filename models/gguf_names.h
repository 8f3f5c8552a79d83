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
/// `blk.N.<name>.scale`. In safetensors: `model.layers.N.<hf_name>.weight` and `.weight_scale`.
struct GgufMatrixName {
  std::string_view name;
  TernaryMatrix LayerWeights::*member;
  int rows;
  int cols;
  std::string_view hf_name;
};
inline std::vector<GgufMatrixName> GgufMatrixNames(const ModelConfig& c) {
  const int query = c.heads * c.head_dim;
  const int key = c.kv_heads * c.head_dim;
  return {{"attn_q", &LayerWeights::q, query, c.hidden, "self_attn.q_proj"},
          {"attn_k", &LayerWeights::k, key, c.hidden, "self_attn.k_proj"},
          {"attn_v", &LayerWeights::v, key, c.hidden, "self_attn.v_proj"},
          {"attn_output", &LayerWeights::o, c.hidden, query, "self_attn.o_proj"},
          {"ffn_gate", &LayerWeights::gate, c.ffn, c.hidden, "mlp.gate_proj"},
          {"ffn_up", &LayerWeights::up, c.ffn, c.hidden, "mlp.up_proj"},
          {"ffn_down", &LayerWeights::down, c.hidden, c.ffn, "mlp.down_proj"}};
}

/// An RMSNorm vector of a layer: `blk.N.<name>.weight`; in safetensors
/// `model.layers.N.<hf_name>.weight`, in older BitNet checkpoints <old_hf_name> ("": the same).
struct GgufNormName {
  std::string_view name;
  std::vector<float> LayerWeights::*member;
  int size;
  std::string_view hf_name;
  std::string_view old_hf_name;
};
inline std::vector<GgufNormName> GgufNormNames(const ModelConfig& c) {
  std::vector<GgufNormName> names = {
      {"attn_norm", &LayerWeights::attn_norm, c.hidden, "input_layernorm", ""},
      {"ffn_norm", &LayerWeights::ffn_norm, c.hidden, "post_attention_layernorm", ""}};
  if (c.sub_norms) {
    names.push_back({"attn_sub_norm", &LayerWeights::attn_sub_norm, c.heads * c.head_dim,
                     "self_attn.attn_sub_norm", "self_attn.inner_attn_ln"});
    names.push_back({"ffn_sub_norm", &LayerWeights::ffn_sub_norm, c.ffn, "mlp.ffn_sub_norm",
                     "mlp.ffn_layernorm"});
  }
  return names;
}

}  // namespace ternfab
