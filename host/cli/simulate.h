// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "codegen/plan/program.h"
#include "codegen/spec.h"
#include "host/cli/prompt.h"
#include "sim/rtl/rtl_simulation.h"
#include "sim/run_summary.h"

namespace ternfab::cli {

/// What simulates a design. All have the same cycles.
enum class Fidelity {
  kRtl,        ///< the generated RTL in Verilator
  kSystemC,    ///< the SystemC platform with the cycle model and the emulator's data
  kSystemCRtl  ///< the SystemC platform with the RTL
};
struct Executor {
  Fidelity fidelity = Fidelity::kRtl;
  int jobs = 1;  ///< parts of a run that are simulated at the same time; above 1: kRtl only
};

/// A generation on a simulated design.
struct SimulatedRun {
  std::vector<int> ids;
  RunSummary summary;
  std::vector<RunRecord> runs;          ///< of the simulation, in order
  uint64_t instructions = 0;            ///< checked
  rtl::LayerCounts layers;              ///< the same by layer
  std::optional<std::string> mismatch;  ///< first difference to the emulator; then ids are partial
  double cycles_per_second = 0;         ///< of the simulator, on this machine
  int uncut_runs = 0;  ///< Executor::jobs > 1: runs simulated in one part all the same
};

/// Builds the design where needed and generates greedily. `on_token` sees each token as it is made;
/// `on_progress` what is through (prompt and generated) and all of it, in thousandths of a token.
Expected<SimulatedRun> SimulateGeneration(const HardwareSpec& spec, const Program& program,
                                          const Prompt& prompt, int tokens,
                                          const rtl::SimulationOptions& options,
                                          const std::function<void(int)>& on_token,
                                          const std::function<void(int64_t, int64_t)>& on_progress,
                                          const Executor& executor = {});

}  // namespace ternfab::cli
