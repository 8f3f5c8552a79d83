// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "codegen/plan/program.h"
#include "codegen/spec.h"
#include "common/error.h"

namespace ternfab::timing {

/// Cycles of one run of `program` that appends `tokens` (1 to the design's batch) to a context of
/// `context` tokens, by the cycle model with the spec's memory: needs no data. A shortlist's rows
/// are taken to be spread over the vocabulary.
Expected<uint64_t> RunCycles(const HardwareSpec& spec, const Program& program, int context,
                             int tokens);

/// `spec` with the logic at `mhz`. The memory stays what it is: its own clock, and a latency of as
/// many nanoseconds as before, in cycles rounded up.
HardwareSpec AtClock(const HardwareSpec& spec, double mhz);

}  // namespace ternfab::timing
