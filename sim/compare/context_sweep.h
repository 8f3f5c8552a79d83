// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "codegen/plan/program.h"
#include "codegen/spec.h"
#include "common/error.h"
#include "sim/compare/comparison.h"

namespace ternfab::compare {

/// Contexts at which a step of `program` is looked at: powers of four from 16 on that it can hold,
/// and the longest.
std::vector<int> SweepContexts(const Program& program);

/// Cycles of one decode step after `contexts` tokens each, by the cycle model: it needs no data. A
/// shortlist's rows are taken to be spread over the vocabulary. `on_progress`: steps done, of all.
Expected<ContextSweep> SweepContext(const HardwareSpec& spec, const Program& program,
                                    const std::vector<int>& contexts,
                                    const std::function<void(int64_t, int64_t)>& on_progress);

}  // namespace ternfab::compare
