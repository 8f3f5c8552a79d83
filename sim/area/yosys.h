// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "common/error.h"

namespace ternfab {

/// What `yosys -V` prints. Error: there is no Yosys.
Expected<std::string> YosysVersion();

/// Runs `script` (commands, one a line) in `folder` and returns the log. Error: Yosys fails; the
/// message ends with its own.
Expected<std::string> RunYosys(const std::filesystem::path& folder, const std::string& script);

}  // namespace ternfab
