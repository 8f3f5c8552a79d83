// SPDX-License-Identifier: Apache-2.0
#include "codegen/devices.h"

namespace ternfab {
namespace {

constexpr Device kDevices[] = {
    // AMD DS180, 7 Series FPGAs Data Sheet: Overview, Artix-7 table.
    {"xc7a35t", "xc7a35t", "xc7", 20800, 41600, 90, 50, 0},
    {"xc7a100t", "xc7a100t", "xc7", 63400, 126800, 240, 135, 0},
    // AMD DS987, Kria K26 SOM Data Sheet, programmable logic table.
    {"kv260", "xck26", "xcup", 117120, 234240, 1248, 144, 64},
    // AMD DS891, Zynq UltraScale+ MPSoC Data Sheet: Overview, ZU9EG column.
    {"zcu102", "xczu9eg", "xcup", 274080, 548160, 2520, 912, 0},
    // AMD DS963, Alveo U280 Data Sheet.
    {"u280", "xcu280", "xcup", 1303680, 2607360, 9024, 2016, 960},
    // AMD DS950, Versal Architecture and Product Data Sheet: Overview, VC1902 column (DSP58).
    {"vck5000", "xcvc1902", "versal", 899840, 1799680, 1968, 967, 463},
    // Lattice FPGA-DS-02012, ECP5 Family Data Sheet: 84k LUT4, 208 blocks of 18 Kbit, 156 18x18.
    {"ecp5-85f", "lfe5u-85f", "ecp5", 83640, 83640, 156, 104, 0},
    // Lattice FPGA-DS-02029, iCE40 LP/HX Family Data Sheet: 7,680 LUT4, 32 blocks of 4 Kbit.
    {"hx8k", "ice40hx8k", "ice40", 7680, 7680, 0, 32 / 9.0, 0},
};

}  // namespace

std::span<const Device> Devices() { return kDevices; }

const Device* FindDevice(std::string_view name) {
  for (const Device& device : kDevices) {
    if (device.name == name) return &device;
  }
  return nullptr;
}

}  // namespace ternfab
