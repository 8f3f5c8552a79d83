// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ternfab {

/// FPGA resources by their cells.
struct CellCounts {
  double lut = 0;  ///< logic, LUT RAM and shift registers
  double ff = 0;
  double dsp = 0;
  double bram36 = 0;  ///< half blocks count half
  double uram = 0;

  void Add(const CellCounts& other, double times = 1);
};

/// What Yosys' `synth_xilinx` left of a design whose hierarchy was kept.
struct SynthesisLog {
  CellCounts total;                         ///< instances multiplied out
  std::vector<std::string> unmapped;        ///< cells that are neither the family's nor a module
  std::vector<std::string> register_files;  ///< memories that became flip-flops
  int memories = 0;                         ///< memories that became RAM of some kind
};

/// Reads Yosys' log: its messages about memories and its last `stat` with `top`'s hierarchy.
SynthesisLog ReadSynthesisLog(const std::string& log, const std::string& top);

}  // namespace ternfab
