// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "codegen/spec.h"
#include "common/error.h"
#include "sim/area/module_synthesis.h"
#include "sim/area/rtlil.h"

namespace ternfab {

/// The modules of the RTL that `generate` writes for `spec`, each with every set of parameters that
/// it is instantiated with; the top is the last. Kept in the tool's cache by a hash of the sources.
/// Errors: Yosys fails, the cache cannot be written.
Expected<std::vector<RtlilModule>> Elaborate(const HardwareSpec& spec, const SynthesisTool& tool);

}  // namespace ternfab
