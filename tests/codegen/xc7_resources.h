// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "sim/area/resources.h"

namespace ternfab {

/// Cells of `module` with all below it, mapped by Yosys to Xilinx 7 series with abc9. `read`:
/// commands that read the sources, in `folder`. The test fails where Yosys does or leaves cells
/// unmapped.
Resources Xc7Resources(const std::filesystem::path& folder, const std::string& read,
                       const std::string& module);

}  // namespace ternfab
