// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace ternfab::cli {

/// Lays out the help of `app` and of the commands that it has by then: choices as a|b, defaults
/// behind the description.
void SetHelpLayout(CLI::App& app);

/// One line for a command line that cannot be parsed: what is wrong, the nearest option or command
/// where a name is wrong, and the --help that lists them.
std::string ExplainParseError(const CLI::App& app, const CLI::ParseError& error);

/// The same for a first word that is no command.
std::string ExplainNoCommand(const CLI::App& app, const std::string& word);

}  // namespace ternfab::cli
