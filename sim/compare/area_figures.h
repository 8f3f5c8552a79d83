// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/error.h"
#include "sim/area/area.h"
#include "sim/compare/comparison.h"
#include "sim/energy/fabric_use.h"

namespace ternfab::compare {

/// Resources, what the device has, the clock and what the simulated cycles make at that clock. An
/// error leaves the figures out and gives the reason.
void AddArea(const Expected<AreaReport>& report, HardwareSide& side);

/// Resources as the energy model takes them: synthesised, or its own model where there are none.
FabricUse FabricOf(const Expected<AreaReport>& report, const HardwareSpec& spec);

}  // namespace ternfab::compare
