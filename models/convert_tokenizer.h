// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/error.h"
#include "models/model.h"

namespace ternfab {

/// Puts the tokenizer of a model that was loaded from `in` into a safetensors folder: the files of
/// the folder that `in` is (or is a file of), else a `tokenizer.json` of a byte-level BPE or a
/// `tokenizer.model`. Appends a line to `lost` for a tokenizer that cannot be carried. Errors:
/// those of the file system.
Expected<void> CarryTokenizer(const Model& model, const std::string& in,
                              const std::filesystem::path& folder, std::vector<std::string>& lost);

/// The line about a tokenizer that SaveGguf does not write; nullopt when it is written or the model
/// has none.
std::optional<std::string> TokenizerLostInGguf(const Model& model);

}  // namespace ternfab
