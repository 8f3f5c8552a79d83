// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "common/error.h"

namespace ternfab {

// Members of untrusted JSON objects. A member that is null counts as absent. Errors name the key
// and its kind; callers put the file before them.

/// Null when `object` is no object or has no such member.
const nlohmann::json* FindMember(const nlohmann::json& object, std::string_view key);

Expected<std::optional<bool>> FindJsonBool(const nlohmann::json& object, std::string_view key);
Expected<std::optional<std::string>> FindJsonString(const nlohmann::json& object,
                                                    std::string_view key);
/// A token id: an integer from 0 to 2^24 - 1.
Expected<int> ToTokenId(const nlohmann::json& value, std::string_view what);

/// The object in `folder/name`; nullopt when there is no such file.
Expected<std::optional<nlohmann::json>> ReadOptionalJson(const std::filesystem::path& folder,
                                                         const char* name);

}  // namespace ternfab
