// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "host/cpu/kernels.h"

namespace ternfab {

/// The ternary kernel for WeightCode::kInt8, for activations in blocks of any size. Plain loops
/// that the compiler turns into vector instructions.
void Int8Rows(const TernaryTask& task);

}  // namespace ternfab
