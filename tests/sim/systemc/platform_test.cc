// SPDX-License-Identifier: Apache-2.0
// Both accelerators of the SystemC platform against the plain simulation of the RTL, which has no
// SystemC: the same cycles, counters, instruction times, ids and bytes in memory.
#include "sim/systemc/platform.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "codegen/spec.h"
#include "host/cpu/context_fill.h"
#include "host/cpu/evaluate.h"
#include "tests/cosim/designs.h"
#include "tests/cosim/preset_runs.h"
#include "tests/sim/systemc/own_process.h"
#include "tests/sim/systemc/platforms.h"

namespace ternfab {
namespace {

using systemc::AcceleratorKind;

struct Case {
  std::string design;
  std::string model;
  int prompt;   ///< tokens
  int tokens;   ///< generated
  int context;  ///< seeded positions before the prompt
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.model << " on " << c.design; }

std::string NameOf(const testing::TestParamInfo<std::tuple<Case, AcceleratorKind>>& info) {
  const auto& [c, kind] = info.param;
  std::string name = fmt::format("{}_{}_{}_{}", c.design, c.model, c.context,
                                 kind == AcceleratorKind::kModel ? "model" : "rtl");
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

/// All logits of a generation, the prompt first.
std::vector<std::vector<float>> Generate(LanguageModel& model, std::span<const int> prompt,
                                         int tokens) {
  std::vector<std::vector<float>> all;
  std::vector<int> next(prompt.begin(), prompt.end());
  for (int i = 0; i < tokens; ++i) {
    const auto logits = model.Append(next);
    EXPECT_TRUE(logits.has_value()) << logits.error().message;
    all.push_back(*logits);
    next = {ArgMax(*logits)};
  }
  return all;
}

void ExpectSameRun(const RunRecord& got, const RunRecord& want) {
  EXPECT_EQ(got.start_cycle, want.start_cycle);
  EXPECT_EQ(got.cycles, want.cycles);
  ASSERT_EQ(got.counters.size(), want.counters.size());
  for (size_t i = 0; i < got.counters.size(); ++i) {
    EXPECT_EQ(got.counters[i].name, want.counters[i].name);
    EXPECT_EQ(got.counters[i].value, want.counters[i].value) << got.counters[i].name;
  }
  EXPECT_EQ(got.first_beats, want.first_beats);
  EXPECT_EQ(got.weight_beats, want.weight_beats);
  EXPECT_EQ(got.weight_cycles, want.weight_cycles);
  EXPECT_EQ(got.matvecs, want.matvecs);
  EXPECT_EQ(got.matvec_cycles, want.matvec_cycles);
  EXPECT_TRUE(got.limits == want.limits);
  EXPECT_GT(got.limits.total(), 0u);
  ASSERT_EQ(got.times.size(), want.times.size());
  for (size_t i = 0; i < got.times.size(); ++i) {
    ASSERT_TRUE(got.times[i] == want.times[i])
        << "instruction " << i << ": " << got.times[i].issue << ".." << got.times[i].retire
        << " instead of " << want.times[i].issue << ".." << want.times[i].retire;
  }
}

/// The device's whole buffer.
std::vector<uint8_t> MemoryOf(driver::Device& device) {
  std::vector<uint8_t> bytes(device.memory_bytes());
  EXPECT_TRUE(device.CopyOut(0, bytes).has_value());
  return bytes;
}

/// What a generation leaves behind.
struct Outcome {
  std::vector<std::vector<float>> logits;
  std::vector<RunRecord> runs;
  std::vector<uint8_t> memory;
  uint64_t cycles = 0;  ///< of the device, all of them
};

Outcome RunRtl(const Case& c, const HardwareSpec& spec, const Program& program,
               std::span<const int> prompt) {
  rtl::SimulationOptions options;
  options.times = true;
  const auto rtl = Simulate(spec, program, options);
  if (c.context > 0) {
    EXPECT_TRUE(rtl->FillContext(c.context, kContextSeed).has_value());
  }
  Outcome outcome;
  outcome.logits = Generate(*rtl, prompt, c.tokens);
  outcome.runs = rtl->runs();
  outcome.memory = MemoryOf(rtl->device());
  outcome.cycles = rtl->device().cycles();
  return outcome;
}

Outcome RunPlatform(const Case& c, const HardwareSpec& spec, const Program& program,
                    std::span<const int> prompt, AcceleratorKind kind) {
  systemc::SimulationOptions options;
  options.accelerator = kind;
  options.times = options.check = true;
  const auto platform = MakeSystemC(spec, program, options);
  if (c.context > 0) {
    EXPECT_TRUE(platform->FillContext(c.context, kContextSeed).has_value());
  }
  Outcome outcome;
  outcome.logits = Generate(*platform, prompt, c.tokens);
  EXPECT_FALSE(platform->mismatch().has_value());
  EXPECT_GT(platform->checked_instructions(), 0u);
  outcome.runs = platform->runs();
  platform->OnHost(
      [&](driver::Driver&, driver::Device& device) { outcome.memory = MemoryOf(device); });
  outcome.cycles = platform->platform().cycles();
  return outcome;
}

class Platforms : public testing::TestWithParam<std::tuple<Case, AcceleratorKind>> {};

TEST_P(Platforms, EqualTheRtl) {
  const Case& c = std::get<0>(GetParam());
  const AcceleratorKind kind = std::get<1>(GetParam());
  const HardwareSpec spec = FindDesign(c.design);
  const Model model = TrainedModel(c.model);
  const Program program = Plan(model, spec);
  const std::vector<int> prompt = TrainedPrompt(c.model, model, c.prompt);
  InOwnProcess([&] {
    const Outcome want = RunRtl(c, spec, program, prompt);
    const Outcome got = RunPlatform(c, spec, program, prompt, kind);
    EXPECT_EQ(got.logits, want.logits);
    EXPECT_EQ(got.cycles, want.cycles);
    EXPECT_TRUE(got.memory == want.memory);
    ASSERT_EQ(got.runs.size(), want.runs.size());
    for (size_t i = 0; i < want.runs.size(); ++i) {
      SCOPED_TRACE(fmt::format("run {}", i));
      ExpectSameRun(got.runs[i], want.runs[i]);
    }
  });
}

INSTANTIATE_TEST_SUITE_P(All, Platforms,
                         // nano has a memory with fixed latency, kv260 a DRAM.
                         testing::Combine(testing::Values(Case{"nano", "shortT", 3, 3, 0},
                                                          Case{"nano", "tales", 2, 3, 0},
                                                          Case{kShortlistDesign, "tales", 2, 3, 0},
                                                          Case{"kv260", "tales", 7, 4, 0},
                                                          Case{"kv260", "tales", 1, 2, 37}),
                                          testing::Values(AcceleratorKind::kVerilated,
                                                          AcceleratorKind::kModel)),
                         NameOf);

}  // namespace
}  // namespace ternfab
