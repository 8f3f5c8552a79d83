// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/error.h"
#include "models/tokenizer.h"

namespace ternfab {

/// What a `tokenizer.json` cannot hold of a byte-level BPE, as one line; nullopt when it holds all.
std::optional<std::string> LostInTokenizerJson(const BpeData& data);
/// What a `tokenizer_config.json` cannot hold.
std::optional<std::string> LostInTokenizerConfig(const TokenRoles& data);

/// Writes `tokenizer.json` and `tokenizer_config.json` into an existing folder, for a tokenizer of
/// which nothing is lost. LoadHfTokenizer reads back the same vocabulary, merges and roles; ids
/// that end a text are in the model's `config.json`. Errors: those of the file system.
Expected<void> SaveHfTokenizer(const BpeData& data, const std::filesystem::path& folder);

/// Writes `tokenizer.model` and `tokenizer_config.json`; the rest as above.
Expected<void> SaveHfSentencePiece(const SentencePieceData& data,
                                   const std::filesystem::path& folder);

}  // namespace ternfab
