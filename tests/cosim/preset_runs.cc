// SPDX-License-Identifier: Apache-2.0
#include "tests/cosim/preset_runs.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "common/check.h"
#include "host/cpu/device_model.h"
#include "host/cpu/evaluate.h"
#include "tests/cosim/designs.h"

namespace ternfab {
namespace {

constexpr int kPromptTokens = 16;
const std::string kShortT = TF_TEST_DATA "/shortT/";

/// Greedy continuation; an error's message ends it as an EXPECT that failed.
std::vector<int> Generate(LanguageModel& model, const std::vector<int>& prompt, int tokens) {
  std::vector<int> ids;
  Expected<std::vector<float>> logits = model.Append(prompt);
  while (logits && int(ids.size()) < tokens) {
    ids.push_back(ArgMax(*logits));
    if (int(ids.size()) < tokens) logits = model.Append({&ids.back(), 1});
  }
  EXPECT_TRUE(logits.has_value()) << logits.error().message;
  return ids;
}

}  // namespace

Model TrainedModel(const std::string& name) {
  Expected<Model> model = name == "tales" ? LoadGguf(TF_SOURCE_DIR "/models/tales/tales.gguf")
                                          : LoadGguf(kShortT + "model-I2_S.gguf");
  TF_CHECK(model.has_value(), "{}", model.error().message);
  return std::move(*model);
}

std::vector<int> TrainedPrompt(const std::string& name, const Model& model, int count) {
  std::vector<int> ids;
  if (name == "tales") {
    const auto encoded = model.tokenizer->Encode(
        "Once upon a time there was a king who had three daughters, and the youngest of them was "
        "so beautiful that the sun itself wondered.");
    TF_CHECK(encoded.has_value(), "{}", encoded.error().message);
    ids = *encoded;
  } else {
    const auto reference = nlohmann::json::parse(std::ifstream(kShortT + "reference.json"));
    ids = reference["tokens"].get<std::vector<int>>();
  }
  TF_CHECK(int(ids.size()) >= count, "{} tokens", ids.size());
  ids.resize(size_t(count));
  return ids;
}

void ExpectPresetGenerates(const std::string& preset, const std::string& name, int tokens) {
  SCOPED_TRACE(fmt::format("{} on {}", name, preset));
  const Model model = TrainedModel(name);
  const std::vector<int> prompt = TrainedPrompt(name, model, kPromptTokens);
  const HardwareSpec spec = FindDesign(preset);
  const Program program = Plan(model, spec);
  const Program nano = Plan(model, FindDesign("nano"));
  rtl::SimulationOptions options;
  options.check = true;
  const auto rtl = Simulate(spec, program, options);
  const std::vector<int> ids = Generate(*rtl, prompt, tokens);
  EXPECT_EQ(int(ids.size()), tokens);
  EXPECT_EQ(ids, Generate(*MakeEmulatedDevice(program), prompt, tokens));
  EXPECT_EQ(ids, Generate(*MakeEmulatedDevice(nano), prompt, tokens));
  // Every instruction of every start, END (which no unit executes) left out.
  const uint64_t prefills = uint64_t(kPromptTokens / spec.engine.batch);
  const auto& list = spec.engine.batch == 1 ? program.decode : program.prefill;
  EXPECT_EQ(rtl->checked_instructions(),
            prefills * (list.instructions.size() - 1) +
                uint64_t(tokens - 1) * (program.decode.instructions.size() - 1));
}

}  // namespace ternfab
