// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/plan/decoder.h"
#include "codegen/plan/norm.h"

namespace ternfab {

/// The LM head with a shortlist (docs/isa.md, "LM head"): a ternary projection of the head scores
/// every row; of each class of rows (row mod shortlist_rows) the best is scored again with its int8
/// row. `norm` is the output norm, its product made.
void EmitShortlistHead(const PlanContext& plan, const SlotLoop& loop, const NormOp& norm);

}  // namespace ternfab
