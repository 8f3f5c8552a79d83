// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/tensor.h"

namespace ternfab {

/// RoPE rotates the rows i and i + head_dim/2 of a head of q or k together (NEOX). Files of the
/// architecture `llama` hold such pairs side by side: row 2j + p of a head is row
/// p * head_dim/2 + j here.

/// From pairs side by side to NEOX order.
TernaryMatrix UnpairHeadRows(const TernaryMatrix& matrix, int head_dim);
/// The inverse.
TernaryMatrix PairHeadRows(const TernaryMatrix& matrix, int head_dim);

}  // namespace ternfab
