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

/// Memory of `kind` for the design of `spec` as it is; with a longer latency where the
/// kind needs it.
MemoryConfig MemoryOf(const HardwareSpec& spec, const std::string& kind);

/// The first difference between the RTL of `spec` with `rtl_memory` behind it and the cycle model
/// with `memory`, which run `program` with each of `runs` in turn: instructions that do not issue
/// and retire in the same cycles, with their neighbours; counters that are not the same. "" if
/// there is none, with and without skipping, the memory going on from run to run.
std::string TimingDifference(const HardwareSpec& spec, const Program& program,
                             const MemoryConfig& rtl_memory, const MemoryConfig& memory,
                             std::span<const RunArguments> runs);

/// Runs for a random model: a batch of prompt, the rest of it, tokens at low and high positions.
std::vector<RunArguments> TimingRuns(const ModelConfig& config, int batch, uint64_t seed);

}  // namespace ternfab
