// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace ternfab::timing {

/// Which of the bench's units take part, and how.
struct LockstepOptions {
  uint64_t seed = 1;
  int64_t cycles = 1000;
  int ternary_shape = 0;  ///< 0, 1, 2 of bench_ternary.svh
  int count = 1;          ///< active slots
  int engine_latency = 5;
  int int8_shape = 0;  ///< 0, 1 of bench_int8.svh
  /// Cycles that the ternary model's engines, and lanes by whose factor two the int8 model's, are
  /// wrong: the comparison must see them.
  int wrong_latency = 0;
  bool wrong_int8_lanes = false;
  bool wrong_vector_lanes = false;
};

struct LockstepResult {
  std::string difference;  ///< the first one in words; "" where every cycle is equal
  int64_t ternary = 0, int8 = 0, vector = 0;  ///< instructions that retired
};

/// Runs random instructions in random weather on the Verilated units (one ternary, one int8 and all
/// three vector units of unit_bench.sv, side by side) and on their cycle models, and compares what
/// they drive in every cycle.
LockstepResult RunLockstep(const LockstepOptions& options);

}  // namespace ternfab::timing
