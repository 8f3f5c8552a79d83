// SPDX-License-Identifier: Apache-2.0
#include "models/convert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "models/byte_level.h"
#include "models/hf_ternary.h"
#include "models/hf_tokenizer.h"
#include "models/safetensors_reader.h"
#include "models/sentencepiece_data.h"
#include "tests/models/model_equal.h"
#include "tests/models/safetensors_builder.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;
using testing::ExpectSameWeights;
using ::testing::HasSubstr;
using testing::TempFolder;

const std::string kShortT = TF_TEST_DATA "/shortT/";

void ExpectSameModel(const Model& a, const Model& b) {
  ExpectSameWeights(a, b);
  const ModelConfig &x = a.config, &y = b.config;
  EXPECT_EQ(x.name, y.name);
  for (const auto field : {&ModelConfig::hidden, &ModelConfig::ffn, &ModelConfig::layers,
                           &ModelConfig::heads, &ModelConfig::kv_heads, &ModelConfig::head_dim,
                           &ModelConfig::vocab, &ModelConfig::context}) {
    EXPECT_EQ(x.*field, y.*field);
  }
  EXPECT_EQ(x.rope_theta, y.rope_theta);
  EXPECT_EQ(float(x.norm_eps), float(y.norm_eps));
  EXPECT_EQ(x.activation, y.activation);
  EXPECT_EQ(x.tied_head, y.tied_head);
  EXPECT_EQ(x.sub_norms, y.sub_norms);
}

/// Through every format and back: each step is compared with the first.
void ExpectRoundTrip(const std::string& first) {
  const TempFolder folder;
  const Model model = *LoadModel(first);
  std::string in = first;
  int step = 0;
  // Every format follows every other one once.
  for (const std::string type :
       {"safetensors", "I2_S", "TQ1_0", "TQ2_0", "I2_S", "safetensors", "TQ1_0", "I2_S", "TQ2_0",
        "TQ1_0", "safetensors", "TQ2_0", "safetensors", "I2_S"}) {
    const std::string out =
        folder.path() / (std::to_string(step++) + (type == "safetensors" ? "" : ".gguf"));
    const auto report = ConvertModel(in, out, {.type = type});
    ASSERT_TRUE(report.has_value()) << report.error().message;
    EXPECT_THAT(report->written, HasSubstr(type));
    const auto back = LoadModel(out);
    ASSERT_TRUE(back.has_value()) << back.error().message;
    ExpectSameModel(model, *back);
    in = out;
  }
}

TEST(ConvertModel, TrainedModelGoesRoundAllFormats) {
  ExpectRoundTrip(kShortT + "model-I2_S.gguf");
  ExpectRoundTrip(kShortT + "hf_offline_packed");
}

std::string Synthetic(const TempFolder& folder, const ModelConfig& config) {
  const std::string path = folder.path() / "first.gguf";
  const auto saved =
      SaveGguf(*SynthesizeModel(config, 3), path, {"I2_S", config.sub_norms ? "bitnet" : "llama"});
  EXPECT_TRUE(saved.has_value()) << saved.error().message;
  return path;
}

ModelConfig Shape(int head_dim, Activation activation, bool tied, bool sub_norms) {
  return {"shape", 320, 512, 2, 4, 2, head_dim, 40, 64, 1000042, 1e-6, activation, tied, sub_norms};
}

// Scales are 1 / sqrt(2/3 cols): no f16 and no bf16 holds them. An embedding of 320 columns is F32.
TEST(ConvertModel, ScalesThatNoShortTypeHoldsAreKept) {
  for (const bool sub_norms : {true, false}) {
    ModelConfig config = Shape(128, Activation::kSilu, sub_norms, sub_norms);
    config.hidden = 512;
    Model model = *SynthesizeModel(config, 3);
    std::vector<uint8_t> floats(4ull * config.vocab * config.hidden);
    for (size_t i = 0; i < floats.size(); i += 4)
      floats[i + 1] = uint8_t(i / 4), floats[i + 3] = 0x3c;
    model.embedding = RowTable(TableType::kF32, config.vocab, config.hidden, floats);
    if (!config.tied_head) model.untied_head = model.embedding;
    model.output_norm[7] = 0.1f;
    const TempFolder folder;
    const std::string path = folder.path() / "first.gguf";
    ASSERT_TRUE(SaveGguf(model, path, {"I2_S", "bitnet"}).has_value());
    ExpectRoundTrip(path);
  }
}

TEST(ConvertModel, SafetensorsHoldsF32OnlyWhereBf16Rounds) {
  const TempFolder folder;
  ASSERT_TRUE(ConvertModel(kShortT + "model-I2_S.gguf", folder.path() / "a", {}).has_value());
  const auto bf16 = OpenSafetensors(folder.path() / "a/model.safetensors");
  const std::string scale = "model.layers.0.self_attn.q_proj.weight_scale";
  EXPECT_EQ(bf16->find(scale)->second.type, SafetensorsType::kBF16);
  const std::string in = Synthetic(folder, Shape(80, Activation::kSilu, true, true));
  ASSERT_TRUE(ConvertModel(in, folder.path() / "b", {}).has_value());
  const auto f32 = OpenSafetensors(folder.path() / "b/model.safetensors");
  EXPECT_EQ(f32->find(scale)->second.type, SafetensorsType::kF32);
  EXPECT_EQ(f32->find("model.norm.weight")->second.type, SafetensorsType::kBF16);
}

/// Blocks of random bytes with the f16 scale 2^-3 of each at `scale_at`.
RowTable RandomBlocks(TableType type, int rows, int cols, size_t scale_at, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<uint8_t> bytes(rows * TableRowBytes(type, cols));
  for (uint8_t& byte : bytes) byte = uint8_t(random());
  const auto block_bytes = size_t(TableRowBytes(type, TableBlock(type)));
  for (size_t at = scale_at; at < bytes.size(); at += block_bytes) {
    bytes[at] = 0, bytes[at + 1] = 0x30;
  }
  return RowTable(type, rows, cols, std::move(bytes));
}

void ExpectSameRows(const RowTable& a, const RowTable& b) {
  ASSERT_EQ(a.rows(), b.rows());
  ASSERT_EQ(a.cols(), b.cols());
  std::vector<float> x(a.cols()), y(a.cols());
  for (int r = 0; r < a.rows(); ++r) {
    a.ReadRow(r, x);
    b.ReadRow(r, y);
    EXPECT_EQ(x, y) << "row " << r;
  }
}

TEST(ConvertModel, QuantisedTablesKeepTheirValues) {
  ModelConfig config = Shape(128, Activation::kRelu2, false, true);
  config.hidden = 256;
  Model model = *SynthesizeModel(config, 3);
  model.embedding = RandomBlocks(TableType::kQ6_K, config.vocab, config.hidden, 208, 1);
  model.untied_head = RandomBlocks(TableType::kQ8_0, config.vocab, config.hidden, 0, 2);
  const TempFolder folder;
  const std::string first = folder.path() / "first.gguf";
  ASSERT_TRUE(SaveGguf(model, first, {"TQ2_0", "bitnet-b1.58"}).has_value());
  const auto report = ConvertModel(first, folder.path() / "out", {});
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_THAT(report->lost, ::testing::ElementsAre(HasSubstr("embedding: Q6_K is written as F32"),
                                                   HasSubstr("head: Q8_0 is written as F32")));
  const auto back = LoadModel(folder.path() / "out");
  ASSERT_TRUE(back.has_value()) << back.error().message;
  ExpectSameRows(model.embedding, back->embedding);
  ExpectSameRows(model.untied_head, back->untied_head);
}

TEST(ConvertModel, AFloatModelIsQuantisedOnRequest) {
  const TempFolder folder;
  testing::TinyShape shape;
  shape.sub_norms = false, shape.architecture = "llama";
  testing::GgufBuilder file = testing::TinyModel(shape);
  std::vector<uint8_t> floats;
  for (auto& tensor : file.tensors) {
    if (tensor.type != 36) continue;
    tensor.type = 0;
    tensor.bytes.clear();
    const uint64_t elements = tensor.dims[0] * tensor.dims[1];
    for (uint64_t e = 0; e < elements; ++e) {
      tensor.bytes += testing::Raw(float(int(e * 7 % 11) - 5) / 16);
    }
    if (tensor.name == "blk.1.ffn_up.weight") {
      floats.assign(tensor.bytes.begin(), tensor.bytes.end());
    }
  }
  folder.Write("plain.gguf", file.Bytes());
  const std::string in = folder.path() / "plain.gguf";
  const auto refused = ConvertModel(in, folder.path() / "out.gguf", {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message,
              HasSubstr("type F32: must be ternary: I2_S, TQ1_0 or TQ2_0"));
  EXPECT_FALSE(fs::exists(folder.path() / "out.gguf"));
  for (const char* name : {"out.gguf", "out"}) {
    const auto report = ConvertModel(in, folder.path() / name, {.type = "", .ternarize = true});
    ASSERT_TRUE(report.has_value()) << report.error().message;
    EXPECT_THAT(report->lost, ::testing::ElementsAre(HasSubstr("weights: quantised by absmean")));
    const auto model = LoadModel(folder.path() / name);
    ASSERT_TRUE(model.has_value()) << model.error().message;
    EXPECT_EQ(model->layers[1].up,
              *TernarizeAbsmean(RowTable(TableType::kF32, 64, 32, floats), "up"));
  }
  const auto twice = ConvertModel(folder.path() / "out.gguf", folder.path() / "x.gguf",
                                  {.type = "", .ternarize = true});
  EXPECT_THAT(twice.error().message, HasSubstr("ternary already"));
}

TEST(ConvertModel, RefusalsLeaveNothingBehind) {
  const TempFolder folder;
  const std::string in = Synthetic(folder, Shape(80, Activation::kSilu, true, true));
  const auto error = [&](const std::string& out, const std::string& type) {
    const auto report = ConvertModel(in, folder.path() / out, {.type = type});
    return report ? "converted" : report.error().message;
  };
  EXPECT_THAT(
      error("a.gguf", "TQ2_0"),
      HasSubstr("tensor blk.0.attn_q.weight: 320 x 320: columns must be a multiple of 256"));
  EXPECT_THAT(error("a.gguf", "Q4_0"), HasSubstr("type Q4_0: must be I2_S, TQ1_0, TQ2_0"));
  EXPECT_THAT(error("none/a", "safetensors"), HasSubstr("none/a: No such file"));
  fs::create_directory(folder.path() / "full");
  folder.Write("full/file", "x");
  EXPECT_THAT(error("full", "safetensors"), HasSubstr("must be a new or an empty folder"));
  EXPECT_THAT(error("full/file", "safetensors"), HasSubstr("must be a new or an empty folder"));
  ModelConfig odd = Shape(80, Activation::kSilu, true, true);
  odd.ffn = 514;
  odd.hidden = 384;
  odd.heads = 6;
  odd.head_dim = 64;
  const std::string rows = Synthetic(folder, odd);
  EXPECT_THAT(ConvertModel(rows, folder.path() / "b", {}).error().message,
              HasSubstr("mlp.gate_proj.weight: 514 x 384: rows must be a multiple of 4"));
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    names.push_back(entry.path().filename());
  }
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("first.gguf", "full"));
}

/// A GGUF model whose vocabulary has every byte (token b is byte b), four merges and two control
/// tokens.
std::string EveryByteModel(const std::string& pre) {
  std::vector<std::string> tokens, merges;
  for (int byte = 0; byte < 256; ++byte) {
    tokens.push_back(ByteLevelFromBytes(std::string(1, char(byte))));
  }
  for (const auto& [left, right] : std::vector<std::pair<std::string, std::string>>{
           {"i", "s"}, {"'", "t"}, {"\xc3", "\xa9"}, {"\n", "\n"}}) {
    const std::string a = ByteLevelFromBytes(left), b = ByteLevelFromBytes(right);
    merges.push_back(a + ' ' + b);
    tokens.push_back(a + b);
  }
  tokens.push_back("<|begin_of_text|>");
  tokens.push_back("<|eot_id|>");
  std::vector<int32_t> types(tokens.size(), 1);
  types[260] = types[261] = 3;
  testing::TinyShape shape;
  shape.vocab = uint32_t(tokens.size());
  testing::GgufBuilder file = testing::TinyModel(shape);
  file.Str("tokenizer.ggml.model", "gpt2");
  file.Str("tokenizer.ggml.pre", pre);
  file.Strings("tokenizer.ggml.tokens", tokens);
  file.Ints("tokenizer.ggml.token_type", types);
  file.Strings("tokenizer.ggml.merges", merges);
  file.U32("tokenizer.ggml.bos_token_id", 260);
  file.U32("tokenizer.ggml.eos_token_id", 261);
  file.Bool("tokenizer.ggml.add_bos_token", true);
  return file.Bytes();
}

TEST(ConvertModel, TokenizersGoBothWays) {
  for (const std::string pre : {"llama-bpe", "gpt-2"}) {
    const TempFolder folder;
    folder.Write("first.gguf", EveryByteModel(pre));
    ASSERT_TRUE(ConvertModel(folder.path() / "first.gguf", folder.path() / "a", {}).has_value());
    ASSERT_TRUE(ConvertModel(folder.path() / "a", folder.path() / "b.gguf", {}).has_value());
    for (const char* name : {"first.gguf", "a", "b.gguf"}) {
      const auto model = LoadModel(folder.path() / name);
      ASSERT_TRUE(model.has_value()) << model.error().message;
      ASSERT_NE(model->tokenizer, nullptr) << model->tokenizer_error;
      const Tokenizer& t = *model->tokenizer;
      EXPECT_EQ(t.bpe()->tokens.size(), 262u);
      EXPECT_EQ(t.bpe()->merges.size(), 4u);
      EXPECT_EQ(t.bpe()->pre, pre);
      EXPECT_EQ(t.bos(), 260);
      EXPECT_EQ(t.eos(), 261);
      EXPECT_THAT(t.ends(), ::testing::ElementsAre(261));
      const auto ids = t.Encode("isn't\x7f caf\u00e9\n\n");
      ASSERT_TRUE(ids.has_value()) << ids.error().message;
      EXPECT_THAT(*ids,
                  ::testing::ElementsAre(260, 256, 'n', 257, 0x7f, ' ', 'c', 'a', 'f', 258, 259))
          << pre << " " << name;
      EXPECT_EQ(t.Decode(*ids), "isn't\x7f caf\u00e9\n\n");
    }
  }
}

TEST(ConvertModel, TheTrainedTokenizerGoesBothWays) {
  const TempFolder folder;
  const Model first = *LoadModel(kShortT + "model-I2_S.gguf");
  ASSERT_TRUE(ConvertModel(kShortT + "model-I2_S.gguf", folder.path() / "a", {}).has_value());
  ASSERT_TRUE(ConvertModel(folder.path() / "a", folder.path() / "b.gguf", {}).has_value());
  for (const char* name : {"a", "b.gguf"}) {
    const auto model = LoadModel(folder.path() / name);
    ASSERT_NE(model->tokenizer, nullptr) << model->tokenizer_error;
    const Tokenizer& t = *model->tokenizer;
    EXPECT_EQ(t.bpe()->tokens, first.tokenizer->bpe()->tokens);
    EXPECT_EQ(t.bpe()->merges, first.tokenizer->bpe()->merges);
    EXPECT_EQ(t.bpe()->pre, first.tokenizer->bpe()->pre);
    EXPECT_EQ(t.bos(), first.tokenizer->bos());
    EXPECT_EQ(t.eos(), first.tokenizer->eos());
    EXPECT_EQ(t.ends(), first.tokenizer->ends());
    EXPECT_EQ(t.add_bos(), first.tokenizer->add_bos());
  }
}

/// Folder to GGUF, GGUF to folder, where tokenizer.model is made anew, and back.
TEST(ConvertModel, SentencePieceGoesBothWays) {
  const fs::path data = fs::path(TF_TEST_DATA) / "tokenizers/sentencepiece-bpe";
  const auto first = *LoadHfTokenizer(data);
  testing::TinyShape shape;
  shape.vocab = uint32_t(first->vocab());
  const TempFolder folder;
  folder.Write("bare.gguf", testing::TinyModel(shape).Bytes());
  ASSERT_TRUE(ConvertModel(folder.path() / "bare.gguf", folder.path() / "a", {}).has_value());
  fs::copy_file(data / "tokenizer.model", folder.path() / "a/tokenizer.model");
  ASSERT_TRUE(ConvertModel(folder.path() / "a", folder.path() / "b.gguf", {}).has_value());
  ASSERT_TRUE(ConvertModel(folder.path() / "b.gguf", folder.path() / "c", {}).has_value());
  const auto report = ConvertModel(folder.path() / "c", folder.path() / "d.gguf", {});
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_THAT(report->lost, ::testing::IsEmpty());
  for (const char* name : {"a", "b.gguf", "c", "d.gguf"}) {
    SCOPED_TRACE(name);
    const auto model = LoadModel(folder.path() / name);
    ASSERT_TRUE(model.has_value()) << model.error().message;
    ASSERT_NE(model->tokenizer, nullptr) << model->tokenizer_error;
    const SentencePieceData &got = *model->tokenizer->sentencepiece(),
                            &want = *first->sentencepiece();
    EXPECT_EQ(got.pieces, want.pieces);
    EXPECT_EQ(got.add_dummy_prefix, want.add_dummy_prefix);
    EXPECT_EQ(got.remove_extra_whitespaces, want.remove_extra_whitespaces);
    EXPECT_EQ(model->tokenizer->bos(), first->bos());
    EXPECT_EQ(model->tokenizer->ends(), first->ends());
    EXPECT_EQ(model->tokenizer->add_bos(), first->add_bos());
    const std::string text = "The miller's  wife \u00e9\n\U0010FFFF";
    EXPECT_EQ(*model->tokenizer->Encode(text), *first->Encode(text));
  }
}

/// A unigram model has no form in GGUF, and the conversion says so.
TEST(ConvertModel, AUnigramModelIsReportedAsLost) {
  const fs::path data = fs::path(TF_TEST_DATA) / "tokenizers/sentencepiece-unigram";
  testing::TinyShape shape;
  shape.vocab = uint32_t((*LoadHfTokenizer(data))->vocab());
  const TempFolder folder;
  folder.Write("bare.gguf", testing::TinyModel(shape).Bytes());
  ASSERT_TRUE(ConvertModel(folder.path() / "bare.gguf", folder.path() / "a", {}).has_value());
  fs::copy_file(data / "tokenizer.model", folder.path() / "a/tokenizer.model");
  const auto report = ConvertModel(folder.path() / "a", folder.path() / "b.gguf", {});
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_THAT(report->lost, ::testing::Contains(::testing::HasSubstr("a unigram model")));
  EXPECT_EQ(LoadModel(folder.path() / "b.gguf")->tokenizer, nullptr);
}

TEST(ConvertModel, TokenizerFilesAreCopied) {
  const TempFolder folder;
  fs::copy(kShortT + "hf_offline_packed", folder.path() / "in");
  folder.Write("in/tokenizer.json", "{}");
  folder.Write("in/tokenizer_config.json", "{ }");
  ASSERT_TRUE(ConvertModel(folder.path() / "in", folder.path() / "out", {}).has_value());
  EXPECT_EQ(fs::file_size(folder.path() / "out/tokenizer.json"), 2u);
  EXPECT_EQ(fs::file_size(folder.path() / "out/tokenizer_config.json"), 3u);
}

}  // namespace
}  // namespace ternfab
