// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/fpga_energy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/energy/fpga_power.h"
#include "tests/sim/energy/energy_fixture.h"

namespace ternfab {
namespace {

using ::testing::HasSubstr;

double Part(const EnergyReport& report, const std::string& name) {
  for (const EnergyPart& part : report.parts) {
    if (part.name == name) return part.joules;
  }
  return 0;
}

/// 1000 cycles at 250 MHz are 4 us.
TEST(FpgaEnergy, IsPowerTimesTheSimulatedTime) {
  const EnergyFixture f("kv260");
  EnergyInputs inputs = f.Inputs();
  inputs.fabric = {1000, 2000, 30, 4, 5, "synthesised", "by hand"};
  const EnergyReport report = *EstimateFpgaEnergy(inputs);
  EXPECT_DOUBLE_EQ(report.seconds, 4e-6);
  const FabricPower power = *FindFabricPower(f.spec);
  EXPECT_NEAR(Part(report, "logic"), 1000 * power.lut_joules * 1000, 1e-15);
  EXPECT_NEAR(Part(report, "clock"), 2000 * power.clock_joules * 1000, 1e-15);
  EXPECT_NEAR(Part(report, "multipliers"), 30 * power.dsp_joules * 1000, 1e-15);
  EXPECT_NEAR(Part(report, "block RAM"), 4 * power.bram36_joules * 1000, 1e-15);
  EXPECT_NEAR(Part(report, "UltraRAM"), 5 * power.uram_joules * 1000, 1e-15);
  EXPECT_NEAR(Part(report, "processors"), 2.655 * 4e-6, 1e-12);
  EXPECT_NEAR(Part(report, "memory access"), f.summary.bytes_per_token() * 8 * 1300e-12 / 64,
              1e-15);
  double sum = 0;
  for (const EnergyPart& part : report.parts) sum += part.joules;
  EXPECT_DOUBLE_EQ(report.total_joules(), sum);
  EXPECT_THAT(report.node, HasSubstr("16 nm"));
  EXPECT_THAT(report.node, HasSubstr("xck26"));
  EXPECT_THAT(report.notes[0], HasSubstr("synthesised"));
}

/// The figures lie between those of the reports that they join.
TEST(FpgaEnergy, ParametersLieWithinTheirReports) {
  const FabricPower power = *FindFabricPower(*FindSpec("kv260"));
  EXPECT_GT(power.lut_joules, 57e-15);
  EXPECT_LT(power.lut_joules, 147e-15);
  EXPECT_GT(power.clock_joules, 20e-15);
  EXPECT_LT(power.clock_joules, 32e-15);
  EXPECT_NEAR(power.static_watts_per_lut, 2.6e-6, 0.1e-6);
}

TEST(FpgaEnergy, RefusesWhatNobodyPublished) {
  HardwareSpec spec = *FindSpec("kv260");
  spec.device = "ecp5-85f";
  EXPECT_THAT(CheckEnergyChoice({EnergyMode::kFpga}, spec, false).error().message,
              HasSubstr("ecp5-85f"));
  spec = *FindSpec("kv260");
  spec.memory.kind = "lpddr4";
  EXPECT_THAT(CheckEnergyChoice({EnergyMode::kFpga}, spec, false).error().message,
              HasSubstr("lpddr4"));
  EXPECT_TRUE(CheckEnergyChoice({EnergyMode::kPaper}, spec, true));
  EXPECT_THAT(CheckEnergyChoice({EnergyMode::kGate}, spec, true).error().message,
              HasSubstr("synth:"));
}

TEST(FpgaEnergy, NeedsADecodeStep) {
  EnergyFixture f;
  f.summary.decode_steps = 0;
  EXPECT_FALSE(EstimateFpgaEnergy(f.Inputs()));
}

TEST(EnergyChoice, Names) {
  EXPECT_EQ(ParseEnergyChoice("paper")->mode, EnergyMode::kPaper);
  EXPECT_EQ(*ParseEnergyChoice("datapath"), *ParseEnergyChoice("datapath-45"));
  EXPECT_EQ(ParseEnergyChoice("datapath-7")->nanometres, 7);
  EXPECT_THAT(ParseEnergyChoice("joules").error().message, HasSubstr("--energy joules: must be"));
}

/// As synthesised by Yosys 0.23 (README): within a twelfth, UltraRAM within an eighth, multipliers
/// exactly.
TEST(FabricUse, IsNearTheSynthesisedPresets) {
  struct Row {
    const char* name;
    double lut, ff, dsp, bram36, uram;
  };
  for (const Row& row :
       {Row{"nano", 13607, 10814, 23, 13, 0}, Row{"arty-a7-35t", 17954, 13474, 43, 39.5, 0},
        Row{"kv260", 80288, 73092, 291, 82, 29}, Row{"kv260-lut6", 75756, 73092, 291, 82, 29},
        Row{"kv260-int8", 66634, 48997, 547, 70, 29},
        Row{"kv260-table", 85135, 59175, 291, 64, 22}}) {
    const FabricUse use = ModelledFabricUse(*FindSpec(row.name));
    EXPECT_NEAR(use.lut, row.lut, row.lut / 12) << row.name;
    EXPECT_NEAR(use.ff, row.ff, row.ff / 12) << row.name;
    EXPECT_EQ(use.dsp, row.dsp) << row.name;
    EXPECT_NEAR(use.bram36, row.bram36, row.bram36 / 12) << row.name;
    EXPECT_NEAR(use.uram, row.uram, row.uram / 8) << row.name;
    EXPECT_STREQ(use.evidence, "modelled");
  }
}

}  // namespace
}  // namespace ternfab
