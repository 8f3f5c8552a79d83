// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "common/error.h"

namespace ternfab::cli {

/// The work of the subcommand that was given: 0, or 1 for a failed check.
using Action = std::function<Expected<int>()>;

// Each adds one subcommand to `app` and sets `action` when the command line names it.
void AddRun(CLI::App& app, Action& action);
void AddEval(CLI::App& app, Action& action);
void AddModel(CLI::App& app, Action& action);
void AddHw(CLI::App& app, Action& action);
void AddGenerate(CLI::App& app, Action& action);
void AddSimulate(CLI::App& app, Action& action);
void AddCompare(CLI::App& app, Action& action);
void AddDemo(CLI::App& app, Action& action);

}  // namespace ternfab::cli
