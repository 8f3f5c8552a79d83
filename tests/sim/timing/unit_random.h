// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>

#include "codegen/plan/isa.h"
#include "sim/timing/unit_timing.h"
#include "tests/rtl/vector_random.h"

namespace ternfab::timing {

using Random = std::mt19937_64;

inline uint32_t Below(Random& random, uint32_t n) { return uint32_t(random() % n); }

/// An instruction as the RTL and as the cycle model get it.
struct DrawnInstruction {
  isa::Instruction words;
  DecodedInstruction decoded;
};

/// Seeded instructions of one unit, some of them skipped; every field that timing depends on
/// varies.
class InstructionSource {
 public:
  /// Of the ternary unit.
  static DrawnInstruction Matvec(Random& random);
  /// DOT or ACCUMULATE for a unit of `lanes`, with at most `queries`.
  static DrawnInstruction Int8(Random& random, int lanes, int queries, int vector_lanes);
  /// VECTOR instructions come from the source of the unit's own test.
  static DrawnInstruction Vector(Random& random, VectorCaseSource& source);
};

/// How the surroundings of a unit hesitate, in percent of the cycles.
struct UnitWeather {
  uint32_t instruction_gap = 0, token_gap = 0, stream_gap = 0, vm_stall = 0, write_stall = 0;

  static UnitWeather Draw(Random& random);
};

/// Queue, tokens and stream of one unit: what was offered stays until it is taken.
class UnitSurroundings {
 public:
  UnitIn Draw(Random& random, const UnitWeather& weather, const DecodedInstruction& next);
  /// After the cycle; true if the unit retired its instruction.
  bool Settle(const UnitOut& out);

 private:
  bool offered_ = false, stream_ = false;
};

}  // namespace ternfab::timing
