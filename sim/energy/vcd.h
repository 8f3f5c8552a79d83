// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <istream>
#include <map>
#include <string>
#include <vector>

#include "common/error.h"

namespace ternfab {

/// How often a bit of a net went up and down.
struct Toggles {
  uint64_t rises = 0;
  uint64_t falls = 0;

  uint64_t total() const { return rises + falls; }
};

/// Bits of the nets of one scope, bit 0 first. A change from or to an unknown value does not count.
using ToggleMap = std::map<std::string, std::vector<Toggles>>;

/// Reads a value change dump: changes from time `begin` on of the nets that the scope `scope`
/// declares itself. Error: no dump, or it has no such scope.
Expected<ToggleMap> CountToggles(std::istream& vcd, const std::string& scope, uint64_t begin);

}  // namespace ternfab
