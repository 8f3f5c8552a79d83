// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.h"

namespace ternfab::cli {

/// The decimal integers of `text`, `separator` between them; none may be empty or beyond int.
/// "1,2,3" with "," gives 1, 2, 3. Error: "not a list of integers", for the caller to complete.
Expected<std::vector<int>> ParseInts(std::string_view text, std::string_view separator);

/// The bytes of a regular file of at most `most` bytes. Errors name `option` and the path.
Expected<std::string> ReadRegularFile(std::string_view option, const std::string& path,
                                      uint64_t most);

/// Cores of this machine.
int DefaultThreads();

/// `--threads N`, 1 to 256; the default is `threads`.
void AddThreads(CLI::App& command, int& threads);

}  // namespace ternfab::cli
