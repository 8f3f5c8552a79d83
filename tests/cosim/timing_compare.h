// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "codegen/plan/program.h"
#include "codegen/plan/schedule.h"
#include "codegen/spec.h"
#include "models/config.h"
#include "sim/memory/memory_config.h"

namespace ternfab {

/// `spec` with memory of `kind`, which changes nothing in the design; a longer latency where the
/// kind needs it.
MemoryConfig MemoryOf(const HardwareSpec& spec, const std::string& kind);

/// Runs `program` with each of `runs`, one after the other, on the RTL of `spec` and on the cycle
/// model, both with `memory`, the latter with and without skipping. EXPECTs the same issue and
/// retire cycle of every instruction, the same counters, and that the memory goes on from run to
/// run. Names the first instruction that differs, with its neighbours.
void ExpectSameTiming(const HardwareSpec& spec, const Program& program, const MemoryConfig& memory,
                      std::span<const RunArguments> runs);

/// Runs for a random model: a batch of prompt, the rest of it, tokens at low and high positions.
std::vector<RunArguments> TimingRuns(const ModelConfig& config, int batch, uint64_t seed);

}  // namespace ternfab
