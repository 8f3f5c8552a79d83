// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/error.h"
#include "sim/area/path_delay.h"
#include "sim/area/resources.h"
#include "sim/area/rtlil.h"

namespace ternfab {

/// What Yosys made of one module.
struct ModuleSynthesis {
  Resources own;                            ///< without the modules that it instantiates
  std::vector<std::string> unmapped;        ///< cells of no family: Yosys could not map them
  std::vector<std::string> register_files;  ///< memories that became flip-flops
  int memories = 0;                         ///< memories that became RAM of some kind
  ModulePath path;                          ///< its slowest path
};

/// How modules are synthesised.
struct SynthesisTool {
  std::string command;  ///< YosysCommands of the device, for kBatchName
  std::string version;  ///< YosysVersion
  std::string cache;    ///< folder that keeps results
  std::string family;   ///< of codegen/devices.h: whose delays
};

/// Name of a module's result in the cache, without extension: the module and a hash of its text,
/// the command and the version.
std::string SynthesisKey(const RtlilModule& module, const SynthesisTool& tool);

/// Top of a batch of modules: it instantiates each of them and has nothing else.
inline constexpr const char* kBatchName = "batch";

/// The module's result if the cache has it.
std::optional<ModuleSynthesis> FindSynthesis(const RtlilModule& module, const SynthesisTool& tool);

/// Synthesises the modules, each on its own, in one process of Yosys (its start takes seconds, most
/// modules take less), and keeps their results in the cache. Results are in the modules' order.
/// Errors: Yosys fails (names a module that it fails on), the cache cannot be written.
Expected<std::vector<ModuleSynthesis>> Synthesise(std::span<const RtlilModule* const> modules,
                                                  const SynthesisTool& tool);

}  // namespace ternfab
