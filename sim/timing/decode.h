// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "codegen/plan/design.h"
#include "codegen/plan/program.h"
#include "codegen/plan/schedule.h"
#include "sim/timing/unit_timing.h"

namespace ternfab::timing {

/// The instructions of a list as a run with these arguments sees them (tf_instr_resolve).
std::vector<DecodedInstruction> DecodeRun(const InstructionList& list, const DesignParams& design,
                                          const RunArguments& arguments);

}  // namespace ternfab::timing
