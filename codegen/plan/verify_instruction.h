// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "codegen/plan/program.h"

namespace ternfab {

/// What is wrong with one instruction of a list for 1..slots active slots: field, value and rule;
/// "" when nothing is.
std::string InstructionError(const Program& program, const isa::Instruction& instruction,
                             int slots);

}  // namespace ternfab
