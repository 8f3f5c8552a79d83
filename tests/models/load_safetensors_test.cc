// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "models/hf_ternary.h"
#include "models/load_options.h"
#include "models/safetensors_model.h"
#include "models/safetensors_reader.h"
#include "tests/models/model_equal.h"
#include "tests/models/safetensors_builder.h"

namespace ternfab {
namespace {

using nlohmann::json;
using testing::Bf16;
using testing::Checkpoint;
using testing::ExpectSameWeights;
using ::testing::HasSubstr;
using testing::Raw;
using testing::TempFile;
using testing::TempFolder;
using testing::TinyCheckpoint;
using testing::TinyShape;

const std::string kShortT = TF_TEST_DATA "/shortT/";

Expected<Model> Load(const Checkpoint& checkpoint, const LoadOptions& options = {false}) {
  const TempFolder folder;
  WriteCheckpoint(checkpoint, folder);
  return LoadModel(folder.path().string(), options);
}

std::string ErrorOf(const Checkpoint& checkpoint) {
  const auto model = Load(checkpoint);
  return model ? "loaded" : model.error().message;
}

TEST(LoadSafetensors, TrainedModelIsTheOneOfTheGgufFile) {
  const auto packed = LoadModel(kShortT + "hf_offline_packed");
  ASSERT_TRUE(packed.has_value()) << packed.error().message;
  const Model gguf = *LoadModel(kShortT + "model-I2_S.gguf");
  ASSERT_EQ(packed->config.layers, gguf.config.layers);
  for (int i = 0; i < gguf.config.layers; ++i) {
    const LayerWeights &a = packed->layers[i], &b = gguf.layers[i];
    EXPECT_TRUE(a.q == b.q && a.k == b.k && a.v == b.v && a.o == b.o) << "layer " << i;
    EXPECT_TRUE(a.gate == b.gate && a.up == b.up && a.down == b.down) << "layer " << i;
    EXPECT_EQ(a.attn_norm, b.attn_norm);
    EXPECT_EQ(a.attn_sub_norm, b.attn_sub_norm);
    EXPECT_EQ(a.ffn_norm, b.ffn_norm);
    EXPECT_EQ(a.ffn_sub_norm, b.ffn_sub_norm);
  }
  EXPECT_EQ(packed->config.activation, Activation::kRelu2);
  EXPECT_EQ(packed->config.norm_eps, gguf.config.norm_eps);
  EXPECT_EQ(packed->config.rope_theta, gguf.config.rope_theta);
}

TEST(LoadSafetensors, PackedBytesDecodeAsPublished) {
  const json golden = json::parse(std::ifstream(TF_TEST_DATA "/hf_pack.json"));
  ASSERT_GE(golden["cases"].size(), 5u);
  for (const json& test : golden["cases"]) {
    const auto packed = test["packed"].get<std::vector<std::vector<uint8_t>>>();
    const auto trits = test["unpacked"].get<std::vector<std::vector<int>>>();
    std::vector<uint8_t> bytes;
    for (const auto& row : packed) bytes.insert(bytes.end(), row.begin(), row.end());
    const int rows = int(trits.size()), cols = int(trits[0].size());
    const auto matrix = DecodeHfPacked(rows, cols, 0.5f, bytes, "case");
    ASSERT_TRUE(matrix.has_value()) << matrix.error().message;
    for (int r = 0; r < rows; ++r) {
      for (int c = 0; c < cols; ++c) EXPECT_EQ(matrix->trit(r, c), trits[r][c]) << test["name"];
    }
    EXPECT_EQ(*EncodeHfPacked(*matrix, "case"), bytes) << test["name"];
    TernaryMatrix by_trit(rows, cols, 0.5f);  // pads too
    for (int r = 0; r < rows; ++r) {
      for (int c = 0; c < cols; ++c) by_trit.set_trit(r, c, trits[r][c]);
    }
    EXPECT_EQ(*matrix, by_trit) << test["name"];
  }
}

TEST(LoadSafetensors, TinyModelIsTheOneOfTheGgufFile) {
  for (const bool tied : {true, false}) {
    for (const bool sub_norms : {true, false}) {
      TinyShape shape;
      shape.tied = tied, shape.sub_norms = sub_norms;
      const auto a = Load(TinyCheckpoint(shape));
      ASSERT_TRUE(a.has_value()) << a.error().message;
      const TempFile file(testing::TinyModel(shape).Bytes());
      const auto b = LoadGguf(file.path());
      ASSERT_TRUE(b.has_value()) << b.error().message;
      ExpectSameWeights(*a, *b);
      EXPECT_EQ(a->config.tied_head, tied);
      EXPECT_EQ(a->config.sub_norms, sub_norms);
      EXPECT_EQ(a->config.name, "tiny");
    }
  }
}

TEST(LoadSafetensors, LinearClassDecidesWhatAScaleMeans) {
  const auto scale = [](const json& quantization, float stored) {
    Checkpoint checkpoint = TinyCheckpoint();
    checkpoint.config["quantization_config"] = quantization;
    checkpoint.file.Find("model.layers.1.mlp.up_proj.weight_scale") = {
        "model.layers.1.mlp.up_proj.weight_scale", "F32", {1}, Raw(stored)};
    const auto model = Load(checkpoint);
    EXPECT_TRUE(model.has_value()) << model.error().message;
    return model ? model->layers[1].up.scale() : 0.0f;
  };
  const json bitnet = {{"quant_method", "bitnet"}};
  json direct = bitnet, reciprocal = bitnet;
  direct["linear_class"] = "autobitlinear";
  reciprocal["linear_class"] = "bitlinear";
  reciprocal["modules_to_not_convert"] = {"lm_head"};
  EXPECT_EQ(scale(bitnet, 40.0f), 1.0f / 40.0f);
  EXPECT_EQ(scale(reciprocal, 40.0f), 1.0f / 40.0f);
  EXPECT_EQ(scale(direct, 0.03f), 0.03f);
}

/// The tiny model with float masters in place of packed weights; `round` gives the bytes.
Checkpoint WithMasters(const std::string& dtype, std::string (*raw)(float)) {
  Checkpoint checkpoint = TinyCheckpoint();
  std::erase_if(checkpoint.file.tensors,
                [](const auto& t) { return t.name.ends_with("weight_scale"); });
  for (auto& tensor : checkpoint.file.tensors) {
    if (tensor.dtype != "U8") continue;
    tensor.dtype = dtype;
    tensor.shape[0] *= 4;
    tensor.bytes.clear();
    const int64_t elements = tensor.shape[0] * tensor.shape[1];
    // Magnitudes 0, 1/4, 1/2 and 1, as often each: the mean is 7/16, half of it 7/32.
    for (int64_t e = 0; e < elements; ++e) {
      constexpr float kValues[] = {0.0f, 0.25f, -0.5f, 1.0f, 0.0f, -0.25f, 0.5f, -1.0f};
      tensor.bytes += raw(kValues[e % 8]);
    }
  }
  return checkpoint;
}

void ExpectQuantised(const Expected<Model>& model) {
  ASSERT_TRUE(model.has_value()) << model.error().message;
  const TernaryMatrix& down = model->layers[1].down;
  EXPECT_EQ(down.scale(), 7.0f / 16);
  constexpr int kTrits[] = {0, 1, -1, 1, 0, -1, 1, -1};  // 1/4 / (7/16) = 0.57 rounds to 1
  for (int c = 0; c < down.cols(); ++c) EXPECT_EQ(down.trit(3, c), kTrits[c % 8]);
}

TEST(LoadSafetensors, MastersAreQuantisedOnLoad) {
  Checkpoint online = WithMasters("BF16", Bf16);
  online.config["quantization_config"]["quantization_mode"] = "online";
  ExpectQuantised(Load(online));
  Checkpoint bare = WithMasters("F32", Raw<float>);
  bare.config.erase("quantization_config");
  ExpectQuantised(Load(bare));
}

TEST(LoadSafetensors, OlderCheckpointsNameTheirSubNormsOtherwise) {
  Checkpoint old = WithMasters("F16", [](float value) -> std::string {
    const uint16_t bits =
        value == 0 ? 0
                   : uint16_t((value < 0 ? 0x8000 : 0) | (std::fabs(value) == 1      ? 0x3c00
                                                          : std::fabs(value) == 0.5f ? 0x3800
                                                                                     : 0x3400));
    return Raw(bits);
  });
  old.config.erase("quantization_config");
  old.config["model_type"] = "llama";
  old.config["architectures"] = {"BitnetForCausalLM"};
  old.config["hidden_act"] = "silu";
  old.config["rope_scaling"] = nullptr;
  for (auto& tensor : old.file.tensors) {
    const auto rename = [&](const std::string& from, const std::string& to) {
      if (const size_t at = tensor.name.find(from); at != std::string::npos) {
        tensor.name.replace(at, from.size(), to);
      }
    };
    rename("attn_sub_norm", "inner_attn_ln");
    rename("ffn_sub_norm", "ffn_layernorm");
  }
  old.file.tensors.push_back(
      {"model.layers.0.self_attn.rotary_emb.inv_freq", "F32", {1}, Raw(1.0f)});
  const auto model = Load(old);
  ExpectQuantised(model);
  EXPECT_TRUE(model->config.sub_norms);
  EXPECT_EQ(model->config.activation, Activation::kSilu);
}

TEST(TernarizeAbsmean, RoundsHalfToEvenAndKeepsTinyWeightsApartFromZero) {
  const auto quantise = [](const std::vector<float>& values) {
    std::vector<uint8_t> bytes(4 * values.size());
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return TernarizeAbsmean(RowTable(TableType::kF32, 1, int(values.size()), bytes), "tensor x");
  };
  // Mean 1: 0.5 is a tie and goes to 0, the next float above goes to 1.
  const auto ties = quantise({0.5f, -0.5f, std::nextafter(0.5f, 1.0f), 2.5f});
  EXPECT_EQ(ties->scale(), float((0.5 + 0.5 + double(std::nextafter(0.5f, 1.0f)) + 2.5) / 4));
  EXPECT_EQ(ties->trit(0, 0), 0);
  EXPECT_EQ(ties->trit(0, 1), 0);
  EXPECT_EQ(ties->trit(0, 3), 1);
  const auto zeros = quantise({0.0f, 0.0f, 1e-7f, 0.0f});
  EXPECT_EQ(zeros->scale(), 1e-5f);
  EXPECT_EQ(zeros->CountZeros(), 4);
  EXPECT_EQ(quantise({1.0f, std::nanf("")}).error().message,
            "tensor x: infinity or NaN: must be finite");
}

TEST(LoadSafetensors, ShardsMakeOneModel) {
  const Checkpoint whole = TinyCheckpoint();
  testing::SafetensorsBuilder parts[2];
  json map;
  for (size_t i = 0; i < whole.file.tensors.size(); ++i) {
    parts[i % 2].tensors.push_back(whole.file.tensors[i]);
    map[whole.file.tensors[i].name] = i % 2 == 0 ? "a.safetensors" : "b.safetensors";
  }
  const TempFolder folder;
  folder.Write("config.json", whole.config.dump());
  folder.Write("a.safetensors", parts[0].Bytes());
  folder.Write("b.safetensors", parts[1].Bytes());
  const std::string index = "model.safetensors.index.json";
  folder.Write(index, json({{"weight_map", map}}).dump());
  const auto model = LoadModel(folder.path().string());
  ASSERT_TRUE(model.has_value()) << model.error().message;
  ExpectSameWeights(*model, *Load(whole));
  EXPECT_TRUE(LoadModel((folder.path() / index).string()).has_value());

  const auto error = [&](const json& weight_map) {
    folder.Write(index, json({{"weight_map", weight_map}}).dump());
    const auto loaded = LoadModel(folder.path().string());
    return loaded ? "loaded" : loaded.error().message;
  };
  json bad = map;
  bad["model.norm.weight"] = "../a.safetensors";
  EXPECT_THAT(error(bad), HasSubstr("tensor model.norm.weight: must be in a file of the same"));
  bad["model.norm.weight"] = "c.safetensors";
  EXPECT_THAT(error(bad), HasSubstr("tensor model.norm.weight: not in this file"));
  bad = map;
  bad["model.more.weight"] = "a.safetensors";
  EXPECT_THAT(error(bad), HasSubstr("tensor model.more.weight: missing in a.safetensors"));
  bad = map;
  bad.erase("model.norm.weight");
  EXPECT_THAT(error(bad), HasSubstr("tensor model.norm.weight: not in this file"));
  bad["model.norm.weight"] = "a.s\fetensors";
  EXPECT_THAT(error(bad), HasSubstr("must be in a file of the same folder, not a.s\\x0cetensors"));
  EXPECT_THAT(error(json::array()), HasSubstr("weight_map: must be an object"));
  EXPECT_THAT(error(json::object()), HasSubstr("weight_map: must name a file"));
}

TEST(LoadSafetensors, FloatWeightsOfOtherModelsAreNotQuantisedUnasked) {
  TinyShape shape;
  Checkpoint plain = WithMasters("F32", Raw<float>);
  plain.config.erase("quantization_config");
  plain.config["model_type"] = "llama";
  std::erase_if(plain.file.tensors,
                [](const auto& t) { return t.name.find("sub_norm") != std::string::npos; });
  EXPECT_THAT(ErrorOf(plain), HasSubstr("no BitNet: must be ternary (`ternfab model convert"));
  ExpectQuantised(Load(plain, {.ternarize = true}));
  const auto twice = Load(TinyCheckpoint(), {.ternarize = true});
  ASSERT_FALSE(twice.has_value());
  EXPECT_THAT(twice.error().message, HasSubstr("those of a BitNet"));
}

TEST(LoadSafetensors, TablesLieInTheFileAndKeepItMapped) {
  TinyShape shape;
  shape.tied = false;
  Checkpoint checkpoint = TinyCheckpoint(shape);
  checkpoint.file.tensors.insert(  // tables at an odd address
      checkpoint.file.tensors.begin(), {"model.rotary_emb.inv_freq", "U8", {1}, "x"});
  const auto hf = ReadHfConfig(checkpoint.config.dump(), "config.json", "x");
  Model model;
  {
    const TempFile temp(checkpoint.file.Bytes());
    const auto tensors = OpenSafetensors(temp.path());
    ASSERT_TRUE(tensors.has_value()) << tensors.error().message;
    model = *BuildHfModel(*hf, *tensors, "x", {.ternarize = false});
    EXPECT_EQ(model.embedding.bytes().data(),
              tensors->find("model.embed_tokens.weight")->second.bytes.data());
    EXPECT_EQ(model.head().bytes().data(), tensors->find("lm_head.weight")->second.bytes.data());
  }
  std::vector<float> row(shape.hidden);
  for (const RowTable& table : {model.embedding, model.head()}) {
    table.ReadRow(3, row);
    for (int c = 0; c < 32; ++c) EXPECT_EQ(row[c], float((3 * 32 + c) % 7 - 3) / 8);
  }
}

TEST(LoadSafetensors, ATiedHeadMayBeStoredTwice) {
  Checkpoint checkpoint = TinyCheckpoint();
  checkpoint.file.tensors.push_back(checkpoint.file.Find("model.embed_tokens.weight"));
  checkpoint.file.tensors.back().name = "lm_head.weight";
  const auto model = Load(checkpoint);
  ASSERT_TRUE(model.has_value()) << model.error().message;
  EXPECT_TRUE(model->config.tied_head);
  EXPECT_TRUE(model->untied_head.empty());
  checkpoint.file.Find("lm_head.weight").bytes.replace(0, 4, Raw(9.0f));
  EXPECT_THAT(ErrorOf(checkpoint), HasSubstr("tensor lm_head.weight: must equal"));
  checkpoint.config.erase("tie_word_embeddings");
  EXPECT_FALSE(Load(checkpoint)->config.tied_head);
}

}  // namespace
}  // namespace ternfab
