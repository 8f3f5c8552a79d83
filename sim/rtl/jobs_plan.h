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
  timing::Tokens tokens;             ///< before range.first
  uint64_t memory_cycle = 0;         ///< of the memory in the part's cycle 0
  std::vector<uint32_t> beginnings;  ///< what range.first may be, the latest first
};

/// Cuts a run into at most `jobs` parts that take about the same time, as far as a memory with a
/// constant latency tells. Every part but the first begins about a layer before the instruction
/// from which it counts. Errors: a deadlock.
Expected<std::vector<PlannedPart>> ChooseCuts(const HardwareSpec& spec, const MemoryConfig& memory,
                                              const Program& program, const InstructionList& list,
                                              const RunArguments& arguments, int jobs);

/// Finds for every part but the first when it must begin to be in the state of the unbroken run,
/// memory included, when it begins to count. Where there is no such cycle it begins earlier, at
/// another of its `beginnings`; false: there is none at which it could. `model` stands at the start
/// of the run and is taken to the last cut. Errors: a deadlock.
Expected<bool> FindStarts(const InstructionList& list, const RunArguments& arguments,
                          timing::DesignModel& model, std::vector<PlannedPart>& parts);

/// The last instruction, at most `index`, with which a burst of the unbroken run's program fetch
/// begins: from there on a part fetches the program in the same bursts.
uint32_t FetchAligned(const HardwareSpec& spec, const InstructionList& list, uint32_t index);

/// Tokens signalled and not yet waited for by the instructions before `index`, in program order.
timing::Tokens TokensBefore(const InstructionList& list, uint32_t index);

}  // namespace ternfab::rtl
