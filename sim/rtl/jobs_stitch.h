// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "codegen/plan/program.h"
#include "common/error.h"
#include "sim/rtl/jobs_part.h"
#include "sim/run_record.h"

namespace ternfab::rtl {

/// The seam between two parts holds: both are in the same state. Error: names what differs.
Expected<void> CheckSeam(const InstructionList& list, const PartRange& range,
                         const PartResult& before, const PartResult& after);

/// The record of the whole run, without arguments and start_cycle. `ranges[i]` is that of
/// `parts[i]`; times only if asked for.
RunRecord Stitch(std::span<const PartRange> ranges, std::span<const PartResult> parts, bool times);

}  // namespace ternfab::rtl
