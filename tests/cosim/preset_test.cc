// SPDX-License-Identifier: Apache-2.0
// Trained models on the presets, to the last position of their context.
#include <gtest/gtest.h>

#include "host/cpu/emulator.h"
#include "tests/cosim/designs.h"
#include "tests/cosim/preset_runs.h"

namespace ternfab {
namespace {

TEST(Nano, GeneratesWithShortT) { ExpectPresetGenerates("nano", "shortT", 16); }
TEST(Nano, GeneratesWithTales) { ExpectPresetGenerates("nano", "tales", 16); }
TEST(Kv260, GeneratesWithShortT) { ExpectPresetGenerates("kv260", "shortT", 8); }
TEST(Kv260, GeneratesWithTales) { ExpectPresetGenerates("kv260", "tales", 8); }
TEST(ArtyA735t, GeneratesWithShortT) { ExpectPresetGenerates("arty-a7-35t", "shortT", 8); }
TEST(ArtyA735t, GeneratesWithTales) { ExpectPresetGenerates("arty-a7-35t", "tales", 8); }

/// The emulator fills the KV cache; its memory is the image with which the RTL begins.
TEST(Nano, LastPositionOfTheContext) {
  const HardwareSpec spec = FindDesign("nano");
  const Model model = TrainedModel("shortT");
  Program program = Plan(model, spec);
  ASSERT_EQ(program.context, 256);
  const std::vector<int> text = TrainedPrompt("shortT", model, 33);
  Emulator emulator(program);
  const uint32_t last = uint32_t(program.context) - 1;
  for (uint32_t position = 0; position < last; ++position) {
    emulator.Run(program.decode, {position, 1, {uint32_t(text[position % text.size()])}});
  }
  const std::vector<float> before = emulator.Logits();
  const std::vector<uint8_t> memory(emulator.memory().begin(), emulator.memory().end());
  const RunArguments arguments{last, 1, {uint32_t(text[last % text.size()])}};
  emulator.Run(program.decode, arguments);

  program.image = memory;
  rtl::SimulationOptions options;
  options.check = true;
  const auto rtl = Simulate(spec, program, options);
  const auto run = rtl->Start(arguments);
  ASSERT_TRUE(run.has_value()) << run.error().message;
  std::vector<float> logits(size_t(program.vocab));
  ASSERT_TRUE(rtl->driver().Read(program.logits_beat,
                                 {reinterpret_cast<uint8_t*>(logits.data()), 4 * logits.size()}));
  EXPECT_EQ(LogitDifference(logits, emulator.Logits()), "");
  EXPECT_NE(LogitDifference(logits, before), "");
}

TEST(Nano, RefusesASequenceBeyondTheContext) {
  const HardwareSpec spec = FindDesign("nano");
  const Model model = TrainedModel("shortT");
  const Program program = Plan(model, spec);
  const auto rtl = Simulate(spec, program, {});
  const auto logits = rtl->Append(std::vector<int>(257, 1));
  ASSERT_FALSE(logits.has_value());
  EXPECT_EQ(logits.error().message, "sequence of 257 tokens: must be at most 256 (the context)");
  EXPECT_TRUE(rtl->runs().empty());
}

}  // namespace
}  // namespace ternfab
