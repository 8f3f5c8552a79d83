// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/error.h"
#include "sim/compare/comparison.h"

namespace ternfab::compare {

/// The rows of a baseline file (docs/compare.md): figures of others, with their sources. Latency,
/// energy and tokens per joule that follow from a row's other figures are added. `origin` (the
/// file's name) stands in errors: no JSON, an unknown or missing key, a wrong type, unit or
/// evidence, a value that is no number above 0.
Expected<std::vector<BaselineRow>> ParseBaselines(const std::string& text,
                                                  const std::string& origin);

}  // namespace ternfab::compare
