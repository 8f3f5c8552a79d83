// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <tuple>

#include "sim/compare/hardware_side.h"
#include "sim/compare/text.h"

namespace ternfab::compare {
namespace {

using ::testing::HasSubstr;

std::string TextOf(int id) { return "t" + std::to_string(id); }

TEST(Figure, WeakestEvidenceOfARatio) {
  const Figure cycles{1000.0, "cycles", Evidence::kSimulated, ""};
  const Figure clock{250.0, "MHz", Evidence::kGiven, ""};
  const Figure estimate{200.0, "MHz", Evidence::kModelled, ""};
  EXPECT_EQ(Ratio(cycles, clock, "us", "").evidence, Evidence::kSimulated);
  EXPECT_EQ(Ratio(cycles, estimate, "us", "").evidence, Evidence::kModelled);
  EXPECT_EQ(*Ratio(cycles, clock, "us", "").value, 4);
  EXPECT_FALSE(Ratio(cycles, Figure{0.0, "1", Evidence::kGiven, ""}, "1", "").value);
  EXPECT_FALSE(Ratio(Figure{}, clock, "1", "").value);
}

TEST(CompareIds, FindsTheFirstDifference) {
  EXPECT_TRUE(CompareIds("CPU", {1, 2, 3}, {1, 2, 3}, TextOf).equal);
  const IdCheck differs = CompareIds("CPU", {1, 2, 3}, {1, 5, 6}, TextOf);
  EXPECT_FALSE(differs.equal);
  EXPECT_EQ(differs.first_difference->index, 1);
  EXPECT_EQ(differs.first_difference->expected, 2);
  EXPECT_EQ(differs.first_difference->got_text, "t5");
  const IdCheck longer = CompareIds("CPU", {1}, {1, 7}, TextOf);
  EXPECT_FALSE(longer.equal);
  EXPECT_EQ(longer.compared, 2);
  EXPECT_EQ(longer.first_difference->index, 1);
  EXPECT_EQ(longer.first_difference->expected, -1);
}

/// One design that was checked.
Comparison Example() {
  Comparison c;
  HardwareSide side;
  side.name = "nano";
  side.ids = {4, 5};
  side.speed.latency_per_token = {0.0016, "s", Evidence::kSimulated, "cycles"};
  side.cycles = {{5000, 160000}, "cycles", Evidence::kSimulated, ""};
  side.limits = {{"q/k/v", {{"all", {10.0, "cycles", Evidence::kSimulated, ""}}}}};
  side.energy.parts = {{"memory", {1e-6, "J", Evidence::kModelled, ""}}};
  side.check.device = CompareIds("device arithmetic on the CPU", {4, 5}, {4, 5}, TextOf);
  side.check.layers = {{0, 12, 0}, {-1, 3, 0}};
  side.area.fits = true;
  c.hardware.push_back(side);
  return c;
}

TEST(Comparison, HardwareGoesThroughJson) {
  const HardwareSide side = Example().hardware.front();
  const Json json = WriteHardware(side);
  const HardwareSide again = ReadHardware(json);
  EXPECT_EQ(WriteHardware(again), json);
  EXPECT_EQ(again.speed.latency_per_token, side.speed.latency_per_token);
  EXPECT_EQ(again.cycles, side.cycles);
  EXPECT_EQ(again.check.layers.size(), 2u);
  EXPECT_EQ(again.limits.front().first, "q/k/v");
}

TEST(Comparison, EnergiesOfPartsAreNoRatioToAProcessors) {
  Comparison c = Example();
  HardwareSide& side = c.hardware[0];
  c.cpu.speed.decode_rate = {10.0, "tokens/s", Evidence::kMeasured, ""};
  c.cpu.energy.total = {2.0, "J", Evidence::kModelled, ""};
  side.speed.decode_rate = {40.0, "tokens/s", Evidence::kSimulated, ""};
  side.energy.total = {0.5, "J", Evidence::kModelled, ""};
  side.energy.mode = "fpga";
  AddRatios(c);
  EXPECT_EQ(side.rate_over_cpu.value, 4);
  EXPECT_EQ(side.energy_over_cpu.value, 0.25);
  side.energy.mode = "gate";
  AddRatios(c);
  EXPECT_EQ(side.rate_over_cpu.value, 4);
  EXPECT_FALSE(side.energy_over_cpu.value);
  EXPECT_THAT(side.energy_over_cpu.source, HasSubstr("mode gate is not of a whole board"));
}

TEST(Comparison, LayersThatWereNotReachedAreListed) {
  const auto checks = CheckedLayers({{-1, {7, 0}}, {0, {40, 0}}, {1, {13, 1}}}, 3);
  ASSERT_EQ(checks.size(), 4u);
  const std::vector<std::tuple<int, int64_t, int64_t>> want{
      {0, 40, 0}, {1, 13, 1}, {2, 0, 0}, {-1, 7, 0}};
  for (size_t i = 0; i < want.size(); ++i) {
    EXPECT_EQ(std::tuple(checks[i].layer, checks[i].instructions, checks[i].mismatches), want[i]);
  }
}

TEST(Comparison, NumbersAreWrittenAsTheyAre) {
  EXPECT_EQ(Write(Figure{160000.0, "cycles", Evidence::kSimulated, ""}).dump(),
            R"({"value":160000,"unit":"cycles","evidence":"simulated"})");
  EXPECT_EQ(Write(Figure{0.25, "s", Evidence::kGiven, "x"}).dump(),
            R"({"value":0.25,"unit":"s","evidence":"given","source":"x"})");
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(Write(Figure{infinite, "s", Evidence::kGiven, ""}).at("value").is_null());
}

TEST(Comparison, PassesOnlyWithoutDifferences) {
  Comparison c = Example();
  EXPECT_TRUE(Passed(c));
  c.hardware[0].check.reference = CompareIds("reference", {4, 6}, {4, 5}, TextOf);
  EXPECT_TRUE(Passed(c));  // another arithmetic
  c.hardware[0].check.device = CompareIds("device", {4, 6}, {4, 5}, TextOf);
  EXPECT_FALSE(Passed(c));
  c = Example();
  c.hardware[0].check.mismatches = 1;
  EXPECT_FALSE(Passed(c));
}

TEST(Comparison, TextSaysHowEachFigureWasObtained) {
  Comparison c = Example();
  EXPECT_THAT(ComparisonText(c), HasSubstr("1.600 ms simulated"));
  EXPECT_THAT(ComparisonText(c), HasSubstr("nano: 2 ids equal those of device arithmetic"));
  c.hardware[0].check.device = CompareIds("device arithmetic on the CPU", {4, 6}, {4, 5}, TextOf);
  EXPECT_THAT(ComparisonText(c), HasSubstr("first difference from device arithmetic on the CPU: "
                                           "token 1, id 6"));
}

}  // namespace
}  // namespace ternfab::compare
