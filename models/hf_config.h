// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/error.h"
#include "models/config.h"

namespace ternfab {

/// How a Hugging Face checkpoint stores the weights of its ternary layers.
enum class HfWeights {
  kPackedReciprocal,  ///< U8, W = T / weight_scale
  kPackedDirect,      ///< U8, W = T * weight_scale
  kMasters,           ///< floats that a BitNet was trained with: quantised by absmean on load
  kPlain,             ///< floats of a model that is no BitNet
};

/// What a `config.json` says. Facts that only the tensors know are filled in by the loader:
/// `config.sub_norms`, and `config.tied_head` where `tied` is empty.
struct HfConfig {
  ModelConfig config;
  HfWeights weights = HfWeights::kPlain;
  std::optional<bool> tied;  ///< tie_word_embeddings
};

/// Reads the text of a `config.json`; `where` is its path, `name` the model's name where the text
/// has none. Model types: bitnet and llama.
///
/// The scale's convention follows from `quantization_config` (transformers,
/// integrations/bitnet.py): `quantization_mode: online` means masters; `linear_class:
/// autobitlinear` multiplies by weight_scale, `bitlinear` (the default) divides by it. Without
/// `quantization_config` the weights are masters in a BitNet (model_type or architectures say so,
/// or `weight_bits` is there). Errors: a missing or wrong field, a feature that is not built
/// (scaled RoPE, biases, linear layers that stay float).
Expected<HfConfig> ReadHfConfig(std::string_view text, const std::string& where,
                                const std::string& name);

}  // namespace ternfab
