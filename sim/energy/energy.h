// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/plan/program.h"
#include "codegen/spec.h"
#include "common/error.h"
#include "models/config.h"
#include "sim/energy/fabric_use.h"
#include "sim/run_summary.h"

namespace ternfab {

/// How an energy is found. Figures of different modes answer different questions: no report mixes
/// them (docs/energy.md).
enum class EnergyMode {
  kPaper,     ///< arithmetic of 512 tokens: operations of the model times published constants
  kFpga,      ///< power of the device and its memory times the simulated time
  kDatapath,  ///< every adder, register, SRAM and DRAM access of the Program at a process node
  kGate,      ///< the arithmetic units as gates, with the model's own weights and activations
  kCpu        ///< the CPU path (sim/energy/cpu_energy.h): not a choice of `--energy`
};

/// "paper", "fpga", "datapath", "gate", "cpu".
std::string_view EnergyModeName(EnergyMode mode);

/// A mode with its process node.
struct EnergyChoice {
  EnergyMode mode = EnergyMode::kFpga;
  int nanometres = 45;  ///< of mode `datapath`: 45 or 7

  bool operator==(const EnergyChoice&) const = default;
};
/// What `--energy` takes: a mode, `datapath-45` (the same as `datapath`) or `datapath-7`. Error:
/// anything else; names all.
Expected<EnergyChoice> ParseEnergyChoice(const std::string& name);

/// A part of an energy.
struct EnergyPart {
  std::string name;
  double joules = 0;
  const char* evidence = "modelled";
  std::string source;  ///< how it was found: counts, constants and where these come from
};

/// Energy of one token, or of `tokens` together.
struct EnergyReport {
  EnergyMode mode = EnergyMode::kFpga;
  std::string node;    ///< process that the constants hold for: "16 nm FinFET (XCK26)"
  int tokens = 1;      ///< that the parts cover; above 1 where a figure of one token has no meaning
  double seconds = 0;  ///< that they take; 0: the mode has no time
  std::vector<EnergyPart> parts;
  const char* evidence = "modelled";  ///< weakest of the parts
  std::vector<std::string> notes;     ///< what it covers, what it assumes; whole sentences

  double total_joules() const;
  double watts() const { return seconds > 0 ? total_joules() / seconds : 0; }
};

/// What an estimate is made from. All outlive the call.
struct EnergyInputs {
  const HardwareSpec& spec;
  const ModelConfig& model;
  const Program& program;
  const RunSummary& summary;  ///< of a simulated run with at least one decode step
  FabricUse fabric;           ///< of the design; mode `fpga` only
  int position = 0;           ///< of the decoded token that counts are made for
  bool synthetic = false;     ///< weights are random (`synth:`)
  std::vector<int> ids = {};  ///< tokens of a text, for mode `gate`: its operands are theirs
};

/// What can be refused before a run: a device or memory without published power figures, gates for
/// a model of random weights.
Expected<void> CheckEnergyChoice(const EnergyChoice& choice, const HardwareSpec& spec,
                                 bool synthetic);

/// Energy of one decoded token (mode `paper`: of the arithmetic of 512).
/// Errors: those of CheckEnergyChoice; mode `fpga` without a decode step; mode `gate` without ids,
/// its tools or its cells (sim/energy/gate_run.h).
Expected<EnergyReport> EstimateTokenEnergy(const EnergyChoice& choice, const EnergyInputs& inputs);

}  // namespace ternfab
