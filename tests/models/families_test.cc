// SPDX-License-Identifier: Apache-2.0
// Checkpoints of the public families: their configurations as published, with their head sizes, few
// layers, heads and tokens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/convert.h"
#include "tests/models/model_equal.h"
#include "tests/models/safetensors_builder.h"

namespace ternfab {
namespace {

using nlohmann::json;
using testing::Checkpoint;
using ::testing::HasSubstr;
using testing::TempFolder;
using testing::TinyShape;

enum class Weights { kDirect, kReciprocal, kMasters };

struct Family {
  const char* name;
  Weights weights;
  uint32_t heads, kv_heads, head_dim, ffn;
  bool tied, sub_norms;
  Activation activation;
  double rope_theta, norm_eps;
};

void PrintTo(const Family& family, std::ostream* out) { *out << family.name; }

constexpr Activation kRelu2 = Activation::kRelu2, kSilu = Activation::kSilu;
constexpr Weights kDirect = Weights::kDirect, kReciprocal = Weights::kReciprocal,
                  kMasters = Weights::kMasters;
// ffn: small, but 0.7B and 1.3B keep what their own do not divide by (4096 = 16 x 256, 5460 = 4 x
// 1365).
constexpr Family kFamilies[] = {
    {"bitnet-b1.58-2B-4T", kDirect, 4, 1, 128, 256, true, true, kRelu2, 500000, 1e-5},
    {"bitnet-b1.58-2B-4T-bf16", kMasters, 4, 1, 128, 256, true, true, kRelu2, 500000, 1e-5},
    {"bitnet_b1_58-large", kMasters, 4, 4, 96, 256, true, true, kSilu, 10000, 1e-5},
    {"bitnet_b1_58-xl", kMasters, 4, 4, 64, 84, true, true, kSilu, 10000, 1e-5},
    {"bitnet_b1_58-3B", kMasters, 4, 4, 100, 240, true, true, kSilu, 10000, 1e-5},
    {"Llama3-8B-1.58", kReciprocal, 4, 1, 128, 256, false, false, kSilu, 500000, 1e-5},
    {"Falcon3-1B-1.58bit", kReciprocal, 2, 1, 256, 256, false, false, kSilu, 1000042, 1e-6},
    {"Falcon3-7B-1.58bit", kReciprocal, 3, 1, 256, 512, false, false, kSilu, 1000042, 1e-6},
};

constexpr float kStoredScale = 0.375f;
// Of masters +-3/4 and 0, which come with the codes 0, 2 and 1, as often each.
constexpr float kMaster = 0.75f;

/// The packed weights of the tiny model as BF16 masters.
void UseMasters(Checkpoint& out) {
  std::erase_if(out.file.tensors, [](const auto& t) { return t.name.ends_with("weight_scale"); });
  int matrix = 0;
  for (auto& tensor : out.file.tensors) {
    if (tensor.dtype != "U8") continue;
    tensor.dtype = "BF16";
    tensor.shape[0] *= 4;
    tensor.bytes.clear();
    const int64_t elements = tensor.shape[0] * tensor.shape[1];
    for (int64_t e = 0; e < elements; ++e) {
      tensor.bytes += testing::Bf16(kMaster * float((e + matrix) % 3 - 1));
    }
    ++matrix;
  }
}

/// The older names of sub-norms.
void UseOldNames(Checkpoint& out) {
  for (auto& tensor : out.file.tensors) {
    for (const auto& [now, old] : {std::pair{"self_attn.attn_sub_norm", "self_attn.inner_attn_ln"},
                                   std::pair{"mlp.ffn_sub_norm", "mlp.ffn_layernorm"}}) {
      const size_t at = tensor.name.find(now);
      if (at != std::string::npos) tensor.name.replace(at, std::string(now).size(), old);
    }
  }
}

Checkpoint MakeCheckpoint(const Family& f) {
  TinyShape shape;
  shape.heads = f.heads, shape.kv_heads = f.kv_heads, shape.head_dim = f.head_dim;
  shape.hidden = f.heads * f.head_dim, shape.ffn = f.ffn, shape.layers = 1;
  shape.tied = f.tied, shape.sub_norms = f.sub_norms;
  Checkpoint out = testing::TinyCheckpoint(shape);
  json& c = out.config;
  c["rope_theta"] = f.rope_theta;
  c["rms_norm_eps"] = f.norm_eps;
  c["hidden_act"] = f.activation == kRelu2 ? "relu2" : "silu";
  if (f.weights == kReciprocal) {
    c["model_type"] = "llama";
    c["architectures"] = {"LlamaForCausalLM"};
    c["quantization_config"] = {{"quant_method", "bitnet"}, {"modules_to_not_convert", nullptr}};
  } else if (f.weights == kMasters && f.activation == kRelu2) {
    c["architectures"] = {"BitNetForCausalLM"};
    c["quantization_config"]["quantization_mode"] = "online";
  } else if (f.weights == kMasters) {
    c["model_type"] = "llama";
    c["architectures"] = {"BitnetForCausalLM"};
    c["weight_bits"] = 1, c["input_bits"] = 8;
    c.erase("quantization_config");
    c.erase("head_dim");
    UseOldNames(out);
  }
  if (f.weights == kMasters) UseMasters(out);
  for (auto& tensor : out.file.tensors) {
    if (tensor.name.ends_with("weight_scale")) tensor.bytes = testing::Bf16(kStoredScale);
  }
  return out;
}

class FamilyTest : public ::testing::TestWithParam<Family> {
 protected:
  FamilyTest() { WriteCheckpoint(MakeCheckpoint(GetParam()), folder_); }

  TempFolder folder_;
};

TEST_P(FamilyTest, LoadsAsPublished) {
  const Family& f = GetParam();
  const auto model = LoadModel(folder_.path().string());
  ASSERT_TRUE(model.has_value()) << model.error().message;
  const ModelConfig& c = model->config;
  EXPECT_EQ(c.head_dim, int(f.head_dim));
  EXPECT_EQ(c.heads, int(f.heads));
  EXPECT_EQ(c.kv_heads, int(f.kv_heads));
  EXPECT_EQ(c.activation, f.activation);
  EXPECT_EQ(c.tied_head, f.tied);
  EXPECT_EQ(c.sub_norms, f.sub_norms);
  EXPECT_EQ(float(c.rope_theta), float(f.rope_theta));
  EXPECT_EQ(float(c.norm_eps), float(f.norm_eps));
  EXPECT_EQ(model->layers[0].attn_sub_norm.size(), f.sub_norms ? f.heads * f.head_dim : 0);
  const float scales[] = {kStoredScale, 1.0f / kStoredScale, 0};
  const LayerWeights& w = model->layers[0];
  int first = 0;
  for (const TernaryMatrix* m : {&w.q, &w.k, &w.v, &w.o, &w.gate, &w.up, &w.down}) {
    double sum = 0;
    int wrong = 0;
    for (int r = 0; r < m->rows(); ++r) {
      for (int col = 0; col < m->cols(); ++col) {
        const int trit = (r * m->cols() + col + first) % 3 - 1;
        wrong += m->trit(r, col) != trit;
        sum += kMaster * double(trit != 0);
      }
    }
    EXPECT_EQ(wrong, 0) << "matrix " << first;
    const float absmean = float(sum / (double(m->rows()) * m->cols()));
    EXPECT_EQ(m->scale(), f.weights == kMasters ? absmean : scales[int(f.weights)]);
    ++first;
  }
}

TEST_P(FamilyTest, GoesRoundEveryFormatThatHoldsItsShape) {
  const Family& f = GetParam();
  const std::string in = folder_.path().string();
  const auto model = LoadModel(in);
  ASSERT_TRUE(model.has_value()) << model.error().message;
  const TempFolder out;
  const bool tq = f.heads * f.head_dim % 256 == 0 && f.ffn % 256 == 0;
  for (const std::string type : {"safetensors", "I2_S", "TQ1_0", "TQ2_0"}) {
    const std::string path = out.path() / (type == "safetensors" ? type : type + ".gguf");
    const auto report = ConvertModel(in, path, {.type = type});
    if (type.starts_with("TQ") && !tq) {
      ASSERT_FALSE(report.has_value());
      EXPECT_THAT(report.error().message, HasSubstr("columns must be a multiple of 256"));
      continue;
    }
    ASSERT_TRUE(report.has_value()) << report.error().message;
    const auto back = LoadModel(path);
    ASSERT_TRUE(back.has_value()) << back.error().message;
    testing::ExpectSameWeights(*model, *back);
    EXPECT_EQ(back->config.head_dim, int(f.head_dim));
    EXPECT_EQ(back->config.activation, f.activation);
    EXPECT_EQ(back->config.rope_theta, model->config.rope_theta);
    EXPECT_EQ(float(back->config.norm_eps), float(model->config.norm_eps));
  }
}

INSTANTIATE_TEST_SUITE_P(Families, FamilyTest, ::testing::ValuesIn(kFamilies));

}  // namespace
}  // namespace ternfab
