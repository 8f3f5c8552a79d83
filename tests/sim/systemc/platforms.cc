// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/systemc/platforms.h"

#include <utility>

#include "common/check.h"
#include "tests/cosim/designs.h"

namespace ternfab {

std::unique_ptr<systemc::SystemCSimulation> MakeSystemC(const HardwareSpec& spec,
                                                        const Program& program,
                                                        const systemc::SimulationOptions& options) {
  const std::string built = BuildCached(spec);  // and makes it the cache of this process
  TF_CHECK(built.empty(), "{}", built);
  auto simulation = systemc::SystemCSimulation::Create(spec, program, options);
  TF_CHECK(simulation.has_value(), "{}", simulation.error().message);
  return std::move(*simulation);
}

}  // namespace ternfab
