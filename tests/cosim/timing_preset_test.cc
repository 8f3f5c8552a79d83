// SPDX-License-Identifier: Apache-2.0
// The cycle model against the RTL of the presets, with the models that ternfab ships.
#include <gtest/gtest.h>

#include "tests/cosim/designs.h"
#include "tests/cosim/preset_runs.h"
#include "tests/cosim/timing_compare.h"

namespace ternfab {
namespace {

struct Case {
  const char* preset;
  const char* kind;
};

class TimingOfTales : public testing::TestWithParam<Case> {};

TEST_P(TimingOfTales, EqualsTheRtl) {
  const HardwareSpec spec = FindDesign(GetParam().preset);
  const Model model = TrainedModel("tales");
  const Program program = Plan(model, spec);
  const MemoryConfig memory = MemoryOf(spec, GetParam().kind);
  const std::vector<int> text = TrainedPrompt("tales", model, 16);
  std::vector<RunArguments> runs = ScheduleRuns(text, 0, spec.engine.batch);
  runs.push_back({16, 1, {uint32_t(text[3])}});
  runs.push_back({uint32_t(program.context) - 1, 1, {uint32_t(text[5])}});
  EXPECT_EQ(TimingDifference(spec, program, memory, memory, runs), "");
}

INSTANTIATE_TEST_SUITE_P(Presets, TimingOfTales,
                         testing::Values(Case{"nano", "fixed"}, Case{"kv260", "fixed"},
                                         Case{"kv260", "ddr4-2400"}, Case{"arty-a7-35t", "fixed"}),
                         [](const auto& info) {
                           std::string name =
                               std::string(info.param.preset) + "_" + info.param.kind;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace ternfab
