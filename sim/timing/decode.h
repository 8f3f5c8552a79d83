// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "codegen/plan/design.h"
#include "codegen/plan/program.h"
#include "codegen/plan/schedule.h"
#include "sim/timing/unit_timing.h"

namespace ternfab::timing {

/// The instructions of a list as a run with these arguments sees them (tf_instr_resolve). `tags`:
/// the tag indices of the run, one for each instruction with Index::kTag (Emulator::tag_indices);
/// where there are fewer, the others count as 0, and so only stream addresses are wrong.
std::vector<DecodedInstruction> DecodeRun(const InstructionList& list, const DesignParams& design,
                                          const RunArguments& arguments,
                                          std::span<const uint32_t> tags = {});

/// Instructions with Index::kTag.
size_t CountTags(const InstructionList& list);

}  // namespace ternfab::timing
