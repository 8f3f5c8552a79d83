// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/error.h"
#include "sim/area/area.h"
#include "sim/compare/comparison.h"
#include "sim/energy/fabric_use.h"

namespace ternfab::compare {

/// Resources, what the device has and the clock. An error leaves the figures out and gives the
/// reason, also for the rate at that clock.
void AddArea(const Expected<AreaReport>& report, HardwareSide& side);

/// Latency and rate at the estimated clock of a decode step after `context` tokens that takes
/// `cycles` at that clock.
void AddRateAtEstimatedClock(uint64_t cycles, int context, HardwareSide& side);

/// Resources as the energy model takes them: synthesised, or its own model where there are none.
FabricUse FabricOf(const Expected<AreaReport>& report, const HardwareSpec& spec);

}  // namespace ternfab::compare
