// SPDX-License-Identifier: Apache-2.0
// Runs cut into parts against unbroken ones: the same cycles, counters, times, causes and logits.
#include "sim/rtl/jobs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "common/check.h"
#include "tests/codegen/test_models.h"
#include "tests/cosim/designs.h"
#include "tests/cosim/preset_runs.h"

namespace ternfab {
namespace {

using rtl::RtlJobs;

std::unique_ptr<RtlJobs> MakeJobs(const HardwareSpec& spec, const Program& program, int jobs) {
  TF_CHECK(BuildCached(spec) == "", "{}", spec.name);
  rtl::SimulationOptions options;
  options.times = true;
  auto out = RtlJobs::Create(spec, program, options, jobs);
  TF_CHECK(out.has_value(), "{}", out.error().message);
  return std::move(*out);
}

void ExpectSameRecord(const RunRecord& got, const RunRecord& want) {
  EXPECT_EQ(got.cycles, want.cycles);
  EXPECT_EQ(got.start_cycle, want.start_cycle);
  EXPECT_EQ(got.first_beats, want.first_beats);
  EXPECT_EQ(got.weight_beats, want.weight_beats);
  EXPECT_EQ(got.weight_cycles, want.weight_cycles);
  EXPECT_EQ(got.matvecs, want.matvecs);
  EXPECT_EQ(got.matvec_cycles, want.matvec_cycles);
  EXPECT_EQ(got.arguments.position, want.arguments.position);
  EXPECT_EQ(got.arguments.count, want.arguments.count);
  ASSERT_EQ(got.counters.size(), want.counters.size());
  for (size_t i = 0; i < want.counters.size(); ++i) {
    EXPECT_EQ(got.counters[i].name, want.counters[i].name);
    EXPECT_EQ(got.counters[i].value, want.counters[i].value) << want.counters[i].name;
  }
  EXPECT_TRUE(got.limits == want.limits);
  ASSERT_EQ(got.times.size(), want.times.size());
  for (size_t i = 0; i < want.times.size(); ++i) {
    ASSERT_TRUE(got.times[i] == want.times[i]) << "instruction " << i;
  }
}

/// Appends the tokens of `batches` to an unbroken simulation and to one in `jobs` parts.
void ExpectSameRuns(const HardwareSpec& spec, const Model& model, int jobs,
                    const std::vector<std::vector<int>>& batches) {
  const Program program = Plan(model, spec);
  const auto cut = MakeJobs(spec, program, jobs);
  rtl::SimulationOptions options;
  options.times = true;
  const auto unbroken = Simulate(spec, program, options);
  for (const std::vector<int>& batch : batches) {
    const auto want = unbroken->Append(batch);
    const auto got = cut->Append(batch);
    ASSERT_EQ(LogitDifference(got, want), "");
    EXPECT_EQ(int(cut->parts().size()), jobs);
  }
  EXPECT_EQ(cut->uncut_runs(), 0);
  ASSERT_EQ(cut->runs().size(), unbroken->runs().size());
  for (size_t i = 0; i < cut->runs().size(); ++i) {
    SCOPED_TRACE(fmt::format("run {}", i));
    ExpectSameRecord(cut->runs()[i], unbroken->runs()[i]);
  }
}

void ExpectSameRuns(const std::string& preset, const std::string& model, int jobs,
                    const std::vector<std::vector<int>>& batches) {
  ExpectSameRuns(FindDesign(preset), TrainedModel(model), jobs, batches);
}

TEST(Jobs, TwoPartsOfTalesOnNano) { ExpectSameRuns("nano", "tales", 2, {{5}, {77}}); }
TEST(Jobs, ThreePartsOfTalesOnNano) { ExpectSameRuns("nano", "tales", 3, {{1}, {2}}); }
TEST(Jobs, FourPartsOfTalesOnNano) { ExpectSameRuns("nano", "tales", 4, {{9}, {8}}); }
TEST(Jobs, PrefillOfTalesOnNano) { ExpectSameRuns("nano", "tales", 2, {{1, 2, 3, 4, 5, 6, 7}}); }
TEST(Jobs, TwoPartsOfTalesBehindDdr4) { ExpectSameRuns("kv260", "tales", 2, {{5}, {77}, {300}}); }
TEST(Jobs, TwoPartsOfShortTOnNano) { ExpectSameRuns("nano", "shortT", 2, {{3}, {4}}); }

/// The second part counts from within the head.
TEST(Jobs, PartsOfALongHead) {
  HardwareSpec spec = FindDesign("nano");
  spec.name = "nano-long-head";
  spec.limits.vocab = 12288;
  ModelConfig config = SmallConfig();
  config.layers = 1;
  config.vocab = spec.limits.vocab;
  ExpectSameRuns(spec, RandomModel(config, 2), 2, {{3}, {4}});
}

/// The head follows the only layer at once: no warm-up brings its pipeline into the unbroken run's
/// state.
TEST(Jobs, RunsWhosePartsDoNotMeetAreSimulatedWholeAndCounted) {
  const HardwareSpec spec = FindDesign("nano");
  ModelConfig config = SmallConfig();
  config.layers = 1;
  const Program program = Plan(RandomModel(config, 1), spec);
  const auto cut = MakeJobs(spec, program, 2);
  const auto unbroken = Simulate(spec, program, {});
  for (const int token : {3, 4}) {
    EXPECT_EQ(LogitDifference(cut->Append({&token, 1}), unbroken->Append({&token, 1})), "");
    EXPECT_NE(cut->seam_difference(), "");
    EXPECT_EQ(cut->parts().size(), 1u);
  }
  EXPECT_EQ(cut->uncut_runs(), 2);
  EXPECT_EQ(cut->runs().back().cycles, unbroken->runs().back().cycles);
}

/// Runs tales on nano in two parts, of which `corrupt` changes the second's beginning: why they do
/// not meet. The run then has the results of an unbroken one all the same.
std::string DifferenceOf(const std::function<void(rtl::PartInput&)>& corrupt) {
  const HardwareSpec spec = FindDesign("nano");
  const Model model = TrainedModel("tales");
  const Program program = Plan(model, spec);
  const auto cut = MakeJobs(spec, program, 2);
  const auto unbroken = Simulate(spec, program, {});
  cut->set_on_part([&](size_t part, rtl::PartInput& input) {
    if (part == 1) corrupt(input);
  });
  const int token = 5;
  EXPECT_EQ(LogitDifference(cut->Append({&token, 1}), unbroken->Append({&token, 1})), "");
  EXPECT_EQ(cut->runs().back().cycles, unbroken->runs().back().cycles);
  EXPECT_EQ(cut->uncut_runs(), cut->seam_difference().empty() ? 0 : 1);
  return cut->seam_difference();
}

TEST(Jobs, ACorruptSeamIsFound) {
  using testing::HasSubstr;
  EXPECT_EQ(DifferenceOf([](rtl::PartInput&) {}), "");
  EXPECT_THAT(DifferenceOf([](rtl::PartInput& input) { ++input.tokens.count[1]; }),
              HasSubstr("do not meet: u_int8"));  // its operands came too late
  EXPECT_THAT(DifferenceOf([](rtl::PartInput& input) {
                MemoryConfig config = input.memory.config();
                ++config.latency_cycles;
                input.memory = MemoryTiming(config);
              }),
              HasSubstr("do not meet: "));
  EXPECT_THAT(DifferenceOf([](rtl::PartInput& input) { input.state.vm.back() ^= 1; }),
              HasSubstr("do not meet: u_vector.u_vm"));
}

TEST(Jobs, RefusesWhatNeedsAnUnbrokenRun) {
  const HardwareSpec spec = FindDesign("nano");
  const Model model = TrainedModel("shortT");
  const Program program = Plan(model, spec);
  const auto error = [&](const rtl::SimulationOptions& options, int jobs) {
    const auto cut = RtlJobs::Create(spec, program, options, jobs);
    return cut ? "" : cut.error().message;
  };
  rtl::SimulationOptions check;
  check.check = true;
  EXPECT_EQ(error(check, 2), "--jobs: not with --check, which follows an unbroken run");
  rtl::SimulationOptions waves;
  waves.waves = "a.fst";
  EXPECT_EQ(error(waves, 2), "--jobs: not with --fst, which shows an unbroken run");
  EXPECT_EQ(error({}, 0), "--jobs 0: must be at least 1");
}

}  // namespace
}  // namespace ternfab
