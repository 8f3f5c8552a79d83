// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "host/cli/commands.h"
#include "models/config.h"

namespace ternfab::cli {

// Subcommands of `ternfab model`.
void AddModelInspect(CLI::App& model, Action& action);
void AddModelConvert(CLI::App& model, Action& action);

/// "ReLU^2" or "SiLU".
const char* NameOf(Activation activation);

}  // namespace ternfab::cli
