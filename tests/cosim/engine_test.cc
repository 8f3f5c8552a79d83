// SPDX-License-Identifier: Apache-2.0
// Whole designs with each other kind of engine: bit-exact, and every cycle as the model says.
#include <gtest/gtest.h>

#include "tests/codegen/test_models.h"
#include "tests/cosim/agreement.h"
#include "tests/cosim/designs.h"
#include "tests/cosim/preset_runs.h"
#include "tests/cosim/random_design.h"
#include "tests/cosim/timing_compare.h"

namespace ternfab {
namespace {

class EngineDesign : public testing::TestWithParam<std::string> {
 protected:
  const HardwareSpec spec_ = FindDesign(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Kinds, EngineDesign, testing::ValuesIn(EngineDesignNames()),
                         [](const auto& info) { return FindDesign(info.param).engine.kind; });

TEST_P(EngineDesign, RtlEmulatorAndOtherDesignsAgree) {
  for (const uint64_t seed : {1, 4, 8, 14}) {
    ExpectAgreement(spec_, RandomConfig(seed, CommonLimits()), seed);
  }
}

TEST_P(EngineDesign, GeneratesTalesAsTheOtherDesigns) {
  ExpectPresetGenerates(GetParam(), "tales", 3);
}

TEST_P(EngineDesign, ModelEqualsTheRtlInEveryCycle) {
  for (const uint64_t seed : {2, 5, 7, 9}) {
    const ModelConfig config = RandomConfig(seed, CommonLimits());
    const Program program = Plan(RandomModel(config, seed), spec_);
    const MemoryConfig memory = MemoryOf(spec_, seed % 2 == 0 ? "fixed" : "ddr3");
    const auto runs = TimingRuns(config, spec_.engine.batch, seed);
    ASSERT_EQ(TimingDifference(spec_, program, memory, memory, runs), "")
        << config.name << ", seed " << seed;
  }
}

TEST_P(EngineDesign, ModelEqualsTheRtlOnTales) {
  const Model model = TrainedModel("tales");
  const Program program = Plan(model, spec_);
  const MemoryConfig memory = MemoryOf(spec_, "fixed");
  const std::vector<int> text = TrainedPrompt("tales", model, 4);
  std::vector<RunArguments> runs = ScheduleRuns(text, 0, spec_.engine.batch);
  runs.push_back({uint32_t(program.context) - 1, 1, {uint32_t(text[3])}});
  EXPECT_EQ(TimingDifference(spec_, program, memory, memory, runs), "");
}

}  // namespace
}  // namespace ternfab
