// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "sim/energy/energy.h"
#include "sim/energy/gate_run.h"

namespace ternfab {

/// The three units with a model's own data.
struct GateComparison {
  GateResult ternary, int8, fp16;
  double zero_trits = 0;  ///< share
};

/// Lanes of the units that are synthesised, at most (fewer where a design has fewer).
inline constexpr int kGateLanes = 8;
/// Cycles that are simulated.
inline constexpr size_t kGateCycles = 512;

/// Synthesises and simulates the units with the operands of `ids` (sim/energy/gate_stimulus.h):
/// the ternary one with weights and activations of MATVECs, int8 and FP16 with those of the LM
/// head, the only rows of a model that are not ternary. Errors: as RunGates.
Expected<GateComparison> CompareGates(const Program& program, std::span<const int> ids);

/// Mode `gate`: the arithmetic of one decode step, each product at the energy of a lane with
/// glitches. `inputs.ids` are what the operands are taken from.
Expected<EnergyReport> EstimateGateEnergy(const EnergyInputs& inputs);

}  // namespace ternfab
