// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "codegen/plan/program.h"
#include "host/cpu/emulator.h"
#include "host/cpu/language_model.h"

namespace ternfab {

/// Device arithmetic on the CPU: the emulator executes `program`; prompts go through the prefill
/// program in batches, single tokens through the decode program. `program` outlives the model.
std::unique_ptr<LanguageModel> MakeEmulatedDevice(const Program& program,
                                                  const EmulatorOptions& options = {});

}  // namespace ternfab
