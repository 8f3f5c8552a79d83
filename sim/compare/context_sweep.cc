// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/context_sweep.h"

#include "sim/timing/run_cycles.h"

namespace ternfab::compare {

std::vector<int> SweepContexts(const Program& program) {
  constexpr int kFirst = 16, kFactor = 4;
  std::vector<int> contexts;
  for (int context = kFirst; context < program.context; context *= kFactor) {
    contexts.push_back(context);
  }
  contexts.push_back(program.context - 1);  // the step's own token is one more
  return contexts;
}

Expected<ContextSweep> SweepContext(const HardwareSpec& spec, const Program& program,
                                    const std::vector<int>& contexts,
                                    const std::function<void(int64_t, int64_t)>& on_progress) {
  const std::string source = "cycle model: one decode step after so many tokens";
  ContextSweep sweep{{{}, "tokens", Evidence::kGiven, "tokens in the KV cache before the step"},
                     {{}, "cycles", Evidence::kSimulated, source},
                     {{}, "s", Evidence::kSimulated, source + ", at the given clock"}};
  for (const int context : contexts) {
    on_progress(int64_t(sweep.context.values.size()), int64_t(contexts.size()));
    TF_ASSIGN_OR_RETURN(const uint64_t cycles, timing::RunCycles(spec, program, context, 1));
    sweep.context.values.push_back(context);
    sweep.cycles.values.push_back(double(cycles));
    sweep.latency.values.push_back(double(cycles) / (spec.clock_mhz * 1e6));
  }
  on_progress(int64_t(contexts.size()), int64_t(contexts.size()));
  return sweep;
}

}  // namespace ternfab::compare
