// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sim/area/module_synthesis.h"

namespace ternfab {

/// Results of all `modules`, in their order, from the cache or by `jobs` processes at a time (0:
/// one a core), the largest modules first. `on_progress` is told bytes of RTLIL done and all that
/// the cache did not have. The first error ends the work when the running processes have ended.
Expected<std::vector<ModuleSynthesis>> SynthesiseAll(
    const std::vector<RtlilModule>& modules, const SynthesisTool& tool, int jobs,
    const std::function<void(int64_t, int64_t)>& on_progress);

}  // namespace ternfab
