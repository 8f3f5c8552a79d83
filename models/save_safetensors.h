// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "common/error.h"
#include "models/model.h"

namespace ternfab {

/// Writes `config.json` and `model.safetensors` into an existing folder: packed BitNet weights with
/// direct scales (`linear_class: autobitlinear`), in the names of transformers. Lossless: scales
/// and norms are BF16 where that holds them, else F32; tables keep F32, F16 and BF16, and Q8_0 and
/// Q6_K become the F32 values that they decode to. Errors: a matrix whose rows are no multiple of
/// 4, and those of the file system; files may then be incomplete.
Expected<void> SaveSafetensors(const Model& model, const std::filesystem::path& folder);

}  // namespace ternfab
