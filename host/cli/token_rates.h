// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "codegen/plan/program.h"
#include "codegen/spec.h"
#include "common/error.h"

namespace ternfab::cli {

/// Rates of a model on a design at one clock, by the cycle model: a decode step and a prefill of a
/// whole batch, both after `context` tokens.
struct TokenRates {
  double mhz = 0;
  int context = 0;
  int batch = 1;
  uint64_t decode_cycles = 0;   ///< of a step
  uint64_t prefill_cycles = 0;  ///< of a batch

  double decode() const { return mhz * 1e6 / double(decode_cycles); }            ///< tokens/s
  double prefill() const { return batch * mhz * 1e6 / double(prefill_cycles); }  ///< tokens/s
};

/// A model (what LoadModel takes) on the design of `spec`.
Expected<Program> ProgramOf(const std::string& model, const HardwareSpec& spec);

/// `context`: by default 128, or as many as the Program holds beside a batch. Errors: it holds
/// fewer than asked for.
Expected<int> RateContext(const Program& program, std::optional<int> context);

/// Cycles of one run that appends `tokens` to `context` tokens with the logic of `spec` at `mhz`;
/// the memory stays what it is, so that a slower design waits less for it.
Expected<uint64_t> CyclesAt(double mhz, const HardwareSpec& spec, const Program& program,
                            int context, int tokens);

/// With the logic at `mhz`.
Expected<TokenRates> RatesAt(double mhz, const HardwareSpec& spec, const Program& program,
                             int context);

}  // namespace ternfab::cli
