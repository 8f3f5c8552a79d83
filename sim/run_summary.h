// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "codegen/spec.h"
#include "sim/report/cycle_limits.h"
#include "sim/report/traffic.h"
#include "sim/run_record.h"

namespace ternfab {

/// What a generation on a simulated design took. Cycles are simulated; rates are at the clock that
/// the spec gives.
struct RunSummary {
  uint64_t total_cycles = 0;
  std::vector<uint64_t> cycles_per_token;  ///< generated tokens; the whole prefill in the first
  double decode_rate = 0;                  ///< tokens/s; 0: no decode step
  double prefill_rate = 0;                 ///< prompt tokens/s
  uint64_t decode_steps = 0;               ///< runs after the prompt
  double utilisation = 0;         ///< first-time weight and head beats / cycles of the decode steps
  double weight_utilisation = 0;  ///< weight beats / cycles to the last of each decode step's
  Traffic traffic;                ///< of the decode steps together
  LimitTable limits;              ///< causes of all cycles
  LimitTable decode_limits;       ///< of those of the decode steps

  /// Read and written, mean over the decode steps.
  double bytes_per_token() const;
  double BytesPerToken(TrafficClass traffic) const;
};

/// `runs` of one generation, of which the first took the prompt's `prompt_tokens`. A wide beat has
/// a beat of every port, so shares of wide beats are shares of the ports' beats.
RunSummary Summarise(const HardwareSpec& spec, const Program& program,
                     const std::vector<RunRecord>& runs, int prompt_tokens);

}  // namespace ternfab
