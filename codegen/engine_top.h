// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "codegen/rtl_order.h"
#include "codegen/spec.h"

namespace ternfab {

/// "tf_<identifier>_engine_top".
std::string EngineTopModule(const HardwareSpec& spec);

/// One ternary engine of the spec between two streams (rtl/tf_engine_stream.sv), in the order of
/// dependence, the top last: what `estimate` places on a device that holds no whole accelerator.
/// Its activation memory holds limits.ffn or limits.hidden elements, the greater. Errors:
/// engine.count or engine.batch is not 1, a word of activations is not a whole number of beats.
Expected<std::vector<RtlFile>> EmitEngineTop(const HardwareSpec& spec);

}  // namespace ternfab
