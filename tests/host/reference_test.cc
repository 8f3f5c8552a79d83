// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/reference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "host/cpu/evaluate.h"

namespace ternfab {
namespace {

const std::string kFolder = TF_TEST_DATA "/shortT/";

class ShortT : public testing::TestWithParam<const char*> {};

// logits_int.f32: the exact BitNet logits of a trained model, made with the published arithmetic.
TEST_P(ShortT, LogitsAreThePublishedOnes) {
  const auto golden = nlohmann::json::parse(std::ifstream(kFolder + "reference.json"));
  const std::vector<int> tokens = golden["tokens"];
  const std::vector<int> argmax = golden["argmax_int"];
  auto model = LoadModel(kFolder + GetParam());
  ASSERT_TRUE(model.has_value()) << model.error().message;
  std::vector<float> expected(tokens.size() * model->config.vocab);
  std::ifstream file(kFolder + "logits_int.f32", std::ios::binary);
  ASSERT_TRUE(file.read(reinterpret_cast<char*>(expected.data()), 4 * expected.size()));

  auto reference = MakePlainReference(*model);
  float worst = 0;
  for (size_t t = 0; t < tokens.size(); ++t) {
    auto logits = reference->Append(std::span(tokens).subspan(t, 1));
    ASSERT_TRUE(logits.has_value()) << logits.error().message;
    for (int v = 0; v < model->config.vocab; ++v) {
      worst = std::max(worst, std::fabs((*logits)[v] - expected[t * model->config.vocab + v]));
    }
    EXPECT_EQ(ArgMax(*logits), argmax[t]) << "position " << t;
  }
  EXPECT_LT(worst, 1e-4f);
  RecordProperty("worst_difference", std::to_string(worst));
}

INSTANTIATE_TEST_SUITE_P(
    Files, ShortT,
    testing::Values("model-I2_S.gguf", "model-TQ1_0.gguf", "model-TQ2_0.gguf", "hf_offline_packed"),
    [](const auto& info) {
      const std::string name = info.param;
      return name.substr(0, name.find('.')).substr(name.find_first_of("-_") + 1);
    });

TEST(Reference, RefusesWhatItCannotAppend) {
  auto model = LoadGguf(kFolder + "model-I2_S.gguf");
  ASSERT_TRUE(model.has_value());
  auto reference = MakePlainReference(*model);
  const std::vector<int> beyond = {1, 1024};
  EXPECT_EQ(reference->Append(beyond).error().message,
            "token 1 = 1024: must be in 0..1023 (the model's vocabulary)");
  const std::vector<int> many(257, 1);
  EXPECT_EQ(reference->Append(many).error().message,
            "sequence of 257 tokens: must be at most 256 (the context)");
  EXPECT_EQ(reference->position(), 0);
}

}  // namespace
}  // namespace ternfab
