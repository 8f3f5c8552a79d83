// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/spec.h"
#include "common/error.h"
#include "host/cli/prompt.h"
#include "host/cli/simulate.h"
#include "models/model.h"
#include "sim/compare/comparison.h"
#include "sim/energy/energy.h"

namespace ternfab::cli {

/// How `compare` runs a design.
struct HardwareRunOptions {
  Fidelity fidelity = Fidelity::kRtl;
  int tokens = 0;
  EnergyChoice energy;
  bool synthesise = true;  ///< for area and clock; the first time it takes minutes
};

/// The hardware's side of a comparison for one design: synthesises it, simulates the
/// generation, with every instruction compared in RTL, estimates the energy and looks at further
/// contexts with the cycle model. In a process of its own, for a SystemC platform can be made but
/// once.
Expected<compare::HardwareSide> RunHardware(const HardwareSpec& spec, const Model& model,
                                            const Prompt& prompt,
                                            const HardwareRunOptions& options);

}  // namespace ternfab::cli
