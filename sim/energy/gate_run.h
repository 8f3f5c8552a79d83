// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/error.h"
#include "sim/energy/gate_netlist.h"
#include "sim/energy/gate_units.h"

namespace ternfab {

/// Operands of a unit, cycle after cycle, and the sums that it must give.
struct GateStimulus {
  std::vector<std::string> words;
  std::vector<uint64_t> sums;
};

/// What a unit takes as standard cells.
struct GateResult {
  int lanes = 0;
  int cells = 0;
  int flip_flops = 0;
  double area = 0;        ///< of the library's unit, um^2
  int cycles = 0;         ///< that the joules cover
  GateJoules zero_delay;  ///< every net settles at once: no glitches
  GateJoules delays;      ///< delays of the library's cells, without load or wires: with glitches
  double vectorless_joules = 0;  ///< of a cycle, by OpenSTA's vectorless activity

  double LaneJoules(const GateJoules& joules) const {
    return joules.total() / (double(cycles) * lanes);
  }
};

/// The standard cells of Debian's qflow-tech-osu018 (0.18 um, 1.8 V): <folder>/osu018_stdcells.lib
/// and .v.
inline constexpr const char* kGateCells = "/usr/share/qflow/tech/osu018";

/// Synthesises the unit with Yosys, simulates the cells with Icarus and checks every sum, adds up
/// the switching energy, and asks OpenSTA. Results are kept in the cache folder ($TERNFAB_CACHE,
/// $XDG_CACHE_HOME/ternfab or $HOME/.cache/ternfab) by the content of all inputs.
/// Errors: a tool or the library is not there (one line names the package), a tool fails, a wrong
/// sum.
Expected<GateResult> RunGates(const GateUnit& unit, const GateStimulus& stimulus,
                              const std::filesystem::path& cells = kGateCells);

}  // namespace ternfab
