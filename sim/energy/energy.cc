// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/energy.h"

#include <array>
#include <utility>

#include "sim/energy/datapath_energy.h"
#include "sim/energy/fpga_energy.h"
#include "sim/energy/fpga_power.h"
#include "sim/energy/gate_energy.h"
#include "sim/energy/paper_energy.h"

namespace ternfab {
namespace {

constexpr std::array<std::pair<const char*, EnergyMode>, 5> kModes = {
    {{"paper", EnergyMode::kPaper},
     {"fpga", EnergyMode::kFpga},
     {"datapath", EnergyMode::kDatapath},
     {"gate", EnergyMode::kGate},
     {"cpu", EnergyMode::kCpu}}};

}  // namespace

std::string_view EnergyModeName(EnergyMode mode) { return kModes[size_t(mode)].first; }

Expected<EnergyChoice> ParseEnergyChoice(const std::string& name) {
  for (const auto& [text, mode] : kModes) {
    if (name == text && mode != EnergyMode::kCpu) return EnergyChoice{mode};
  }
  if (name == "datapath-45") return EnergyChoice{EnergyMode::kDatapath, 45};
  if (name == "datapath-7") return EnergyChoice{EnergyMode::kDatapath, 7};
  return Fail("--energy {}: must be paper, fpga, datapath, datapath-45, datapath-7 or gate", name);
}

Expected<void> CheckEnergyChoice(const EnergyChoice& choice, const HardwareSpec& spec,
                                 bool synthetic) {
  if (choice.mode == EnergyMode::kFpga) {
    if (auto fabric = FindFabricPower(spec); !fabric) return tl::unexpected(fabric.error());
  }
  if (choice.mode == EnergyMode::kFpga || choice.mode == EnergyMode::kDatapath) {
    if (auto dram = FindDramPower(spec); !dram) return tl::unexpected(dram.error());
  }
  if (choice.mode == EnergyMode::kGate && !spec.engine.kind.starts_with("adder_tree")) {
    return Fail("energy gate: engine.kind = {}: must be adder_tree or adder_tree_lut6",
                spec.engine.kind);
  }
  if (choice.mode == EnergyMode::kGate && synthetic) {
    return Fail("--energy gate: needs the weights and activations of a real model, not synth:");
  }
  return {};
}

double EnergyReport::total_joules() const {
  double sum = 0;
  for (const EnergyPart& part : parts) sum += part.joules;
  return sum;
}

namespace {

Expected<EnergyReport> Estimate(const EnergyChoice& choice, const EnergyInputs& inputs) {
  switch (choice.mode) {
    case EnergyMode::kPaper:
      return EstimatePaperEnergy(inputs.model);
    case EnergyMode::kDatapath:
      return EstimateDatapathEnergy(inputs, choice.nanometres);
    case EnergyMode::kGate:
      return EstimateGateEnergy(inputs);
    case EnergyMode::kFpga:
    case EnergyMode::kCpu:
      break;
  }
  return EstimateFpgaEnergy(inputs);
}

}  // namespace

Expected<EnergyReport> EstimateTokenEnergy(const EnergyChoice& choice, const EnergyInputs& inputs) {
  TF_RETURN_IF_ERROR(CheckEnergyChoice(choice, inputs.spec, inputs.synthetic));
  TF_ASSIGN_OR_RETURN(EnergyReport report, Estimate(choice, inputs));
  if (inputs.synthetic) {
    report.notes.push_back("Weights are random: a third of the trits are zero (assumed).");
  }
  return report;
}

}  // namespace ternfab
