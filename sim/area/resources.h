// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ternfab {

/// FPGA resources by mapped cells, not placed.
struct Resources {
  double lut = 0;     ///< logic, LUT RAM and shift registers; 4-input for ecp5 and ice40
  double ff = 0;      ///< flip-flops
  double carry = 0;   ///< cells of carry chains: CARRY4 (xc7, xcup), CCU2C (ecp5), SB_CARRY (ice40)
  double lutram = 0;  ///< of `lut`: those that are RAM or shift registers
  double dsp = 0;     ///< DSP48 (xc7, xcup), MULT18X18D (ecp5), SB_MAC16 (ice40)
  double bram36 = 0;  ///< 36 Kbit; smaller blocks by capacity (18 Kbit 1/2, 4 Kbit 1/9)
  double uram = 0;    ///< 288 Kbit

  void Add(const Resources& other, double times = 1);
  bool operator==(const Resources&) const = default;
};

/// Adds `n` cells of type `cell` to `resources`; false where no family of codegen/devices.h has
/// such a cell after mapping. Cells that take no resource of their own (wide multiplexers, clock
/// buffers, constants) are counted as nothing.
bool CountCell(const std::string& cell, int n, Resources& resources);

}  // namespace ternfab
