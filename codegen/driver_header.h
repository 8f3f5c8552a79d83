// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "codegen/signature.h"

namespace ternfab {

/// The C++ header tf_<identifier>.h: namespace tf_<identifier> with every number that the host
/// needs (parameters, register offsets, error causes, counters) and `kDesign`, which host/driver
/// takes.
std::string EmitDriverHeader(const DesignSignature& signature);

}  // namespace ternfab
