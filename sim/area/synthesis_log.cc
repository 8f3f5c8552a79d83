// SPDX-License-Identifier: Apache-2.0
#include "sim/area/synthesis_log.h"

#include <sstream>

namespace ternfab {

SynthesisLog ReadSynthesisLog(const std::string& log) {
  SynthesisLog result;
  std::istringstream lines(log);
  std::string line, module;
  bool cells = false;
  while (std::getline(lines, line)) {
    if (line.starts_with("mapping memory ")) {
      result.memories.push_back(line.substr(15, line.find(' ', 15) - 15));
    }
    // A case statement that Yosys took for a ROM becomes logic, not registers.
    if (line.starts_with("using FF mapping for memory ") &&
        line.find("$proc_rom") == std::string::npos) {
      result.register_files.push_back(line.substr(28));
    }
    if (line.starts_with("=== ")) {
      module = line.substr(4, line.size() - 8);
      result.modules[module].clear();  // a later `stat` replaces an earlier one
      cells = false;
    } else if (line.find("Number of cells:") != std::string::npos) {
      cells = true;
    } else if (cells && !module.empty()) {
      std::istringstream words(line);
      std::string cell, rest;
      int n = 0;
      if (words >> cell >> n && !(words >> rest)) {
        result.modules[module][cell] += n;
      } else {
        cells = false;
      }
    }
  }
  return result;
}

Resources TotalResources(const SynthesisLog& log, const std::string& top,
                         std::vector<std::string>& unmapped) {
  const auto module = log.modules.find(top);
  if (module == log.modules.end()) {
    unmapped.push_back("no module " + top);
    return {};
  }
  const auto is_module = [&](const std::string& cell) { return log.modules.count(cell) != 0; };
  Resources total = OwnResources(module->second, is_module, unmapped);
  for (const auto& [cell, n] : module->second) {
    if (is_module(cell)) total.Add(TotalResources(log, cell, unmapped), n);
  }
  return total;
}

}  // namespace ternfab
