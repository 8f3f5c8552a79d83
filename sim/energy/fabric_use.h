// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "codegen/spec.h"

namespace ternfab {

/// Resources of an FPGA that a design uses.
struct FabricUse {
  double lut = 0;
  double ff = 0;
  double dsp = 0;
  double bram36 = 0;
  double uram = 0;
  const char* evidence = "modelled";  ///< "synthesised" where Yosys counted the cells
  std::string source;
};

/// Resources of a design by the formulas of docs/energy.md ("Resources without synthesis"), for
/// where no synthesis has been run.
FabricUse ModelledFabricUse(const HardwareSpec& spec);

}  // namespace ternfab
