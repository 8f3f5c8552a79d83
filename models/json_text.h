// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "common/error.h"

namespace ternfab {

/// Parses an untrusted JSON object. Errors, prefixed with `where`: no valid JSON, more than
/// `max_depth` levels, a key twice in one object, no object at the top.
Expected<nlohmann::json> ParseJsonObject(std::string_view text, std::string_view where,
                                         int max_depth = 32);

}  // namespace ternfab
