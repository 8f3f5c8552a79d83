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

/// Latency and rate at the estimated clock, as a decode step after `context` tokens takes
/// `given_cycles` at the given clock and `estimated_cycles` at the estimated one.
/// Both clocks and the decode rate of `side` are known.
void AddRateAtEstimatedClock(uint64_t given_cycles, uint64_t estimated_cycles, int context,
                             HardwareSide& side);

/// Resources as the energy model takes them: synthesised, or its own model where there are none.
FabricUse FabricOf(const Expected<AreaReport>& report, const HardwareSpec& spec);

}  // namespace ternfab::compare
