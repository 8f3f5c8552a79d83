// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/fpga_power.h"

#include <cmath>
#include <initializer_list>

#include "codegen/devices.h"

// Parameters of mode `fpga`, from power reports of other designs than those of docs/validation.md.

namespace ternfab {
namespace {

/// Joins figures of reports that differ by factors: no report counts more than another.
double GeometricMean(std::initializer_list<double> figures) {
  double sum = 0;
  for (const double figure : figures) sum += std::log(figure);
  return std::exp(sum / double(figures.size()));
}

/// Joules of a resource in a clock cycle: `watts` of `count` of them at `mhz`.
constexpr double Each(double watts, double count, double mhz) {
  return watts / (count * mhz * 1e6);
}

// Reports A to D of docs/energy.md, UltraScale+ (16 nm, 0.85 V): A an XCZU7EV at 50 MHz, B an
// XCU280 at 178.6 MHz, C an XCU50 at 180 MHz, D an XCZU7EV at 317 MHz with simulated activity.
constexpr double kMhzA = 50, kMhzB = 1e3 / 5.6, kMhzC = 180, kMhzD = 317;

FabricPower UltraScalePlus() {
  FabricPower p;
  p.family = "xcup";
  p.node = "16 nm FinFET, 0.85 V";
  p.lut_joules =
      GeometricMean({Each(0.678 + 0.737, 193186, kMhzA), Each(1.058 + 1.078, 208523, kMhzB),
                     Each(1.894 + 3.132, 475034, kMhzC), Each(0.030 + 0.040, 2078, kMhzD)});
  p.clock_joules = GeometricMean({Each(0.106, 103487, kMhzA), Each(0.533, 111027, kMhzB),
                                  Each(2.464, 665852, kMhzC), Each(0.013, 1291, kMhzD)});
  p.bram36_joules =
      GeometricMean({Each(0.032, 80.5, kMhzA), Each(0.151, 353, kMhzB), Each(1.532, 412.5, kMhzC)});
  p.uram_joules = Each(0.708, 624, kMhzB);
  p.dsp_joules =
      GeometricMean({Each(0.196, 1719, kMhzA), Each(0.054, 44, kMhzB), Each(0.007, 8, kMhzD)});
  p.static_watts_per_lut =
      GeometricMean({0.604 / 230400, 3.410 / 1303680, 2.335 / 870016, 0.593 / 230400});
  return p;
}

/// Switching energy goes as capacitance (feature size) times voltage squared.
const double kTo28nm = 28.0 / 16.0 / (0.85 * 0.85);

// Report E, Artix-7 (28 nm, 1.0 V): an XC7A35T at 100 MHz. It is the only one with all parts, of a
// quiet design; the figures of UltraScale+ at 28 nm stand beside it as a second report.
FabricPower Series7() {
  const FabricPower u = UltraScalePlus();
  constexpr double kMhzE = 100;
  FabricPower p;
  p.family = "xc7";
  p.node = "28 nm, 1.0 V";
  p.lut_joules = GeometricMean({Each(0.008 + 0.010, 4311, kMhzE), u.lut_joules * kTo28nm});
  p.clock_joules = GeometricMean({Each(0.043, 6608, kMhzE), u.clock_joules * kTo28nm});
  p.bram36_joules = GeometricMean({Each(0.007, 5.5, kMhzE), u.bram36_joules * kTo28nm});
  p.dsp_joules = u.dsp_joules * kTo28nm;
  p.static_watts_per_lut = GeometricMean({0.062 / 20800, 0.103 / 63400});
  return p;
}

// The processors of report A: four Cortex-A53 with peripherals and DDR controller.
constexpr double kZynqProcessorWatts = 2.655;
constexpr double kZynqProcessorStaticWatts = 0.100;

/// A PLL (report C, brought to 28 nm) and 20 inputs of 16 data and 4 strobe pins, each ended by two
/// 100 ohm resistors between 1.35 V and ground (AMD UG471, split termination of 50 ohm).
double SoftMemoryInterfaceWatts() { return 0.054 * kTo28nm + 20 * 1.35 * 1.35 / 200; }

constexpr DramPower kDrams[] = {
    // Currents: Micron, IDD3N of the parts of codegen/memory_kinds.cc.
    {"ddr3", 1300e-12 / 64, 1 * 0.045 * 1.35,
     "1300 pJ per 64 bit (Jouppi et al. 2021); background IDD3N of one MT41K128M16"},
    {"ddr4-2400", 1300e-12 / 64, 4 * 0.045 * 1.2,
     "1300 pJ per 64 bit (Jouppi et al. 2021); background IDD3N of four MT40A512M16"},
    {"hbm2", 3.92e-12, 0.264 / 32,
     "3.92 pJ a bit (O'Connor et al., MICRO 2017); background: HBM static of report C"},
    {"fixed", 1300e-12 / 64, 0,
     "1300 pJ per 64 bit of DDR3/4 (Jouppi et al. 2021), taken for a memory of no kind; no "
     "background"},
};

}  // namespace

Expected<FabricPower> FindFabricPower(const HardwareSpec& spec) {
  const Device* device = FindDevice(spec.device);
  if (device != nullptr && device->family == "xcup") return UltraScalePlus();
  if (device != nullptr && device->family == "xc7") return Series7();
  return Fail("spec {}: device = {}: energy mode fpga has no power figures of this family",
              spec.name, spec.device);
}

BoardPower FindBoardPower(std::string_view device) {
  if (device == "kv260" || device == "zcu102") {
    return {device, kZynqProcessorWatts, kZynqProcessorStaticWatts, 0};
  }
  if (device == "xc7a35t" || device == "xc7a100t") {
    return {device, 0, 0, SoftMemoryInterfaceWatts()};
  }
  return {device, 0, 0, 0};
}

Expected<DramPower> FindDramPower(const HardwareSpec& spec) {
  for (const DramPower& dram : kDrams) {
    if (dram.kind == spec.memory.kind) return dram;
  }
  return Fail("spec {}: memory.kind = {}: no energy of a bit is published for it", spec.name,
              spec.memory.kind);
}

Expected<FpgaPower> EstimateFpgaPower(const HardwareSpec& spec, const FabricUse& use,
                                      double bytes_per_second) {
  TF_ASSIGN_OR_RETURN(const FabricPower fabric, FindFabricPower(spec));
  TF_ASSIGN_OR_RETURN(const DramPower dram, FindDramPower(spec));
  const BoardPower board = FindBoardPower(spec.device);
  const double hz = spec.clock_mhz * 1e6;
  FpgaPower p;
  p.processors = board.processor_watts;
  p.leakage =
      board.processor_static_watts + fabric.static_watts_per_lut * FindDevice(spec.device)->lut;
  p.clock = use.ff * fabric.clock_joules * hz;
  p.logic = use.lut * fabric.lut_joules * hz;
  p.bram = use.bram36 * fabric.bram36_joules * hz;
  p.uram = use.uram * fabric.uram_joules * hz;
  p.dsp = use.dsp * fabric.dsp_joules * hz;
  p.memory_interface = board.memory_interface_watts;
  p.memory_access = bytes_per_second * 8 * dram.joules_per_bit;
  p.memory_background = dram.background_watts * spec.memory.channels;
  return p;
}

}  // namespace ternfab
