// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/cpu_energy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/model.h"

namespace ternfab {
namespace {

using ::testing::HasSubstr;

double Part(const EnergyReport& report, const std::string& name) {
  for (const EnergyPart& part : report.parts) {
    if (part.name == name) return part.joules;
  }
  return 0;
}

/// bitnet.cpp on a Ryzen 9 5950X: 28.4 tokens/s, 4.62 J a token by RAPL, which counts the package
/// alone. The model has the package's limit (142 W), no figure of that measurement.
TEST(CpuEnergy, IsWithinTenPercentOfThePublished5950X) {
  CpuWork work = CpuTokenWork(*FindModelPreset("bitnet-2b4t"), 2, 16, 128);
  work.seconds = 1 / 28.4;
  work.threads = 16;
  const EnergyReport report =
      ModelledCpuEnergy(CpuPowerOf("AMD Ryzen 9 5950X 16-Core Processor"), work);
  const double package = Part(report, "arithmetic") + Part(report, "rest of package");
  EXPECT_NEAR(package, 142 / 28.4, 1e-9);
  EXPECT_NEAR(package, 4.62, 0.462);
  EXPECT_STREQ(report.evidence, "modelled");
}

/// hidden 8, ffn 4, one layer, 2 heads and 1 KV head of 4, vocabulary 10: 288 weights, a head of
/// 80; at position 1 two tokens: K and V 2 x 4 numbers each, 2 x 2 x 8 products.
TEST(CpuEnergy, CountsASmallToken) {
  ModelConfig model;
  model.hidden = 8;
  model.ffn = 4;
  model.layers = 1;
  model.heads = 2;
  model.kv_heads = 1;
  model.head_dim = 4;
  model.vocab = 10;
  const CpuWork work = CpuTokenWork(model, 2, 8, 1);
  EXPECT_DOUBLE_EQ(work.bytes, 288 / 4 + 80 + 16 * 4);
  EXPECT_DOUBLE_EQ(work.multiply_accumulates, 288 + 80 + 32);
}

TEST(CpuEnergy, BusyCoresTakeTheirShare) {
  const CpuPower power{"test", 100, 4, "stated"};
  const EnergyReport report = ModelledCpuEnergy(
      power, {.seconds = 2, .threads = 1, .bytes = 1e9, .multiply_accumulates = 1e9});
  EXPECT_NEAR(Part(report, "arithmetic"), 1e9 * 0.1e-12, 1e-12);
  EXPECT_NEAR(Part(report, "arithmetic") + Part(report, "rest of package"), 50, 1e-9);
  EXPECT_NEAR(Part(report, "memory"), 8e9 * 1300e-12 / 64, 1e-12);
  EXPECT_DOUBLE_EQ(
      report.total_joules(),
      Part(report, "arithmetic") + Part(report, "rest of package") + Part(report, "memory"));
}

TEST(CpuEnergy, AnUnknownProcessorIsStatedNotZero) {
  const CpuPower power = CpuPowerOf("Some Processor 9000");
  EXPECT_GT(power.package_watts, 0);
  EXPECT_THAT(power.source, HasSubstr("not in the table"));
  const EnergyReport report = ModelledCpuEnergy(power, {.seconds = 0.1, .threads = 2});
  EXPECT_GT(report.total_joules(), 0);
  EXPECT_THAT(report.notes.at(0), HasSubstr("not measured"));
}

TEST(CpuEnergy, MeasuredIsTaggedSo) {
  const EnergyReport report = MeasuredCpuEnergy(3.5, 0.5, "package-0");
  EXPECT_STREQ(report.evidence, "measured");
  EXPECT_STREQ(report.parts.at(0).evidence, "measured");
  EXPECT_DOUBLE_EQ(report.total_joules(), 3.5);
  EXPECT_DOUBLE_EQ(report.watts(), 7);
}

}  // namespace
}  // namespace ternfab
