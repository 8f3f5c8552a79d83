// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "common/error.h"
#include "models/tensor.h"

namespace ternfab {

/// Decodes a packed BitNet weight (transformers, integrations/bitnet.py): `bytes` is U8
/// [rows / 4][cols], rows % 4 == 0; bits 2i, 2i+1 of byte (r, c) hold the code of element
/// (i * rows/4 + r, c). Error, prefixed with `where`: code 3.
Expected<TernaryMatrix> DecodeHfPacked(int rows, int cols, float scale,
                                       std::span<const uint8_t> bytes, std::string_view where);

/// The inverse. Error, prefixed with `where`: a count of rows that is no multiple of 4.
Expected<std::vector<uint8_t>> EncodeHfPacked(const TernaryMatrix& matrix, std::string_view where);

/// Quantises float weights by absmean (BitNet b1.58): scale = max(mean |W|, 1e-5) over the tensor
/// as float32, trit = W / scale rounded half to even and clamped to -1..1.
/// Error, prefixed with `where`: a weight that is not finite.
Expected<TernaryMatrix> TernarizeAbsmean(const RowTable& weights, std::string_view where);

}  // namespace ternfab
