// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

// Codes of trits (trit + 1: 0, 1 or 2) as files hold them: four two-bit fields a byte.

namespace ternfab {

inline constexpr int kCodeBlock = 32;  ///< bytes that SplitCodes takes at a time

/// Position of the first byte that holds a code 3; -1 if there is none.
int64_t FindCode3(std::span<const uint8_t> bytes);

/// Takes the fields of bytes apart and joins each kind in order, four codes a byte as in
/// TernaryMatrix: field k (bits 2k, 2k + 1) of the 32 bytes at `from + 32 i`, i < blocks, becomes 8
/// bytes at `to[k] + i * stride`. Returns false when a code is 3 (all is written all the same).
bool SplitCodes(const uint8_t* from, int64_t blocks, const std::array<uint8_t*, 4>& to,
                int64_t stride);

/// The same without vector instructions.
bool SplitCodesScalar(const uint8_t* from, int64_t blocks, const std::array<uint8_t*, 4>& to,
                      int64_t stride);

/// Field `k` of each byte, in order: bytes.size() / 4 bytes, rounded up, the last one padded with
/// code 1.
void JoinField(std::span<const uint8_t> bytes, int k, uint8_t* to);

}  // namespace ternfab
