// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "host/cli/commands.h"

namespace ternfab::cli {

/// Adds `estimate`, as the functions of commands.h do.
void AddEstimate(CLI::App& app, Action& action);

}  // namespace ternfab::cli
