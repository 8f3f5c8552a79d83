// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "common/error.h"
#include "models/tokenizer.h"

namespace ternfab {

/// How a `tokenizer.json` cuts text: its `pre_tokenizer`, which is a Sequence of Split, Digits,
/// Punctuation and one ByteLevel, or one of these. Steps after ByteLevel see byte-level characters.
/// Errors: another kind, an option that is not built, no ByteLevel.
Expected<std::vector<SplitStep>> ReadHfSplits(const nlohmann::json& pre_tokenizer);

}  // namespace ternfab
