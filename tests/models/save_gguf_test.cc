// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "models/model.h"
#include "tests/common/temp_folder.h"
#include "tests/models/gguf_builder.h"
#include "tests/models/model_equal.h"

namespace ternfab {
namespace {

using testing::ExpectSameWeights;
using ::testing::HasSubstr;
using testing::TempFile;

ModelConfig Shape(bool sub_norms, bool tied, Activation activation) {
  ModelConfig c{"shape", 256, 512,     2,    4,          2,    128,
                40,      64,  1000042, 1e-6, activation, tied, sub_norms};
  return c;  // heads * head_dim = 512, not the hidden size
}

void ExpectSameConfig(const ModelConfig& a, const ModelConfig& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(std::vector<int>(
                {a.hidden, a.ffn, a.layers, a.heads, a.kv_heads, a.head_dim, a.vocab, a.context}),
            std::vector<int>(
                {b.hidden, b.ffn, b.layers, b.heads, b.kv_heads, b.head_dim, b.vocab, b.context}));
  EXPECT_EQ(float(a.rope_theta), float(b.rope_theta));
  EXPECT_EQ(float(a.norm_eps), float(b.norm_eps));
  EXPECT_EQ(a.activation, b.activation);
  EXPECT_EQ(a.tied_head, b.tied_head);
  EXPECT_EQ(a.sub_norms, b.sub_norms);
}

std::string Contents(const std::filesystem::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

class SaveGgufTest : public ::testing::TestWithParam<const char*> {};

TEST_P(SaveGgufTest, ModelSurvivesAFile) {
  for (const bool sub_norms : {true, false}) {
    for (const Activation activation : {Activation::kRelu2, Activation::kSilu}) {
      const bool tied = sub_norms;
      // Scales are 1/sqrt(cols * 2/3): not in f16, so TQ files carry scale tensors.
      const Model model = *SynthesizeModel(Shape(sub_norms, tied, activation), 5);
      const TempFile file("");
      const auto saved = SaveGguf(model, file.path(), {GetParam(), "bitnet"});
      ASSERT_TRUE(saved.has_value()) << saved.error().message;
      const auto back = LoadGguf(file.path());
      ASSERT_TRUE(back.has_value()) << back.error().message;
      ExpectSameConfig(model.config, back->config);
      ExpectSameWeights(model, *back);
    }
  }
}

TEST_P(SaveGgufTest, TrainedModelKeepsItsTokenizer) {
  const Model model = *LoadGguf(TF_TEST_DATA "/shortT/model-I2_S.gguf");
  const TempFile file("");
  ASSERT_TRUE(SaveGguf(model, file.path(), {GetParam(), "bitnet-b1.58"}).has_value());
  const auto back = LoadGguf(file.path());
  ASSERT_TRUE(back.has_value()) << back.error().message;
  ExpectSameConfig(model.config, back->config);
  ExpectSameWeights(model, *back);
  ASSERT_NE(back->tokenizer, nullptr) << back->tokenizer_error;
  const BpeData &a = *model.tokenizer->bpe(), &b = *back->tokenizer->bpe();
  EXPECT_EQ(a.pre, b.pre);
  EXPECT_EQ(a.tokens, b.tokens);
  EXPECT_EQ(a.token_type, b.token_type);
  EXPECT_EQ(a.merges, b.merges);
  EXPECT_EQ(a.bos, b.bos);
  EXPECT_EQ(a.eos, b.eos);
  EXPECT_EQ(a.add_bos, b.add_bos);
}

INSTANTIATE_TEST_SUITE_P(Types, SaveGgufTest, ::testing::Values("I2_S", "TQ1_0", "TQ2_0"));

TEST(SaveGguf, SameModelSameBytes) {
  const Model model = *SynthesizeModel(Shape(true, true, Activation::kRelu2), 6);
  const TempFile a(""), b("");
  ASSERT_TRUE(SaveGguf(model, a.path(), {}).has_value());
  ASSERT_TRUE(SaveGguf(model, b.path(), {}).has_value());
  EXPECT_EQ(Contents(a.path()), Contents(b.path()));
}

TEST(SaveGguf, KeepsTheTablesType) {
  ModelConfig config = Shape(true, true, Activation::kRelu2);
  config.hidden = 96;  // no Q6_K: F32
  const Model model = *SynthesizeModel(config, 7);
  const TempFile file("");
  ASSERT_TRUE(SaveGguf(model, file.path(), {}).has_value());
  const auto back = LoadGguf(file.path());
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(back->embedding.type(), TableType::kF32);
  ExpectSameWeights(model, *back);
}

TEST(SaveGguf, RefusalsNameTheRuleAndLeaveNothing) {
  ModelConfig config = Shape(true, true, Activation::kSilu);
  config.ffn = 320;
  const Model model = *SynthesizeModel(config, 8);
  const testing::TempFolder folder;
  const auto message = [&](const char* name, const GgufWriteOptions& options) {
    const auto saved = SaveGguf(model, folder.path() / name, options);
    return saved ? std::string() : saved.error().message;
  };
  EXPECT_THAT(message("x.gguf", {"Q4_0", "bitnet"}), HasSubstr("must be I2_S, TQ1_0 or TQ2_0"));
  EXPECT_THAT(message("x.gguf", {"I2_S", "gpt2"}),
              HasSubstr("must be bitnet, bitnet-b1.58 or llama"));
  EXPECT_THAT(message("x.gguf", {"I2_S", "bitnet-b1.58"}), HasSubstr("means ReLU^2"));
  EXPECT_THAT(message("x.gguf", {"TQ2_0", "bitnet"}),
              HasSubstr("tensor blk.0.ffn_down.weight: 256 x 320: columns must be a multiple"));
  EXPECT_THAT(message("none/x.gguf", {"I2_S", "bitnet"}), HasSubstr("No such file"));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_EQ(message("x.gguf", {"I2_S", "bitnet"}), "");
}

}  // namespace
}  // namespace ternfab
