// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

namespace ternfab {

/// ceil(a / b) for a >= 0, b > 0.
constexpr int64_t CeilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// The least multiple of b that is at least a.
constexpr int64_t RoundUp(int64_t a, int64_t b) { return CeilDiv(a, b) * b; }

constexpr bool IsPowerOfTwo(int64_t a) { return a > 0 && std::has_single_bit(uint64_t(a)); }

/// Bits needed to count from 0 to n - 1; at least 1.
constexpr int BitsFor(int64_t n) { return n <= 2 ? 1 : std::bit_width(uint64_t(n - 1)); }

}  // namespace ternfab
