// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/model.h"

namespace ternfab {

/// A model of the given shape with random trits (a third zeros), scales, norms and F32 tables; no
/// tokenizer. The same config and seed give the same model.
Model RandomModel(const ModelConfig& config, uint64_t seed);

/// A valid configuration that fits the preset `nano`: hidden 64, ffn 160, 2 layers, 4 heads, 2 KV
/// heads of 16, vocab 96, context 40, sub norms, ReLU^2, tied head.
ModelConfig SmallConfig();

}  // namespace ternfab
