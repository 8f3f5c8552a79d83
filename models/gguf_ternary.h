// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "common/error.h"
#include "models/gguf_format.h"
#include "models/tensor.h"

namespace ternfab {

/// Decodes a ternary tensor (I2_S, TQ1_0, TQ2_0) of rows x cols; `bytes` has GgufTensorBytes bytes.
/// Errors, prefixed with `where`: I2_S of a count that is no multiple of 128, code 3, a scale that
/// is not finite, TQ blocks of different scales (a block of zero trits may have any finite scale).
/// Every byte of TQ1_0 decodes to five valid digits, also the 13 that no encoder writes.
Expected<TernaryMatrix> DecodeTernary(GgufTensorType type, int rows, int cols,
                                      std::span<const uint8_t> bytes, std::string_view where);

/// Encodes a matrix, reversibly: it is DecodeTernary of the bytes times TernaryFactor.
/// Errors, prefixed with `where`: a shape the type cannot hold.
Expected<std::vector<uint8_t>> EncodeTernary(GgufTensorType type, const TernaryMatrix& matrix,
                                             std::string_view where);

/// What a file must store beside the tensor for W = factor * what its bytes decode to: 1, but the
/// scale itself for TQ1_0 and TQ2_0 when their f16 cannot hold it (the bytes then carry scale 1).
float TernaryFactor(GgufTensorType type, float scale);

}  // namespace ternfab
