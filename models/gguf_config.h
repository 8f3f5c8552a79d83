// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/error.h"
#include "models/config.h"
#include "models/gguf_reader.h"

namespace ternfab {

/// The configuration that a file's keys and tensor list describe, validated. Architectures:
/// `bitnet` (SiLU, or ReLU^2 when `bitnet.hidden_activation` = relu2), `bitnet-b1.58` and its
/// synonym `bitnet-25` (ReLU^2). Errors: another architecture, a missing or wrong key, a feature
/// that is not built (scaled RoPE, partial rotation, experts).
Expected<ModelConfig> ReadGgufConfig(const GgufFile& file);

}  // namespace ternfab
