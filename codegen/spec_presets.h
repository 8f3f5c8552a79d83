// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/embedded.h"

namespace ternfab {

/// The files of codegen/specs, sorted by name.
std::span<const EmbeddedText> EmbeddedSpecs();

}  // namespace ternfab
