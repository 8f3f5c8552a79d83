// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "codegen/embedded.h"

namespace ternfab {

/// Style and scripts of the page, written for it.
std::span<const EmbeddedText> PageFiles();
/// Builds of vega, vega-lite and vega-embed and their licences (licences.txt); empty where the
/// command was built without the npm packages.
std::span<const EmbeddedText> PageScripts();

}  // namespace ternfab
