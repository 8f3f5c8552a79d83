// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ternfab::compare {

/// A number and its unit as people read them.
struct Readable {
  std::string number;  ///< "11,876,413", "47.5", "0.981"
  std::string unit;    ///< "ms", "GB/s", "%"; "" for a bare number
};

/// Scales seconds, joules, bytes, MACs and their rates to a prefix; a ratio whose unit is given as
/// "%" to percent. Four significant digits, whole numbers whole, with separators.
Readable ReadableOf(double value, std::string_view unit);

}  // namespace ternfab::compare
