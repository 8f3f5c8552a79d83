// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "codegen/spec.h"
#include "common/error.h"

namespace ternfab::cli {

/// `ternfab simulate --matvec RxK[xB]`: one random ternary matrix of R rows and K columns times B
/// vectors (1: default) on the RTL; compares the result with the exact product and prints the
/// cycles of the instruction beside ceil(R/engines) * ceil(K/lanes). Status 1: a wrong element.
Expected<int> SimulateMatvec(const HardwareSpec& spec, const std::string& hw,
                             const std::string& shape, bool check, const std::string& json_path);

}  // namespace ternfab::cli
