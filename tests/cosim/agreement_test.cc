// SPDX-License-Identifier: Apache-2.0
// Random models on generated RTL, CPU emulator and each other design: one arithmetic.
#include "tests/cosim/agreement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/codegen/test_models.h"
#include "tests/cosim/designs.h"
#include "tests/cosim/random_design.h"

namespace ternfab {
namespace {

constexpr uint64_t kModelSeeds[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 14, 16};

template <class T>
std::set<T> Set(std::initializer_list<T> values) {
  return values;
}

TEST(Designs, CoverTheExtremes) {
  std::set<WeightCode> codes;
  std::set<int> ports, batch, queries, vector_lanes, latency, burst, ffn;
  for (const uint64_t seed : kDesignSeeds) {
    const HardwareSpec s = RandomSpec(seed);
    codes.insert(s.engine.weight_code);
    ports.insert(s.memory.ports);
    batch.insert(s.engine.batch);
    queries.insert(s.int8.queries);
    vector_lanes.insert(s.vector.lanes);
    latency.insert(s.memory.latency);
    burst.insert(s.memory.max_burst_beats);
    ffn.insert(s.limits.ffn);
  }
  EXPECT_EQ(codes.size(), 2u);
  EXPECT_EQ(ports, Set({1, 2, 4}));
  EXPECT_EQ(burst, Set({16, 256}));
  EXPECT_EQ(*batch.begin(), 1);
  EXPECT_EQ(*batch.rbegin(), 8);
  EXPECT_EQ(*queries.begin(), 1);
  EXPECT_EQ(*queries.rbegin(), 8);
  EXPECT_EQ(*vector_lanes.begin(), 1);
  EXPECT_EQ(*vector_lanes.rbegin(), 16);
  EXPECT_EQ(*latency.begin(), 1);
  EXPECT_EQ(*latency.rbegin(), 200);
  EXPECT_GE(*ffn.rbegin(), 5460);
}

TEST(Designs, RandomSpecsAreValidAndRepeatable) {
  for (uint64_t seed = 0; seed < 500; ++seed) {
    const HardwareSpec spec = RandomSpec(seed);
    EXPECT_TRUE(Validate(spec).has_value()) << seed;
    EXPECT_EQ(spec, RandomSpec(seed)) << seed;
  }
}

TEST(Models, CoverShapes) {
  std::set<int> groups, head_dims, layers;
  std::set<bool> tied, sub_norms, silu, whole_beats;
  for (const uint64_t seed : kModelSeeds) {
    const ModelConfig c = RandomConfig(seed, CommonLimits());
    EXPECT_TRUE(Validate(c).has_value()) << seed;
    groups.insert(c.heads / c.kv_heads);
    head_dims.insert(c.head_dim);
    layers.insert(c.layers);
    tied.insert(c.tied_head);
    sub_norms.insert(c.sub_norms);
    silu.insert(c.activation == Activation::kSilu);
    whole_beats.insert(c.hidden % 16 == 0);
  }
  EXPECT_EQ(groups, Set({1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(head_dims, Set({32, 64, 100, 128, 256}));
  EXPECT_EQ(layers, Set({1, 2}));
  for (const auto& both : {tied, sub_norms, silu, whole_beats}) EXPECT_EQ(both.size(), 2u);
}

using Param = std::tuple<std::string, uint64_t>;
class Agreement : public testing::TestWithParam<Param> {};

TEST_P(Agreement, RtlEmulatorAndOtherDesigns) {
  const auto& [design, seed] = GetParam();
  ExpectAgreement(FindDesign(design), RandomConfig(seed, CommonLimits()), seed);
}

std::string NameOf(const testing::TestParamInfo<Param>& info) {
  std::string name = fmt::format("{}_model_{}", std::get<0>(info.param), std::get<1>(info.param));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Agreement,
                         testing::Combine(testing::ValuesIn(DesignNames()),
                                          testing::ValuesIn(kModelSeeds)),
                         NameOf);

/// ffn = 5460 is no multiple of 16, of a beat's trits or of any number of lanes above 4.
TEST(AgreementWide, Ffn5460) {
  ModelConfig config = RandomConfig(4, CommonLimits());
  config.name = "ffn-5460";
  config.ffn = 5460;
  config.hidden = 100;
  config.vocab = 40;
  for (const std::string& name : DesignNames()) {
    const HardwareSpec spec = FindDesign(name);
    // The narrowest one would take a minute.
    if (spec.limits.ffn >= config.ffn && spec.memory.ports > 1) ExpectAgreement(spec, config, 1);
  }
}

/// Back-pressure comes from the seed alone: a run can be repeated cycle by cycle.
TEST(Repeat, EqualSeedsGiveEqualCycles) {
  const HardwareSpec spec = FindDesign("nano");
  const Program program = Plan(RandomModel(SmallConfig(), 1), spec);
  const auto cycles = [&](uint64_t seed, int stall_percent) {
    rtl::SimulationOptions options;
    options.seed = seed;
    options.stall_percent = stall_percent;
    const auto rtl = Simulate(spec, program, options);
    EXPECT_TRUE(rtl->Append(std::vector{1, 2, 3}).has_value());
    std::vector<uint64_t> all;
    for (const rtl::RunRecord& run : rtl->runs()) all.push_back(run.cycles);
    return all;
  };
  const std::vector<uint64_t> first = cycles(1, 30);
  EXPECT_EQ(first.size(), 2u);
  EXPECT_EQ(cycles(1, 30), first);
  EXPECT_NE(cycles(2, 30), first);
  EXPECT_LT(cycles(1, 0), first);
}

}  // namespace
}  // namespace ternfab
