// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "common/error.h"
#include "models/config.h"
#include "models/gguf_reader.h"

namespace ternfab {

/// The architecture's name, which begins its keys. Error: none of those that ReadGgufConfig knows.
Expected<std::string> ReadGgufArchitecture(const GgufFile& file);

/// Whether files of the architecture hold the rows of q and k in the order of rotated pairs: row
/// 2j + p of a head stands for row p * head_dim/2 + j of the NEOX order. Only `llama` does.
bool HasPermutedHeads(std::string_view architecture);

/// The configuration that a file's keys and tensor list describe, validated. Architectures:
/// `bitnet` and `llama` (SiLU, or ReLU^2 when `{architecture}.hidden_activation` = relu2),
/// `bitnet-b1.58` and its synonym `bitnet-25` (ReLU^2). Errors: another architecture, a missing or
/// wrong key, a vocabulary unlike the embedding's, a feature that is not built (scaled RoPE,
/// partial rotation, experts).
Expected<ModelConfig> ReadGgufConfig(const GgufFile& file);

}  // namespace ternfab
