// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/plan/program.h"
#include "common/error.h"

namespace ternfab {

/// No stream is fetched before what it reads is written: a stream that can read beats which the
/// list has written before is Dependent, or comes after a Dependent stream of the same unit that
/// has waited for those writes (FetchOrder). The instructions and tokens are valid otherwise.
Expected<void> VerifyStreams(const Program& program, const InstructionList& list, const char* name);

}  // namespace ternfab
