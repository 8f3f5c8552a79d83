// SPDX-License-Identifier: Apache-2.0
#include <fmt/ranges.h>

#include "models/model.h"

namespace ternfab {
namespace {

constexpr Activation kRelu2 = Activation::kRelu2;
constexpr Activation kSilu = Activation::kSilu;

// Shapes as in the config.json of each public checkpoint. The 70B one has no checkpoint: its shape
// is the LLaMA-like one of the BitNet b1.58 paper's cost table. Falcon3-1B was published with a
// context of 4096, its larger siblings with 32768.
std::vector<ModelConfig> Presets() {
  //  name           d     ffn   layers heads kv head vocab  context theta   eps   act    tied  sub
  return {
      {"bitnet-2b4t", 2560, 6912, 30, 20, 5, 128, 128256, 4096, 500000, 1e-5, kRelu2, true, true},
      {"bitnet-0.7b", 1536, 4096, 24, 16, 16, 96, 32002, 2048, 10000, 1e-5, kSilu, true, true},
      {"bitnet-1.3b", 2048, 5460, 24, 32, 32, 64, 32002, 2048, 10000, 1e-5, kSilu, true, true},
      {"bitnet-3b", 3200, 8640, 26, 32, 32, 100, 32002, 2048, 10000, 1e-5, kSilu, true, true},
      {"llama3-8b-1.58", 4096, 14336, 32, 32, 8, 128, 128256, 8192, 500000, 1e-5, kSilu, false,
       false},
      {"falcon3-1b", 2048, 8192, 18, 8, 4, 256, 131072, 4096, 1000042, 1e-6, kSilu, false, false},
      {"falcon3-3b", 3072, 9216, 22, 12, 4, 256, 131072, 32768, 1000042, 1e-6, kSilu, false, false},
      {"falcon3-7b", 3072, 23040, 28, 12, 4, 256, 131072, 32768, 1000042, 1e-6, kSilu, false,
       false},
      {"falcon3-10b", 3072, 23040, 40, 12, 4, 256, 131072, 32768, 1000042, 1e-6, kSilu, false,
       false},
      {"bitnet-70b", 8192, 22016, 80, 64, 64, 128, 32000, 2048, 10000, 1e-5, kSilu, false, true},
  };
}

}  // namespace

const std::vector<ModelConfig>& ModelPresets() {
  static const auto& presets = *new std::vector<ModelConfig>(Presets());
  return presets;
}

Expected<ModelConfig> FindModelPreset(std::string_view name) {
  std::vector<std::string> names;
  for (const ModelConfig& preset : ModelPresets()) {
    if (preset.name == name) return preset;
    names.push_back(preset.name);
  }
  return Fail("model config {}: must be one of {}", name, fmt::join(names, ", "));
}

}  // namespace ternfab
