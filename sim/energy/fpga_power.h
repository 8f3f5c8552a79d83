// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "common/error.h"
#include "sim/energy/fabric_use.h"

namespace ternfab {

/// Power figures of an FPGA family, from power reports that others have published (docs/energy.md
/// lists the reports and how their figures were joined).
struct FabricPower {
  std::string_view family;   ///< of codegen/devices.h
  std::string_view node;     ///< "16 nm FinFET"
  double lut_joules = 0;     ///< a clock cycle of a LUT with its wires, at the reports' activity
  double clock_joules = 0;   ///< a clock cycle of a flip-flop with its share of the clock tree
  double bram36_joules = 0;  ///< a clock cycle of a block of 36 Kbit
  double uram_joules = 0;    ///< a clock cycle of a block of 288 Kbit
  double dsp_joules = 0;     ///< a clock cycle of a multiplier
  double static_watts_per_lut = 0;  ///< leakage of the whole device, by the LUTs that it has
};

/// What a board has besides its fabric.
struct BoardPower {
  std::string_view device;            ///< of codegen/devices.h
  double processor_watts = 0;         ///< hard processors with their memory controller
  double processor_static_watts = 0;  ///< leakage of the processors
  double memory_interface_watts =
      0;  ///< PLL and terminated inputs of a memory controller in fabric
};

/// DRAM of a kind of memory.
struct DramPower {
  std::string_view kind;        ///< of memory.kind
  double joules_per_bit = 0;    ///< read or written
  double background_watts = 0;  ///< a channel that is open and idle
  std::string_view source;
};

/// Errors: no published figures for the family of the device (`spec` names the spec).
Expected<FabricPower> FindFabricPower(const HardwareSpec& spec);
BoardPower FindBoardPower(std::string_view device);
/// Errors: no published figures for the kind.
Expected<DramPower> FindDramPower(const HardwareSpec& spec);

/// Watts of a device by part.
struct FpgaPower {
  double processors = 0;
  double leakage = 0;
  double clock = 0;
  double logic = 0;
  double bram = 0;
  double uram = 0;
  double dsp = 0;
  double memory_interface = 0;
  double memory_access = 0;
  double memory_background = 0;

  double total() const {
    return processors + leakage + clock + logic + bram + uram + dsp + memory_interface +
           memory_access + memory_background;
  }
  /// The clock runs, nothing else does.
  double idle() const {
    return processors + leakage + clock + memory_interface + memory_background;
  }
};

/// A design of `use` at the spec's clock on its device that moves `bytes_per_second` to and from
/// its memory. Errors: as above.
Expected<FpgaPower> EstimateFpgaPower(const HardwareSpec& spec, const FabricUse& use,
                                      double bytes_per_second);

}  // namespace ternfab
