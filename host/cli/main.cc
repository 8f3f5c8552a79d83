// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <string_view>

#include "host/cli/commands.h"
#include "host/cli/estimate.h"
#include "host/cli/help.h"

namespace ternfab::cli {
namespace {

constexpr int kBadInput = 2;

/// One line on standard error, whatever characters the message took from its input.
int Refuse(std::string message) {
  std::replace_if(
      message.begin(), message.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  fmt::print(stderr, "ternfab: {}\n", message);
  return kBadInput;
}

bool IsCommand(const CLI::App& app, const std::string& name) {
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  return std::any_of(commands.begin(), commands.end(),
                     [&](const CLI::App* command) { return command->get_name() == name; });
}

/// Commands of the tool that are not built yet.
void AddUnbuilt(CLI::App& app, Action& action) {
  for (const std::string name : {"sweep"}) {
    CLI::App* command = app.add_subcommand(name, "not built yet")->allow_extras();
    command->callback([name, &action] {
      action = [name]() -> Expected<int> { return Fail("{}: is not built yet", name); };
    });
  }
}

/// `help` and `help COMMAND` are `--help` and `COMMAND --help`.
void TurnHelpAround(int argc, char** argv) {
  static char option[] = "--help";
  if (argc < 2 || argc > 3 || std::string_view(argv[1]) != "help") return;
  if (argc == 3) argv[1] = argv[2];
  argv[argc - 1] = option;
}

int Main(int argc, char** argv) {
  TurnHelpAround(argc, argv);
  CLI::App app{
      "Ternary-LLM accelerators: generate them, run BitNet models on them cycle by cycle."};
  app.name("ternfab");
  app.require_subcommand(1);
  app.set_version_flag("--version", TERNFAB_VERSION);
  Action action;
  AddRun(app, action);
  AddSimulate(app, action);
  AddCompare(app, action);
  AddGenerate(app, action);
  AddEstimate(app, action);
  AddEval(app, action);
  AddModel(app, action);
  AddHw(app, action);
  AddDemo(app, action);
  AddUnbuilt(app, action);
  SetHelpLayout(app);
  try {
    if (argc > 1 && argv[1][0] != '-' && !IsCommand(app, argv[1])) {
      return Refuse(ExplainNoCommand(app, argv[1]));
    }
    app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    return Refuse(ExplainParseError(app, e));
  }
  const Expected<int> status = action();
  if (!status) return Refuse(status.error().message);
  if (std::fflush(stdout) != 0 || std::ferror(stdout)) {
    return Refuse("standard output: cannot be written");
  }
  return *status;
}

}  // namespace
}  // namespace ternfab::cli

// Exit status: 0 success, 1 a failed check, 2 bad input or a bad command line.
int main(int argc, char** argv) {
  try {
    return ternfab::cli::Main(argc, argv);
  } catch (const std::bad_alloc&) {
    return ternfab::cli::Refuse("not enough memory");
  } catch (const std::exception& e) {
    return ternfab::cli::Refuse(e.what());
  }
}
