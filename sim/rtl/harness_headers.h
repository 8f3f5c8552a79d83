// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "codegen/embedded.h"

namespace ternfab {

/// The headers that a harness includes beside the generated driver, embedded so that the command
/// does not need the sources.
std::span<const EmbeddedText> HarnessHeaders();

}  // namespace ternfab
