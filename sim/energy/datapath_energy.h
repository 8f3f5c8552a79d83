// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/energy/energy.h"

namespace ternfab {

/// Mode `datapath`: the work of one decode step at `inputs.position` (sim/energy/token_work.h),
/// each adder and register at its true width, each SRAM at its size, times published energies
/// (sim/energy/operation_energy.h). Error: a node without figures, a memory without figures.
Expected<EnergyReport> EstimateDatapathEnergy(const EnergyInputs& inputs, int nanometres);

}  // namespace ternfab
