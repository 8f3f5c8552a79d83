// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "codegen/plan/program.h"
#include "codegen/spec.h"
#include "sim/systemc/systemc_simulation.h"

namespace ternfab {

/// SystemCSimulation::Create with libraries cached in the build tree; a failure ends the test
/// program. Both arguments outlive the result.
std::unique_ptr<systemc::SystemCSimulation> MakeSystemC(const HardwareSpec& spec,
                                                        const Program& program,
                                                        const systemc::SimulationOptions& options);

}  // namespace ternfab
