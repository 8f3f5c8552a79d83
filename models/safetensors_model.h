// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "common/error.h"
#include "models/hf_config.h"
#include "models/load_options.h"
#include "models/model.h"
#include "models/safetensors_reader.h"

namespace ternfab {

/// The model that a configuration and tensors in the names of transformers make, without tokenizer;
/// `where` (a folder or file) begins the messages about missing tensors. Errors: a tensor that is
/// missing, unknown, of another shape or type than `hf` says, not finite or with code 3; float
/// weights that no BitNet was trained with, unless `options.ternarize`.
Expected<Model> BuildHfModel(const HfConfig& hf, const SafetensorsMap& tensors,
                             const std::string& where, const LoadOptions& options);

}  // namespace ternfab
