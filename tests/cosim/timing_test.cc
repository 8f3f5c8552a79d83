// SPDX-License-Identifier: Apache-2.0
// The cycle model against the RTL: every instruction in the same cycle.
#include <gtest/gtest.h>

#include "codegen/memory_kinds.h"
#include "tests/codegen/test_models.h"
#include "tests/cosim/designs.h"
#include "tests/cosim/random_design.h"
#include "tests/cosim/timing_compare.h"

namespace ternfab {
namespace {

constexpr uint64_t kModelsOfADesign = 9;

class Timing : public testing::TestWithParam<std::string> {};

TEST_P(Timing, EqualsTheRtl) {
  const HardwareSpec spec = FindDesign(GetParam());
  const DesignLimits limits = GetParam() == "nano" ? spec.limits : CommonLimits();
  const std::vector<std::string_view> kinds = MemoryKinds();
  for (uint64_t seed = 0; seed < kModelsOfADesign; ++seed) {
    const ModelConfig config = RandomConfig(seed, limits);
    const std::string kind(kinds[seed % kinds.size()]);
    const Model model = RandomModel(config, seed);
    const Program program = Plan(model, spec);
    const MemoryConfig memory = MemoryOf(spec, kind);
    const auto runs = TimingRuns(config, spec.engine.batch, seed);
    ASSERT_EQ(TimingDifference(spec, program, memory, memory, runs), "")
        << fmt::format("{} on {}, {}, seed {}", config.name, spec.name, kind, seed);
  }
}

INSTANTIATE_TEST_SUITE_P(Designs, Timing, testing::ValuesIn(DesignNames()), [](const auto& info) {
  std::string name = info.param;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

TEST(TimingDifference, SeesACycle) {
  const HardwareSpec spec = FindDesign("nano");
  const Program program = Plan(RandomModel(SmallConfig(), 1), spec);
  const MemoryConfig memory = MemoryOf(spec, "fixed");
  MemoryConfig slower = memory;
  ++slower.latency_cycles;
  const RunArguments runs[] = {{3, 1, {7}}};
  const std::string difference = TimingDifference(spec, program, memory, slower, runs);
  EXPECT_NE(difference.find(">     0 RTL "), std::string::npos) << difference;
}

}  // namespace
}  // namespace ternfab
