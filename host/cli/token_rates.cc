// SPDX-License-Identifier: Apache-2.0
#include "host/cli/token_rates.h"

#include <algorithm>

#include "codegen/build_program.h"
#include "models/model.h"
#include "sim/timing/run_cycles.h"

namespace ternfab::cli {

namespace {
constexpr int kDefaultContext = 128;
}

Expected<Program> ProgramOf(const std::string& name, const HardwareSpec& spec) {
  TF_ASSIGN_OR_RETURN(const Model model, LoadModel(name));
  return BuildProgram(model, spec);
}

Expected<int> RateContext(const Program& program, std::optional<int> context) {
  const int most = program.context - program.design.batch;
  if (!context) return std::min(kDefaultContext, most);
  if (*context > most) {
    return Fail("--context {}: must be at most {} (context {} less a batch of {})", *context, most,
                program.context, program.design.batch);
  }
  return *context;
}

Expected<uint64_t> CyclesAt(double mhz, const HardwareSpec& spec, const Program& program,
                            int context, int tokens) {
  return timing::RunCycles(timing::AtClock(spec, mhz), program, context, tokens);
}

Expected<TokenRates> RatesAt(double mhz, const HardwareSpec& spec, const Program& program,
                             int context) {
  TokenRates rates{mhz, context, program.design.batch, 0, 0};
  TF_ASSIGN_OR_RETURN(rates.decode_cycles, CyclesAt(mhz, spec, program, context, 1));
  rates.prefill_cycles = rates.decode_cycles;
  if (rates.batch > 1) {
    TF_ASSIGN_OR_RETURN(rates.prefill_cycles, CyclesAt(mhz, spec, program, context, rates.batch));
  }
  return rates;
}

}  // namespace ternfab::cli
