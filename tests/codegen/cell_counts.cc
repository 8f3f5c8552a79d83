// SPDX-License-Identifier: Apache-2.0
#include "tests/codegen/cell_counts.h"

#include <map>
#include <sstream>

namespace ternfab {
namespace {

using Cells = std::map<std::string, int>;

/// LUTs that a LUT RAM cell takes (UG474, UG574: a SLICEM's LUTs); 0 for other cells.
int LutRamLuts(const std::string& cell) {
  static const std::map<std::string, int> kLuts = {
      {"RAM32M", 4},    {"RAM64M", 4},    {"RAM32M16", 8},  {"RAM64M8", 8},   {"RAM32X1D", 2},
      {"RAM64X1D", 2},  {"RAM128X1D", 4}, {"RAM256X1D", 8}, {"RAM32X1S", 1},  {"RAM64X1S", 1},
      {"RAM128X1S", 2}, {"RAM256X1S", 4}, {"RAM512X1S", 8}, {"RAM32X1S_1", 1}};
  const auto it = kLuts.find(cell);
  return it == kLuts.end() ? 0 : it->second;
}

/// Whether `cell` is of the family; then adds it to `counts`.
bool Count(const std::string& cell, int n, CellCounts& counts) {
  if (const int luts = LutRamLuts(cell)) {
    counts.lut += luts * n;
  } else if (cell.starts_with("LUT") || cell.starts_with("SRL") || cell == "INV") {
    counts.lut += cell == "INV" ? 0 : n;  // an inverter joins the LUT behind it
  } else if (cell.starts_with("FD")) {
    counts.ff += n;
  } else if (cell.starts_with("DSP48")) {
    counts.dsp += n;
  } else if (cell.starts_with("RAMB36")) {
    counts.bram36 += n;
  } else if (cell.starts_with("RAMB18")) {
    counts.bram36 += 0.5 * n;
  } else if (cell.starts_with("URAM288")) {
    counts.uram += n;
  } else {
    return cell.starts_with("CARRY") || cell.starts_with("MUXF") || cell == "BUFG";
  }
  return true;
}

CellCounts Total(const std::map<std::string, Cells>& modules, const std::string& module,
                 std::vector<std::string>& unmapped) {
  CellCounts counts;
  for (const auto& [cell, n] : modules.at(module)) {
    if (modules.count(cell)) {
      counts.Add(Total(modules, cell, unmapped), n);
    } else if (!Count(cell, n, counts)) {
      unmapped.push_back(cell);
    }
  }
  return counts;
}

}  // namespace

void CellCounts::Add(const CellCounts& other, double times) {
  lut += times * other.lut;
  ff += times * other.ff;
  dsp += times * other.dsp;
  bram36 += times * other.bram36;
  uram += times * other.uram;
}

SynthesisLog ReadSynthesisLog(const std::string& log, const std::string& top) {
  SynthesisLog result;
  std::map<std::string, Cells> modules;
  std::istringstream lines(log);
  std::string line, module;
  bool cells = false;
  while (std::getline(lines, line)) {
    if (line.starts_with("mapping memory ")) ++result.memories;
    // A case statement that Yosys took for a ROM becomes logic, not registers.
    if (line.starts_with("using FF mapping for memory ") &&
        line.find("$proc_rom") == std::string::npos) {
      result.register_files.push_back(line.substr(28));
    }
    if (line.starts_with("=== ")) {
      module = line.substr(4, line.size() - 8);
      modules[module].clear();  // a later `stat` replaces an earlier one
      cells = false;
    } else if (line.find("Number of cells:") != std::string::npos) {
      cells = true;
    } else if (cells && !module.empty()) {
      std::istringstream words(line);
      std::string cell, rest;
      int n = 0;
      if (words >> cell >> n && !(words >> rest)) {
        modules[module][cell] += n;
      } else {
        cells = false;
      }
    }
  }
  if (!modules.count(top)) result.unmapped.push_back("no module " + top);
  if (result.unmapped.empty()) result.total = Total(modules, top, result.unmapped);
  return result;
}

}  // namespace ternfab
