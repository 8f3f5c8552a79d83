// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.h"
#include "models/config.h"
#include "models/tensor.h"
#include "models/tokenizer.h"

namespace ternfab {

/// Weights of one decoder layer. Sub-norm vectors are empty when the model has none.
struct LayerWeights {
  std::vector<float> attn_norm;      ///< [hidden]
  std::vector<float> attn_sub_norm;  ///< [heads * head_dim]
  std::vector<float> ffn_norm;       ///< [hidden]
  std::vector<float> ffn_sub_norm;   ///< [ffn]
  TernaryMatrix q;                   ///< [heads * head_dim][hidden]
  TernaryMatrix k;                   ///< [kv_heads * head_dim][hidden]
  TernaryMatrix v;                   ///< [kv_heads * head_dim][hidden]
  TernaryMatrix o;                   ///< [hidden][heads * head_dim]
  TernaryMatrix gate;                ///< [ffn][hidden]
  TernaryMatrix up;                  ///< [ffn][hidden]
  TernaryMatrix down;                ///< [hidden][ffn]
};

/// A whole model in memory. RoPE is NEOX (pairs i, i + head_dim/2): loaders undo permutations.
struct Model {
  ModelConfig config;
  RowTable embedding;              ///< [vocab][hidden]
  RowTable untied_head;            ///< [vocab][hidden]; empty when config.tied_head
  std::vector<float> output_norm;  ///< [hidden]
  std::vector<LayerWeights> layers;
  std::shared_ptr<const Tokenizer> tokenizer;  ///< null: the model has none that is supported
  std::string tokenizer_error;                 ///< one line: why `tokenizer` is null
  bool synthetic = false;                      ///< weights are random (`synth:`)

  /// Gives the memory of layers and tables back; configuration and tokenizer stay.
  void ReleaseWeights() {
    layers = {};
    embedding = untied_head = {};
  }

  const RowTable& head() const { return config.tied_head ? embedding : untied_head; }
};

/// Shapes of public models by name (`bitnet-2b4t`, ...), without weights.
const std::vector<ModelConfig>& ModelPresets();
Expected<ModelConfig> FindModelPreset(std::string_view name);

/// Random ternary weights (a third zeros, N(0) embedding in Q6_K, or F32 where hidden is no
/// multiple of 256) of the given shape. Same config and seed give the same bits everywhere.
Expected<Model> SynthesizeModel(const ModelConfig& config, uint64_t seed);

/// What `--model` takes: a GGUF file, a folder that holds one, `tales` (the shipped checkpoint), or
/// `synth:<config>[:seed]`. Errors name the file, the tensor and the rule.
Expected<Model> LoadModel(const std::string& name);

Expected<Model> LoadGguf(const std::filesystem::path& path);

/// How SaveGguf stores the ternary matrices and the tables.
struct GgufWriteOptions {
  std::string ternary_type = "I2_S";          ///< I2_S, TQ1_0 or TQ2_0
  std::string architecture = "bitnet-b1.58";  ///< or `bitnet`
};
/// Writes beside `path` and renames: nothing half-written is left behind.
Expected<void> SaveGguf(const Model& model, const std::filesystem::path& path,
                        const GgufWriteOptions& options);

}  // namespace ternfab
