// SPDX-License-Identifier: Apache-2.0
// As preset_test, longer: 64 tokens on every preset, and a whole context.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "host/cpu/device_model.h"
#include "tests/cosim/designs.h"
#include "tests/cosim/preset_runs.h"

namespace ternfab {
namespace {

using Param = std::tuple<const char*, const char*>;
class PresetFull : public testing::TestWithParam<Param> {};

TEST_P(PresetFull, Generates64Tokens) {
  ExpectPresetGenerates(std::get<0>(GetParam()), std::get<1>(GetParam()), 64);
}

std::string NameOf(const testing::TestParamInfo<Param>& info) {
  std::string name = fmt::format("{}_{}", std::get<0>(info.param), std::get<1>(info.param));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, PresetFull,
                         testing::Combine(testing::Values("nano", "kv260", "arty-a7-35t"),
                                          testing::Values("shortT", "tales")),
                         NameOf);

TEST(NanoFull, WholeContext) {
  const HardwareSpec spec = FindDesign("nano");
  const Model model = TrainedModel("shortT");
  const Program program = Plan(model, spec);
  rtl::SimulationOptions options;
  options.check = true;
  const auto rtl = Simulate(spec, program, options);
  const auto emulator = MakeEmulatedDevice(program);
  const std::vector<int> text = TrainedPrompt("shortT", model, 32);
  for (int step = 0; step < 256 / 32; ++step) {
    const auto want = emulator->Append(text);
    // By turns in batches and token by token.
    Expected<std::vector<float>> got;
    if (step % 2 == 0) {
      got = rtl->Append(text);
    } else {
      for (const int& id : text) got = rtl->Append({&id, 1});
    }
    ASSERT_EQ(LogitDifference(got, want), "") << "step " << step;
  }
  EXPECT_EQ(rtl->position(), 256);
  const auto beyond = rtl->Append({&text[0], 1});
  ASSERT_FALSE(beyond.has_value());
  EXPECT_EQ(beyond.error().message, "sequence of 257 tokens: must be at most 256 (the context)");
}

/// Waves need a library of their own; the design behaves as without them.
TEST(NanoFull, WavesAreWritten) {
  const HardwareSpec spec = FindDesign("nano");
  const Model model = TrainedModel("shortT");
  const Program program = Plan(model, spec);
  rtl::SimulationOptions options;
  options.check = true;
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / fmt::format("tf_waves_{}.fst", getpid());
  const int token = 5;
  uint64_t cycles = 0;
  for (const bool waves : {false, true}) {
    options.waves = waves ? file.string() : "";
    const auto rtl = Simulate(spec, program, options);
    ASSERT_TRUE(rtl->Append({&token, 1}).has_value());
    if (!waves) cycles = rtl->runs().back().cycles;
    EXPECT_EQ(rtl->runs().back().cycles, cycles);
  }
  EXPECT_GT(std::filesystem::file_size(file), 100'000u);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace ternfab
