// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/tensor.h"

namespace ternfab::fast {

/// RowTable::ReadRow, the same numbers, vectorised for Q6_K, BF16 and F32.
void ReadRowFast(const RowTable& table, int row, float* out);

}  // namespace ternfab::fast
