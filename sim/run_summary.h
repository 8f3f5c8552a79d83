// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "codegen/spec.h"
#include "sim/rtl/rtl_simulation.h"

namespace ternfab {

/// What a generation on a simulated design took. Cycles are simulated; rates are at the clock that
/// the spec gives.
struct RunSummary {
  uint64_t total_cycles = 0;
  std::vector<uint64_t> cycles_per_token;  ///< generated tokens; the whole prefill in the first
  double decode_rate = 0;                  ///< tokens/s; 0: no decode step
  double prefill_rate = 0;                 ///< prompt tokens/s
  double bytes_per_token = 0;              ///< read and written, mean over the decode steps
  double utilisation = 0;         ///< ternary and head beats consumed / cycles of the decode steps
  double weight_utilisation = 0;  ///< ternary beats / cycles to the end of the last MATVEC
  std::map<std::string, uint64_t> stalls;  ///< cycles of all runs by cause
};

/// `runs` of one generation, of which the first took the prompt's `prompt_tokens`. A wide beat has
/// a beat of every port, so shares of wide beats are shares of the ports' beats.
RunSummary Summarise(const HardwareSpec& spec, const Program& program,
                     const std::vector<rtl::RunRecord>& runs, int prompt_tokens);

}  // namespace ternfab
