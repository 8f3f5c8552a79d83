// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "common/error.h"
#include "models/tokenizer.h"

namespace ternfab {

/// Whether a `tokenizer.json` holds a SentencePiece vocabulary (byte_fallback or a Metaspace),
/// whose own file is tokenizer.model.
bool IsSentencePieceJson(const nlohmann::json& json);

/// The byte-level BPE of a `tokenizer.json`: model (vocab, merges as "a b" or ["a", "b"],
/// ignore_merges), added_tokens, pre_tokenizer, and BOS from the post_processor's
/// TemplateProcessing
/// (`bos` is set when it begins with one token). `pre` is the GGUF name of the splitting where
/// there is one. Errors: a key of the wrong kind, a feature that is not built; without the file's
/// name.
Expected<BpeData> ReadHfBpe(const nlohmann::json& json);

}  // namespace ternfab
