// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/plan/program.h"
#include "common/error.h"

namespace ternfab {

/// Weights are constant and have one meaning: the streams of two MATVEC are the same, with the same
/// shape, or have no beat in common; no instruction writes to them. The instructions are valid
/// otherwise.
Expected<void> VerifyWeightStreams(const Program& program);

/// Every byte of a weight stream is a valid code. Reads all weights.
Expected<void> VerifyWeightCodes(const Program& program);

}  // namespace ternfab
