// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "codegen/plan/program.h"

namespace ternfab {

/// One instruction on one line: "VECTOR wait=matvec>vector int vm[12+8s] * s[7] + -vm[3] ->
/// vm[12+8s] absmax s[64+s] length=16 segments=5". `s` stands for the segment.
std::string Disassemble(const isa::Instruction& instruction);

/// All instructions of a list, "index instruction  ; note", one a line.
std::string Disassemble(const InstructionList& list);

}  // namespace ternfab
