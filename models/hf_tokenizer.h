// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "common/error.h"
#include "models/tokenizer.h"

namespace ternfab {

/// The tokenizer of a Hugging Face checkpoint's folder: `tokenizer.json` when that is a byte-level
/// BPE; `tokenizer.model` (SentencePiece) when there is no tokenizer.json or it says the same as a
/// SentencePiece vocabulary. What tokens mean (BOS, ends of a text, chat template) comes from
/// tokenizer.json's post_processor, tokenizer_config.json, generation_config.json and config.json,
/// where these exist. The tokenizer may have fewer tokens than the model has rows.
/// Errors: one line with the file, the key and the rule.
Expected<std::shared_ptr<const Tokenizer>> LoadHfTokenizer(const std::filesystem::path& folder);

}  // namespace ternfab
