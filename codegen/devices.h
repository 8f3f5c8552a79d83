// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace ternfab {

/// Resources of an FPGA, as its data sheet gives them.
struct Device {
  std::string_view name;    ///< what `device:` of a spec says
  std::string_view part;    ///< the chip
  std::string_view family;  ///< xc7, xcup, versal, ecp5 or ice40
  int lut;                  ///< 6-input (xc7, xcup, versal) or 4-input (ecp5, ice40)
  int ff;
  int dsp;
  double bram36;  ///< blocks of 36 Kbit; smaller blocks (ecp5 18 Kbit, ice40 4 Kbit) by capacity
  int uram;       ///< blocks of 288 Kbit

  bool operator==(const Device&) const = default;
};

std::span<const Device> Devices();

/// Null when there is none of that name.
const Device* FindDevice(std::string_view name);

}  // namespace ternfab
