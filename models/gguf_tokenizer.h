// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "common/error.h"
#include "models/gguf_reader.h"
#include "models/tokenizer.h"

namespace ternfab {

/// The tokenizer of a file whose model has `vocab` tokens, from its `tokenizer.ggml.*` keys.
/// Error: the file has none, or one that is not supported (a model runs without it, by ids).
Expected<std::shared_ptr<const Tokenizer>> ReadGgufTokenizer(const GgufFile& file, int vocab);

}  // namespace ternfab
