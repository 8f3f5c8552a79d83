// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ternfab {

/// The units that execute instructions, each in program order.
enum class Unit { kTernary, kInt8, kVector };
inline constexpr int kUnits = 3;

}  // namespace ternfab
