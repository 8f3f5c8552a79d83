// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "codegen/spec.h"
#include "host/cli/commands.h"
#include "host/cli/output.h"

// `ternfab hw list|show`: the presets.

namespace ternfab::cli {
namespace {

Expected<int> List() {
  fmt::print("{:<14} {:<14} {:>8} {:>22} {:>12} {:>7} {:>12} {:>9}\n", "name", "device", "MHz",
             "engines x lanes x batch", "int8", "vector", "ports", "GB/s");
  for (const std::string& name : SpecPresetNames()) {
    TF_ASSIGN_OR_RETURN(const HardwareSpec s, FindSpec(name));
    fmt::print("{:<14} {:<14} {:>8} {:>22} {:>12} {:>7} {:>12} {:>9.2f}\n", s.name, s.device,
               s.clock_mhz,
               fmt::format("{} x {} x {}", s.engine.count, s.engine.lanes, s.engine.batch),
               fmt::format("{} x {}", s.int8.lanes, s.int8.queries), s.vector.lanes,
               fmt::format("{} x {} bit", s.memory.ports, s.memory.width_bits),
               s.memory.ports * s.memory.width_bits / 8.0 * s.clock_mhz / 1000);
  }
  fmt::print("MHz and ports are given by the spec; GB/s follows from them.\n");
  return 0;
}

Expected<int> Show(const std::string& name) {
  TF_ASSIGN_OR_RETURN(const HardwareSpec spec, FindSpec(name));
  fmt::print("{}", ToYaml(spec));
  return 0;
}

}  // namespace

void AddHw(CLI::App& app, Action& action) {
  CLI::App* hw = app.add_subcommand("hw", "hardware presets");
  hw->require_subcommand(1);
  hw->add_subcommand("list", "all presets")->callback([&action] { action = List; });
  auto name = std::make_shared<std::string>();
  CLI::App* show = hw->add_subcommand("show", "a preset or spec file as YAML");
  show->add_option("NAME", *name, "preset or file")->required();
  show->callback([name, &action] { action = [name] { return Show(*name); }; });
}

}  // namespace ternfab::cli
