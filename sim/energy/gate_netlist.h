// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "common/error.h"
#include "sim/energy/liberty.h"
#include "sim/energy/vcd.h"

namespace ternfab {

/// A pin of a cell in a netlist and the net on it.
struct GatePin {
  std::string name;
  int net = 0;
};

struct GateCell {
  std::string type;
  std::vector<GatePin> pins;
};

/// A flat netlist of library cells.
struct GateNetlist {
  struct Name {
    std::string net;  ///< as the simulator dumps it
    int bit = 0;
  };
  std::vector<GateCell> cells;
  std::vector<std::vector<Name>> nets;  ///< names of each net; without one: a constant
};

/// The module `top` of what Yosys' write_json writes. Error: no such module, or not such a file.
Expected<GateNetlist> ParseYosysJson(const std::string& json, const std::string& top);

/// Joules of a run by what draws them.
struct GateJoules {
  double logic = 0;       ///< outputs of combinational cells with their loads
  double flip_flops = 0;  ///< outputs and data inputs of flip-flops, loads included
  double clock = 0;       ///< clock pins of flip-flops; the netlist has no clock tree
  double inputs = 0;      ///< loads that the unit's inputs drive

  double total() const { return logic + flip_flops + clock + inputs; }
};

/// Name of a unit's clock input.
inline constexpr const char* kGateClock = "clk_i";
/// Input transition that the tables are read at, ns: the second of their points.
inline constexpr double kGateTransitionNs = 0.18;

/// Switching energy of `toggles` in `netlist`: a net that changes costs half of C V^2 of the pins
/// that it drives, and its driver the internal energy of that change at that load (mean over the
/// inputs that may be the cause, input transition kGateTransitionNs); an input pin with internal
/// power of its own (those of flip-flops) costs that. Wires have no capacitance: nothing is placed.
/// Error: a cell that the library does not have, a net that was not dumped.
Expected<GateJoules> SwitchingEnergy(const GateNetlist& netlist, const Liberty& liberty,
                                     const ToggleMap& toggles);

}  // namespace ternfab
