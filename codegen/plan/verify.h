// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/plan/program.h"
#include "common/error.h"

namespace ternfab {

/// Checks what every executor relies on: sizes of the design; regions in order and in main memory;
/// the image's programs equal to the lists; known opcodes, kEnd last and nowhere else; every VM,
/// AM, QM, S and main-memory address of an instruction, for every position below `context` and
/// every token below `vocab`, inside its memory; lengths of streams; signals and waits balanced;
/// weights that do not overlap and are not written.
/// The message names list, instruction, field and rule.
Expected<void> VerifyProgram(const Program& program);

/// Checks the sizes of a design alone.
Expected<void> VerifyDesign(const DesignParams& design);

}  // namespace ternfab
