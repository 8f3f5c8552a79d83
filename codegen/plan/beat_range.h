// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/plan/program.h"

namespace ternfab {

/// Wide beats [first, end) of main memory, over all positions and tokens; empty: none. The
/// instruction is valid.
struct BeatRange {
  uint64_t first = 0;
  uint64_t end = 0;

  bool empty() const { return first == end; }
};

/// What `instruction` can write.
BeatRange WrittenBeats(const Program& program, const isa::Instruction& instruction);

/// What its stream can read.
BeatRange StreamedBeats(const Program& program, const isa::Instruction& instruction);

}  // namespace ternfab
