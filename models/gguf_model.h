// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/error.h"
#include "models/gguf_reader.h"
#include "models/load_options.h"
#include "models/model.h"

namespace ternfab {

/// The model of a parsed file, without tokenizer. Errors: those of
/// ReadGgufConfig; a tensor that is missing, unknown, of the wrong shape or type, not finite or
/// with code 3; float weights, unless `options.ternarize` asks to quantise them.
Expected<Model> BuildGgufModel(const GgufFile& file, const LoadOptions& options);

}  // namespace ternfab
