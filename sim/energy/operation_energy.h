// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "common/error.h"

namespace ternfab {

/// Published energies of operations at a process node, in picojoules.
/// 45 nm: Horowitz, "Computing's energy problem", ISSCC 2014. 7 nm: Jouppi et al., "Ten lessons
/// from three generations shaped Google's TPUv4i", ISCA 2021, table 2.
struct OperationEnergy {
  int nanometres = 0;
  std::string_view source;
  double int8_add = 0, int8_multiply = 0;
  double int32_add = 0, int32_multiply = 0;
  double fp16_add = 0, fp16_multiply = 0;
  double fp32_add = 0, fp32_multiply = 0;
  double sram_8kib = 0, sram_32kib = 0, sram_1mib = 0;  ///< a read of 64 bits
  double dram_64bit = 0;                                ///< of DDR3 or DDR4

  /// A read or write of `bits` in an SRAM of `bytes`. Linear in bits; the logarithm of the energy
  /// is linear in that of the size between the published sizes, and goes on beyond them with the
  /// slope of the last two.
  double Sram(double bytes, double bits) const;
  /// An adder of `bits`: linear in bits, from the published adder of 32 bits.
  double Adder(double bits) const { return int32_add * bits / 32; }
  /// A bit of a register that takes new data: counted as a bit of an adder; no figure is published.
  double RegisterBit() const { return int32_add / 32; }
};

/// 45 and 7 nm.
std::span<const OperationEnergy> OperationEnergies();
/// Error: no figures for that node.
Expected<OperationEnergy> FindOperationEnergy(int nanometres);

}  // namespace ternfab
