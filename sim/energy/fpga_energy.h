// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/energy/energy.h"

namespace ternfab {

/// Mode `fpga`: watts of the device and its memory (sim/energy/fpga_power.h) times the simulated
/// time of a decoded token, at the clock that the spec gives. Errors: no decode step; no power
/// figures for the device or the memory.
Expected<EnergyReport> EstimateFpgaEnergy(const EnergyInputs& inputs);

}  // namespace ternfab
