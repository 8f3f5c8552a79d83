// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/common/fp32_operands.h"

namespace ternfab {

/// The first operand pair for which an operation of common/fp32.h differs from the oracle, in
/// words; empty if there is none. The operations run over whole arrays, as the emulator runs them.
std::string CompareFp32(const std::vector<Fp32Pair>& pairs);

/// The same for `count` pairs of Fp32PairSource(seed).
std::string CompareFp32Random(uint64_t seed, int64_t count);

}  // namespace ternfab
