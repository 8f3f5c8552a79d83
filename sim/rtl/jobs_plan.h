// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "codegen/plan/program.h"
#include "codegen/spec.h"
#include "common/error.h"
#include "sim/rtl/jobs_part.h"
#include "sim/timing/design_model.h"

namespace ternfab::rtl {

/// A part and how it begins.
struct PlannedPart {
  PartRange range;
  timing::Tokens tokens;      ///< before range.first
  uint64_t memory_cycle = 0;  ///< of the memory in the part's cycle 0
};

/// Cuts a run into at most `jobs` parts that take about the same time. Every part but the first
/// begins about a layer before the instruction from which it counts, or as many layers earlier as
/// the cycle model needs to be there in the state of the unbroken run, memory included; a cut for
/// which the program has not enough instructions before it is left out. `model` stands at the start
/// of the run and is taken to its end. Errors: a deadlock.
Expected<std::vector<PlannedPart>> PlanParts(const HardwareSpec& spec, const InstructionList& list,
                                             const RunArguments& arguments, int jobs,
                                             timing::DesignModel& model);

/// The last instruction, at most `index`, with which a burst of the unbroken run's program fetch
/// begins: from there on a part fetches the program in the same bursts.
uint32_t FetchAligned(const HardwareSpec& spec, const InstructionList& list, uint32_t index);

/// Tokens signalled and not yet waited for by the instructions before `index`, in program order.
timing::Tokens TokensBefore(const InstructionList& list, uint32_t index);

}  // namespace ternfab::rtl
