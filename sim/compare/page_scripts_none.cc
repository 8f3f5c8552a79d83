// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/page_files.h"

// In place of the chart scripts where the npm packages are not installed.

namespace ternfab {

std::span<const EmbeddedText> PageScripts() { return {}; }

}  // namespace ternfab
