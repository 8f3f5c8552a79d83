// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/fpga_energy.h"

#include <fmt/format.h>

#include <utility>

#include "codegen/devices.h"
#include "sim/energy/fpga_power.h"

namespace ternfab {
namespace {

/// Adds `watts` for the token's time; parts that the device does not have are left out.
void AddPart(EnergyReport& report, const char* name, double watts, std::string source) {
  if (!(watts > 0)) return;
  report.parts.push_back({name, watts * report.seconds, "modelled", std::move(source)});
}

void AddFabric(EnergyReport& report, const FpgaPower& watts, const FabricPower& fabric,
               const FabricUse& use) {
  const auto each = [](double count, const char* what, double joules) {
    return fmt::format("{:.0f} {} at {:.3g} pJ a cycle", count, what, joules * 1e12);
  };
  AddPart(report, "clock", watts.clock, each(use.ff, "flip-flops", fabric.clock_joules));
  AddPart(report, "logic", watts.logic, each(use.lut, "LUTs with wires", fabric.lut_joules));
  AddPart(report, "block RAM", watts.bram, each(use.bram36, "of 36 Kbit", fabric.bram36_joules));
  AddPart(report, "UltraRAM", watts.uram, each(use.uram, "of 288 Kbit", fabric.uram_joules));
  AddPart(report, "multipliers", watts.dsp, each(use.dsp, "DSPs", fabric.dsp_joules));
}

}  // namespace

Expected<EnergyReport> EstimateFpgaEnergy(const EnergyInputs& in) {
  if (in.summary.decode_steps == 0) {
    return Fail("no decode step was simulated, which mode fpga needs: ask for more tokens");
  }
  TF_ASSIGN_OR_RETURN(const FabricPower fabric, FindFabricPower(in.spec));
  TF_ASSIGN_OR_RETURN(const DramPower dram, FindDramPower(in.spec));
  EnergyReport report;
  report.mode = EnergyMode::kFpga;
  report.node = fmt::format("{} ({})", fabric.node, FindDevice(in.spec.device)->part);
  report.seconds = 1 / in.summary.decode_rate;
  const double bytes = in.summary.bytes_per_token();
  TF_ASSIGN_OR_RETURN(const FpgaPower watts,
                      EstimateFpgaPower(in.spec, in.fabric, bytes / report.seconds));
  AddPart(report, "processors", watts.processors,
          fmt::format("{:.3f} W: processors with DDR controller", watts.processors));
  AddPart(report, "leakage", watts.leakage, fmt::format("{:.3f} W", watts.leakage));
  AddFabric(report, watts, fabric, in.fabric);
  AddPart(report, "memory interface", watts.memory_interface,
          fmt::format("{:.3f} W: PLL and terminated inputs", watts.memory_interface));
  AddPart(report, "memory access", watts.memory_access,
          fmt::format("{:.0f} B; {}", bytes, dram.source));
  AddPart(report, "memory background", watts.memory_background,
          fmt::format("{:.3f} W: rows open, no access", watts.memory_background));
  report.notes.push_back(
      fmt::format("Resources are {}: {}.", in.fabric.evidence, in.fabric.source));
  report.notes.push_back(
      "Activity of the fabric is that of the reports that the figures are from, not of this run.");
  return report;
}

}  // namespace ternfab
