// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "codegen/spec.h"
#include "models/config.h"

namespace ternfab {

/// Limits that every design of RandomSpec meets or exceeds: a model within them runs on all.
DesignLimits CommonLimits();

/// A valid spec: 1, 2 or 4 ports of 32 to 256 bits, any weight code, batch, queries, vector lanes
/// and pipeline that go with them, a latency of 1, 200 or between. The same seed gives the same.
HardwareSpec RandomSpec(uint64_t seed);

/// A shape within `limits`: 1 + seed % 8 query heads share a KV head; seed / 8 chooses among the
/// head sizes 256, 128, 100, 64, 32 that fit; widths that divide by nothing in particular; both
/// norm layouts, gates and kinds of head; one or two layers. The same seed gives the same.
ModelConfig RandomConfig(uint64_t seed, const DesignLimits& limits);

}  // namespace ternfab
