// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "common/error.h"

namespace ternfab {

/// Most values of an untrusted text: a value takes many times its text in memory.
/// The largest public vocabularies have 2.5 million with their merges.
inline constexpr int kMaxJsonValues = 1 << 22;

/// Parses an untrusted JSON object. Errors, prefixed with `where`: no valid JSON, more than 32
/// levels or `max_values` values, a key twice in one object, no object at the top.
Expected<nlohmann::json> ParseJsonObject(std::string_view text, std::string_view where,
                                         int max_values = kMaxJsonValues);

}  // namespace ternfab
