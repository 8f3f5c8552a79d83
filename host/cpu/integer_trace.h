// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>

namespace ternfab {

/// The products of a layer, in the order in which a token meets them.
enum class Projection { kQ, kK, kV, kO, kGate, kUp, kDown };

/// Called by a reference with the integers of one BitLinear: int8 activations and sums [rows].
using IntegerTrace =
    std::function<void(int position, int layer, Projection projection,
                       std::span<const int8_t> activations, std::span<const int32_t> sums)>;

}  // namespace ternfab
