// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/area/resources.h"

namespace ternfab {

/// What Yosys left of a design whose hierarchy was kept.
struct SynthesisLog {
  /// Cells of each module by type, instances of other modules among them.
  std::map<std::string, std::map<std::string, int>> modules;
  std::vector<std::string> register_files;  ///< memories that became flip-flops: "module.memory"
  std::vector<std::string> memories;        ///< memories that became RAM of some kind
};

/// Reads Yosys' log: its messages about memories and each module's last `stat`.
SynthesisLog ReadSynthesisLog(const std::string& log);

/// Resources of `module` without the modules that it instantiates: these are the cells that
/// `is_module` knows. Adds every other cell that is of no family to `unmapped`.
template <class IsModule>
Resources OwnResources(const std::map<std::string, int>& cells, const IsModule& is_module,
                       std::vector<std::string>& unmapped) {
  Resources own;
  for (const auto& [cell, n] : cells) {
    if (!is_module(cell) && !CountCell(cell, n, own)) unmapped.push_back(cell);
  }
  return own;
}

/// Resources of `top` with all that it instantiates, as often as it does. `unmapped` as above, and
/// "no module X" where the log has none of that name.
Resources TotalResources(const SynthesisLog& log, const std::string& top,
                         std::vector<std::string>& unmapped);

}  // namespace ternfab
