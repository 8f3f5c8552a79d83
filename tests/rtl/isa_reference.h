// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "codegen/plan/isa.h"

namespace ternfab {

/// Arguments of a run.
struct RunArguments {
  uint32_t position = 0;
  uint32_t count = 1;
  std::array<uint32_t, isa::kMaxBatch> tokens{};
};

enum class Unit { kTernary = 0, kInt8 = 1, kVector = 2 };

/// What the sequencer must make of an instruction, from the sentences of docs/isa.md.
struct Resolved {
  Unit unit = Unit::kVector;
  bool skip = false;
  bool stream = false;  ///< reads a stream (false where skipped)
  uint32_t addr = 0;    ///< of the stream, wide beats
  uint32_t beats = 0;
  uint32_t length = 0;    ///< int8 and vector unit
  uint32_t mem_addr = 0;  ///< vector unit with a main-memory destination
  uint32_t mem_elem = 0;
};

Resolved Resolve(const isa::Instruction& instr, const RunArguments& arguments, uint32_t wide_bytes);

/// StreamBeats of an instruction with a stream and without DynamicLength.
uint32_t StaticBeats(const isa::Instruction& instr, uint32_t wide_bytes);

}  // namespace ternfab
