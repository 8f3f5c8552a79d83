// SPDX-License-Identifier: Apache-2.0
// Runs cut into parts against unbroken ones: the same cycles, counters, times, causes and logits.
#include <gtest/gtest.h>

#include "common/check.h"
#include "sim/rtl/jobs.h"
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
void ExpectSameRuns(const std::string& preset, const std::string& model_name, int jobs,
                    const std::vector<std::vector<int>>& batches, const std::string& kind = "") {
  HardwareSpec spec = FindDesign(preset);
  if (!kind.empty()) spec.memory.kind = kind;
  const Model model = TrainedModel(model_name);
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
  ASSERT_EQ(cut->runs().size(), unbroken->runs().size());
  for (size_t i = 0; i < cut->runs().size(); ++i) {
    SCOPED_TRACE(fmt::format("run {}", i));
    ExpectSameRecord(cut->runs()[i], unbroken->runs()[i]);
  }
}

TEST(Jobs, TwoPartsOfTalesOnKv260) {
  ExpectSameRuns("kv260", "tales", 2, {{5}, {77}, {300}}, "fixed");
}
TEST(Jobs, ThreePartsOfTalesOnKv260) { ExpectSameRuns("kv260", "tales", 3, {{1}, {2}}, "fixed"); }
TEST(Jobs, FourPartsOfTalesOnKv260) { ExpectSameRuns("kv260", "tales", 4, {{9}, {8}}, "fixed"); }
TEST(Jobs, PrefillOfTalesOnKv260) { ExpectSameRuns("kv260", "tales", 2, {{1, 2, 3, 4, 5, 6, 7}}, "fixed"); }
TEST(Jobs, TwoPartsOfShortTOnNano) { ExpectSameRuns("nano", "shortT", 2, {{3}, {4}}); }

}  // namespace
}  // namespace ternfab
