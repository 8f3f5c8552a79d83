// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace ternfab {

/// Delays of mapped cells, ns: a model, not a timing library. docs/estimate.md gives the sources.
struct DelayModel {
  double clock_to_q = 0;        ///< flip-flop
  double setup = 0;             ///< of whatever ends a path
  double lut = 0;               ///< any input of a LUT or LUT RAM to its output
  double carry_in = 0;          ///< a carry cell from its operands
  double carry = 0;             ///< a carry cell from the one before it in its chain
  double mux = 0;               ///< wide multiplexer behind LUTs, without a net
  double block = 0;             ///< clock to output of a block RAM or DSP
  double block_registered = 0;  ///< the same of one with its output register
  double net = 0;  ///< each net that is not inside a slice, whatever its length and fan-out
};

/// The model of a family of codegen/devices.h.
const DelayModel& DelaysOf(std::string_view family);

/// The slowest path of a module. It begins and ends at flip-flops, memories, DSPs, ports and
/// instances of other modules: paths through several modules count in pieces.
struct ModulePath {
  double ns = 0;    ///< from clock to clock, 0 where the module has no path
  int luts = 0;     ///< LUTs on it: logic levels
  int carries = 0;  ///< carry cells
  int muxes = 0;    ///< wide multiplexers
  /// Nets of the module, "index_q[3]", or pins of what it instantiates, "u_fifo.push_i"; "" where
  /// the source names none.
  std::string from{}, to{};
  bool operator==(const ModulePath&) const = default;
};

/// The path in `module`: the value of one of "modules" in what Yosys' write_json writes after
/// mapping. Combinational loops are cut where they are found.
ModulePath SlowestPath(const nlohmann::json& module, const DelayModel& delays);

}  // namespace ternfab
