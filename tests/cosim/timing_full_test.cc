// SPDX-License-Identifier: Apache-2.0
// The cycle model against the RTL: many models on few designs, every position of tales.
#include <gtest/gtest.h>

#include "codegen/memory_kinds.h"
#include "tests/codegen/test_models.h"
#include "tests/cosim/designs.h"
#include "tests/cosim/preset_runs.h"
#include "tests/cosim/random_design.h"
#include "tests/cosim/timing_compare.h"

namespace ternfab {
namespace {

constexpr uint64_t kFirstSeed = 100;
constexpr uint64_t kModelsOfADesign = 40;
constexpr int kPositionStep = 16;

std::string TestName(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}

class TimingFull : public testing::TestWithParam<std::string> {};

TEST_P(TimingFull, ManyModels) {
  const HardwareSpec spec = FindDesign(GetParam());
  const DesignLimits limits = GetParam() == "nano" ? spec.limits : CommonLimits();
  const std::vector<std::string_view> kinds = MemoryKinds();
  for (uint64_t seed = kFirstSeed; seed < kFirstSeed + kModelsOfADesign; ++seed) {
    const ModelConfig config = RandomConfig(seed, limits);
    const Program program = Plan(RandomModel(config, seed), spec);
    const std::string kind(kinds[seed / 8 % kinds.size()]);
    const MemoryConfig memory = MemoryOf(spec, kind);
    const auto runs = TimingRuns(config, spec.engine.batch, seed);
    ASSERT_EQ(TimingDifference(spec, program, memory, memory, runs), "")
        << fmt::format("{} on {}, {}, seed {}", config.name, spec.name, kind, seed);
  }
}

INSTANTIATE_TEST_SUITE_P(Designs, TimingFull, testing::ValuesIn(DesignNames()), TestName);

class TimingOfTalesFull : public testing::TestWithParam<std::string> {};

TEST_P(TimingOfTalesFull, EveryPosition) {
  const HardwareSpec spec = FindDesign(GetParam());
  const Model model = TrainedModel("tales");
  const Program program = Plan(model, spec);
  const std::vector<int> text = TrainedPrompt("tales", model, 16);
  for (const std::string_view kind : MemoryKinds()) {
    // Every position with the preset's own memory, some with the others.
    const int step = kind == spec.memory.kind ? 1 : kPositionStep;
    std::vector<RunArguments> runs = ScheduleRuns(text, 0, spec.engine.batch);
    for (int position = 0; position < program.context; position += step) {
      runs.push_back({uint32_t(position), 1, {uint32_t(text[position % text.size()])}});
    }
    const MemoryConfig memory = MemoryOf(spec, std::string(kind));
    ASSERT_EQ(TimingDifference(spec, program, memory, memory, runs), "") << kind;
  }
}

INSTANTIATE_TEST_SUITE_P(Presets, TimingOfTalesFull,
                         testing::Values("nano", "kv260", "arty-a7-35t"), TestName);

}  // namespace
}  // namespace ternfab
