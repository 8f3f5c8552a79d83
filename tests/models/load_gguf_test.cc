// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "models/gguf_model.h"
#include "models/gguf_reader.h"
#include "models/model.h"
#include "tests/models/gguf_builder.h"
#include "tests/models/model_equal.h"

namespace ternfab {
namespace {

using testing::ExpectSameWeights;
using testing::GgufBuilder;
using ::testing::HasSubstr;
using testing::Raw;
using testing::TempFile;
using testing::TinyModel;
using testing::TinyShape;

constexpr char kShortT[] = TF_TEST_DATA "/shortT/";

Model MustLoad(const std::filesystem::path& path) {
  auto model = LoadGguf(path);
  EXPECT_TRUE(model.has_value()) << model.error().message;
  return model.has_value() ? *model : Model();
}

Expected<Model> Load(const GgufBuilder& file) {
  const TempFile temp(file.Bytes());
  return LoadGguf(temp.path());
}

TEST(LoadGguf, TrainedModelHasItsPublishedStatistics) {
  const Model model = MustLoad(std::string(kShortT) + "model-I2_S.gguf");
  const ModelConfig& c = model.config;
  EXPECT_EQ(c.name, "tales-proto");
  EXPECT_EQ(std::vector<int>(
                {c.hidden, c.ffn, c.layers, c.heads, c.kv_heads, c.head_dim, c.vocab, c.context}),
            std::vector<int>({256, 512, 3, 8, 4, 32, 1024, 256}));
  EXPECT_EQ(c.activation, Activation::kRelu2);
  EXPECT_TRUE(c.sub_norms && c.tied_head);
  EXPECT_EQ(c.rope_theta, 10000);
  EXPECT_EQ(float(c.norm_eps), 1e-5f);
  const auto reference =
      nlohmann::json::parse(std::ifstream(std::string(kShortT) + "reference.json"));
  for (int i = 0; i < 3; ++i) {
    const LayerWeights& w = model.layers[i];
    const std::pair<const char*, const TernaryMatrix*> all[] = {
        {"wq", &w.q},    {"wk", &w.k},  {"wv", &w.v},   {"wo", &w.o},
        {"wg", &w.gate}, {"wu", &w.up}, {"wd", &w.down}};
    for (const auto& [name, m] : all) {
      const std::string key = std::to_string(i) + "." + name;
      const double size = double(m->rows()) * m->cols();
      EXPECT_EQ(m->scale(), reference["weight_scales"][key].get<float>()) << key;
      EXPECT_EQ(double(m->CountZeros()) / size, reference["zero_fraction"][key].get<double>());
    }
  }
}

TEST(LoadGguf, TheThreeTernaryTypesHoldTheSameModel) {
  const Model i2s = MustLoad(std::string(kShortT) + "model-I2_S.gguf");
  const Model tq1 = MustLoad(std::string(kShortT) + "model-TQ1_0.gguf");
  const Model tq2 = MustLoad(std::string(kShortT) + "model-TQ2_0.gguf");
  ExpectSameWeights(i2s, tq1);
  ExpectSameWeights(i2s, tq2);
  EXPECT_EQ(tq1.config.activation, Activation::kRelu2);
}

TEST(LoadGguf, TokenizerDecodesTheReferenceText) {
  const Model model = MustLoad(std::string(kShortT) + "model-I2_S.gguf");
  ASSERT_NE(model.tokenizer, nullptr) << model.tokenizer_error;
  const auto reference =
      nlohmann::json::parse(std::ifstream(std::string(kShortT) + "reference.json"));
  const std::vector<int> ids = reference["greedy_from_first_12"];
  EXPECT_EQ(model.tokenizer->Decode(ids), reference["greedy_text"].get<std::string>());
  EXPECT_EQ(model.tokenizer->vocab(), 1024);
  EXPECT_EQ(model.tokenizer->bos(), 1023);
  EXPECT_FALSE(model.tokenizer->add_bos());
}

TEST(LoadGguf, ElementsLandWhereTheFormatSays) {
  TinyShape shape;
  shape.hidden = 36;  // neither 128 nor 32 divides a row
  shape.heads = 6, shape.kv_heads = 2, shape.head_dim = 64, shape.ffn = 64, shape.tied = false;
  const auto model = Load(TinyModel(shape));
  ASSERT_TRUE(model.has_value()) << model.error().message;
  EXPECT_EQ(model->config.head_dim, 64);
  EXPECT_FALSE(model->config.tied_head);
  const TernaryMatrix& k = model->layers[1].k;  // codes (e + 2) % 3
  ASSERT_EQ(k.rows(), 128);
  for (int r = 0; r < k.rows(); ++r) {
    for (int c = 0; c < k.cols(); ++c) EXPECT_EQ(k.trit(r, c), (r * 36 + c + 2) % 3 - 1);
  }
  EXPECT_EQ(k.scale(), 0.5f);
  std::vector<float> row(36);
  model->head().ReadRow(3, row);
  for (int c = 0; c < 36; ++c) EXPECT_EQ(row[c], float((3 * 36 + c) % 7 - 3) / 8);
}

/// The float of IEEE half bits, by its definition.
double HalfValue(uint32_t bits) {
  const int exponent = int(bits >> 10 & 31), mantissa = int(bits & 1023);
  const double magnitude =
      exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25);
  return bits >> 15 ? -magnitude : magnitude;
}

/// Element e of a table as the format's text describes it. Products in float, as ggml has them.
float ElementOf(uint32_t type, const std::string& bytes, size_t e) {
  const auto u8 = [&](size_t at) { return uint32_t(uint8_t(bytes[at])); };
  const auto i8 = [&](size_t at) { return float(int8_t(bytes[at])); };
  const auto u16 = [&](size_t at) { return u8(at) | u8(at + 1) << 8; };
  if (type == 0) return std::bit_cast<float>(u16(4 * e) | u16(4 * e + 2) << 16);
  if (type == 1) return float(HalfValue(u16(2 * e)));
  if (type == 30) return std::bit_cast<float>(u16(2 * e) << 16);
  if (type == 8) {
    const size_t block = e / 32 * 34;
    return float(HalfValue(u16(block))) * i8(block + 2 + e % 32);
  }
  const size_t block = e / 256 * 210, half = e % 256 / 128, group = e % 128 / 32, l = e % 32;
  const uint32_t low = u8(block + 64 * half + 32 * (group % 2) + l) >> (4 * (group / 2)) & 15;
  const uint32_t high = u8(block + 128 + 32 * half + l) >> (2 * group) & 3;
  const float scale = i8(block + 192 + 8 * half + 2 * group + l / 16);
  return float(HalfValue(u16(block + 208))) * scale * float(int(low | high << 4) - 32);
}

TEST(LoadGguf, EmbeddingsAndHeadsOfEveryTypeAreWhatTheFormatSays) {
  struct Type {
    uint32_t number;
    TableType type;
    size_t block, block_bytes;
    size_t unit, exponent;  ///< of each unit of bytes, the one that makes infinities
  };
  const Type kTypes[] = {{0, TableType::kF32, 1, 4, 4, 3},
                         {1, TableType::kF16, 1, 2, 2, 1},
                         {30, TableType::kBF16, 1, 2, 2, 1},
                         {8, TableType::kQ8_0, 32, 34, 34, 1},
                         {14, TableType::kQ6_K, 256, 210, 210, 209}};
  TinyShape shape;
  shape.hidden = 512, shape.heads = 2, shape.kv_heads = 1, shape.head_dim = 256;
  shape.vocab = 5, shape.layers = 1, shape.tied = false;
  const size_t elements = size_t(shape.vocab) * shape.hidden;
  std::mt19937 random(7);
  for (const Type& type : kTypes) {
    GgufBuilder file = TinyModel(shape);
    std::string bytes[2];
    for (int i = 0; i < 2; ++i) {
      for (size_t n = elements / type.block * type.block_bytes; n > 0; --n) {
        bytes[i] += char(random());
      }
      for (size_t at = type.exponent; at < bytes[i].size(); at += type.unit) {
        bytes[i][at] = char(uint8_t(bytes[i][at]) & 0xbb);  // no exponent of ones
      }
      GgufBuilder::Tensor& table = file.FindTensor(i == 0 ? "token_embd.weight" : "output.weight");
      table.type = type.number, table.bytes = bytes[i];
    }
    const auto model = Load(file);
    ASSERT_TRUE(model.has_value()) << model.error().message;
    std::vector<float> row(shape.hidden);
    for (int i = 0; i < 2; ++i) {
      const RowTable& table = i == 0 ? model->embedding : model->head();
      EXPECT_EQ(table.type(), type.type);
      for (size_t e = 0; e < elements; ++e) {
        if (e % shape.hidden == 0) table.ReadRow(int(e / shape.hidden), row);
        EXPECT_EQ(std::bit_cast<uint32_t>(row[e % shape.hidden]),
                  std::bit_cast<uint32_t>(ElementOf(type.number, bytes[i], e)))
            << TableTypeName(type.type) << " element " << e;
      }
    }
  }
}

TEST(LoadGguf, TablesLieInTheFileAndKeepItMapped) {
  TinyShape shape;
  shape.tied = false;
  Model model;
  {
    const TempFile temp(TinyModel(shape).Bytes());
    const auto file = GgufFile::Open(temp.path());
    ASSERT_TRUE(file.has_value()) << file.error().message;
    model = *BuildGgufModel(*file, {.ternarize = false});
    EXPECT_EQ(model.embedding.bytes().data(), file->FindTensor("token_embd.weight")->bytes.data());
    EXPECT_EQ(model.head().bytes().data(), file->FindTensor("output.weight")->bytes.data());
  }
  std::vector<float> row(shape.hidden);
  for (const RowTable& table : {model.embedding, model.head()}) {
    table.ReadRow(3, row);
    for (int c = 0; c < 32; ++c) EXPECT_EQ(row[c], float((3 * 32 + c) % 7 - 3) / 8);
  }
}

TEST(LoadGguf, ArchitectureDecidesTheActivation) {
  const auto activation = [](const char* architecture, const char* key) -> std::string {
    TinyShape shape;
    shape.architecture = architecture;
    GgufBuilder file = TinyModel(shape);
    if (key != nullptr) file.Str(std::string(architecture) + ".hidden_activation", key);
    const auto model = Load(file);
    if (!model) return model.error().message;
    return model->config.activation == Activation::kRelu2 ? "relu2" : "silu";
  };
  EXPECT_EQ(activation("bitnet", nullptr), "silu");
  EXPECT_EQ(activation("bitnet", "silu"), "silu");
  EXPECT_EQ(activation("bitnet", "relu2"), "relu2");
  EXPECT_THAT(activation("bitnet", "gelu"), HasSubstr("= gelu: must be silu or relu2"));
  EXPECT_EQ(activation("bitnet-b1.58", nullptr), "relu2");
  EXPECT_EQ(activation("bitnet-25", nullptr), "relu2");
  EXPECT_THAT(activation("bitnet-b1.58", "silu"), HasSubstr("must be relu2"));
  EXPECT_EQ(activation("llama", nullptr), "silu");
  EXPECT_THAT(activation("gpt2", nullptr), HasSubstr("general.architecture = gpt2: must be"));
}

// The order of llama.cpp's converter: HF rows (head, p, j) become (head, j, p), p = 0, 1.
TEST(LoadGguf, LlamaFilesHoldRotatedPairsSideBySide) {
  TinyShape shape;
  shape.architecture = "llama", shape.sub_norms = false;
  const auto model = Load(TinyModel(shape));
  ASSERT_TRUE(model.has_value()) << model.error().message;
  const int half = int(shape.head_dim) / 2, hidden = int(shape.hidden);
  const LayerWeights& layer = model->layers[1];
  for (const TernaryMatrix* m : {&layer.q, &layer.k}) {
    const int first = m == &layer.q ? 1 : 2;  // element e of the file has code (e + first) % 3
    for (int r = 0; r < m->rows(); ++r) {
      const int head = r / (2 * half), p = r / half % 2, j = r % half;
      const int file_row = head * 2 * half + 2 * j + p;
      for (int c = 0; c < hidden; ++c) {
        EXPECT_EQ(m->trit(r, c), (file_row * hidden + c + first) % 3 - 1) << r << " " << c;
      }
    }
  }
  // v has no RoPE: its rows stay.
  for (int r = 0; r < layer.v.rows(); ++r) EXPECT_EQ(layer.v.trit(r, 0), r * hidden % 3 - 1);
}

TEST(LoadGguf, AVocabularyKeyMustAgreeWithTheTable) {
  GgufBuilder file = TinyModel();
  file.U32("bitnet-b1.58.vocab_size", 12);
  EXPECT_TRUE(Load(file).has_value());
  file.FindKey("bitnet-b1.58.vocab_size").value = Raw(uint32_t(13));
  EXPECT_THAT(Load(file).error().message,
              HasSubstr("tensor token_embd.weight: 12 rows: must be the 13 of key"));
}

TEST(LoadGguf, ModelsWithoutSubNormsLoad) {
  TinyShape shape;
  shape.sub_norms = false;
  const auto model = Load(TinyModel(shape));
  ASSERT_TRUE(model.has_value()) << model.error().message;
  EXPECT_FALSE(model->config.sub_norms);
  EXPECT_TRUE(model->layers[0].attn_sub_norm.empty());
}

TEST(LoadGguf, ScaleTensorsMultiply) {
  GgufBuilder file = TinyModel();
  file.tensors.push_back({"blk.1.ffn_up.scale", {1}, 0, Raw(0.25f)});
  auto model = Load(file);
  ASSERT_TRUE(model.has_value()) << model.error().message;
  EXPECT_EQ(model->layers[1].up.scale(), 0.125f);
  EXPECT_EQ(model->layers[0].up.scale(), 0.5f);
  file.FindTensor("blk.1.ffn_up.scale").bytes = Raw(std::nanf(""));
  model = Load(file);
  ASSERT_FALSE(model.has_value());
  EXPECT_THAT(model.error().message, HasSubstr("tensor blk.1.ffn_up.scale: infinity or NaN"));
}

TEST(LoadGguf, RopeKeysMustMeanPlainRope) {
  GgufBuilder file = TinyModel();
  file.Str("bitnet-b1.58.rope.scaling.type", "linear");
  file.F32("bitnet-b1.58.rope.scaling.factor", 1.0f);
  EXPECT_TRUE(Load(file).has_value());
  file.FindKey("bitnet-b1.58.rope.scaling.factor").value = Raw(4.0f);
  EXPECT_THAT(Load(file).error().message, HasSubstr("scaled RoPE is not supported"));
  GgufBuilder partial = TinyModel();
  partial.FindKey("bitnet-b1.58.rope.dimension_count").value = Raw(uint32_t(4));
  EXPECT_THAT(Load(partial).error().message, HasSubstr("= 4: must be the head size 8"));
}

TEST(LoadGguf, ModelWithoutUsableTokenizerLoadsAndSaysWhy) {
  GgufBuilder file = TinyModel();
  EXPECT_THAT(Load(file)->tokenizer_error, HasSubstr("tokenizer.ggml.model: missing"));
  file.Str("tokenizer.ggml.model", "bert");
  const auto model = Load(file);
  ASSERT_TRUE(model.has_value());
  EXPECT_EQ(model->tokenizer, nullptr);
  EXPECT_THAT(model->tokenizer_error, HasSubstr("= bert: must be gpt2"));
}

GgufBuilder WithTokenizer() {
  GgufBuilder file = TinyModel();
  file.Str("tokenizer.ggml.model", "gpt2");
  file.Str("tokenizer.ggml.pre", "llama-bpe");
  file.Strings("tokenizer.ggml.tokens", {"a", "b", "ab", "<s>"});
  file.Ints("tokenizer.ggml.token_type", {1, 1, 1, 3});
  file.Strings("tokenizer.ggml.merges", {"a b"});
  file.U32("tokenizer.ggml.bos_token_id", 3);
  return file;
}

TEST(LoadGguf, LlamaTokenizersAddBosUnlessTheFileSaysNo) {
  GgufBuilder file = WithTokenizer();
  EXPECT_EQ(*Load(file)->tokenizer->Encode("ab"), (std::vector<int>{3, 2}));
  file.Bool("tokenizer.ggml.add_bos_token", false);
  EXPECT_EQ(*Load(file)->tokenizer->Encode("ab"), (std::vector<int>{2}));
  GgufBuilder gpt2 = WithTokenizer();
  gpt2.FindKey("tokenizer.ggml.pre").value = testing::RawString("gpt-2");
  EXPECT_FALSE(Load(gpt2)->tokenizer->add_bos());
}

TEST(LoadGguf, VocabularyOf2B4TMeansLlamaBpeWhenTheFileDoesNotSay) {
  TinyShape shape;
  shape.vocab = 128256, shape.layers = 1;
  GgufBuilder file = TinyModel(shape);
  file.Str("tokenizer.ggml.model", "gpt2");
  file.Strings("tokenizer.ggml.tokens", {"a"});
  file.Strings("tokenizer.ggml.merges", {});
  const auto model = Load(file);
  ASSERT_NE(model->tokenizer, nullptr) << model->tokenizer_error;
  EXPECT_EQ(model->tokenizer->bpe()->pre, "llama-bpe");
}

TEST(LoadGguf, BadTokenizersAreNamed) {
  GgufBuilder no_pre = WithTokenizer();
  no_pre.Drop("tokenizer.ggml.pre");
  EXPECT_THAT(Load(no_pre)->tokenizer_error, HasSubstr("tokenizer.ggml.pre: missing"));
  GgufBuilder other = WithTokenizer();
  other.FindKey("tokenizer.ggml.pre").value = testing::RawString("qwen2");
  EXPECT_THAT(Load(other)->tokenizer_error, HasSubstr("qwen2: must be gpt-2, default"));
  GgufBuilder id = WithTokenizer();
  id.FindKey("tokenizer.ggml.bos_token_id").value = Raw(uint32_t(4));
  EXPECT_THAT(Load(id)->tokenizer_error, HasSubstr("bos_token_id = 4: must be below the 4"));
  GgufBuilder many = WithTokenizer();
  many.Drop("tokenizer.ggml.tokens");
  many.Strings("tokenizer.ggml.tokens", std::vector<std::string>(13, "a"));
  EXPECT_THAT(Load(many)->tokenizer_error, HasSubstr("13 tokens: must be at most the 12"));
  GgufBuilder types = WithTokenizer();
  types.Drop("tokenizer.ggml.token_type");
  types.Ints("tokenizer.ggml.token_type", {1, 1});
  EXPECT_THAT(Load(types)->tokenizer_error, HasSubstr("token_type: 2 elements"));
}

}  // namespace
}  // namespace ternfab
