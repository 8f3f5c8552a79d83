// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "host/cli/commands.h"

// Exit status: 0 success, 1 a failed check, 2 bad input or a bad command line.
int main(int argc, char** argv) {
  using namespace ternfab::cli;
  CLI::App app{"Ternary-LLM accelerators: generate, run, simulate and compare."};
  app.name("ternfab");
  app.require_subcommand(1);
  app.set_version_flag("--version", TERNFAB_VERSION);
  Action action;
  AddRun(app, action);
  AddSimulate(app, action);
  AddGenerate(app, action);
  AddEval(app, action);
  AddModel(app, action);
  AddHw(app, action);
  AddDemo(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    fmt::print(stderr, "ternfab: {}\n", e.what());
    return 2;
  }
  const auto status = action();
  if (!status) {
    fmt::print(stderr, "ternfab: {}\n", status.error().message);
    return 2;
  }
  return *status;
}
