// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "common/error.h"
#include "models/tokenizer.h"

namespace ternfab {

/// The id of the token that is spelled so.
using FindToken = std::function<std::optional<int>(const std::string&)>;

/// Completes `roles` from the files of a Hugging Face checkpoint's folder, each of which may be
/// absent. `config` is tokenizer_config.json (null: absent).
/// * BOS, if not known yet: bos_token of tokenizer_config.json, else bos_token_id of
///   generation_config.json or config.json. add_bos: add_bos_token, if the first is given.
/// * eos: eos_token likewise. Further ends: eos_token_id, a number or a list, of both other files.
/// * Chat template: chat_template.jinja, else chat_template of tokenizer_config.json (of a list of
///   named ones, `default`).
/// Errors: a key of the wrong kind, a token that the vocabulary has not; with the file's path.
Expected<void> ReadHfRoles(const std::filesystem::path& folder, const nlohmann::json& config,
                           const FindToken& find, TokenRoles& roles);

}  // namespace ternfab
