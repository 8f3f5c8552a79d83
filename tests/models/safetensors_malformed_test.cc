// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "models/model.h"
#include "models/safetensors_reader.h"
#include "tests/models/safetensors_builder.h"

namespace ternfab {
namespace {

using nlohmann::json;
using testing::Checkpoint;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Raw;
using testing::SafetensorsBytes;
using testing::TempFolder;
using testing::TinyCheckpoint;

Checkpoint SmallCheckpoint() {
  testing::TinyShape shape;
  shape.layers = 1;
  return TinyCheckpoint(shape);
}

void ExpectOneLine(const Error& error, const TempFolder& folder) {
  EXPECT_THAT(error.message, HasSubstr(folder.path().string()));
  EXPECT_THAT(error.message, Not(HasSubstr("\n")));
}

struct Case {
  const char* message;
  std::function<void(Checkpoint&)> spoil;
};

void ExpectRefusals(const std::vector<Case>& cases) {
  for (const Case& test : cases) {
    Checkpoint checkpoint = SmallCheckpoint();
    test.spoil(checkpoint);
    const TempFolder folder;
    WriteCheckpoint(checkpoint, folder);
    const auto model = LoadModel(folder.path().string());
    ASSERT_FALSE(model.has_value()) << test.message;
    ExpectOneLine(model.error(), folder);
    EXPECT_THAT(model.error().message, HasSubstr(test.message));
  }
}

TEST(MalformedSafetensors, TheCheckpointTheyAreMadeFromIsGood) {
  const TempFolder folder;
  WriteCheckpoint(SmallCheckpoint(), folder);
  const auto model = LoadModel(folder.path().string());
  EXPECT_TRUE(model.has_value()) << model.error().message;
}

TEST(MalformedSafetensors, EveryTruncationIsAnError) {
  const TempFolder folder;
  WriteCheckpoint(SmallCheckpoint(), folder);
  const auto path = folder.path() / "model.safetensors";
  for (size_t size = std::filesystem::file_size(path); size-- > 0;) {
    std::filesystem::resize_file(path, size);
    const auto model = LoadModel(folder.path().string());
    ASSERT_FALSE(model.has_value()) << size;
    ExpectOneLine(model.error(), folder);
  }
}

TEST(MalformedSafetensors, NoHeaderByteCanCrashIt) {
  const std::string good = SmallCheckpoint().file.Bytes();
  const TempFolder folder;
  WriteCheckpoint(SmallCheckpoint(), folder);
  const size_t header = good.find("\"model.layers.0.mlp.up_proj.weight\"");
  ASSERT_NE(header, std::string::npos);
  for (size_t i = 0; i < header; ++i) {
    for (const int value : {0x00, good[i] ^ 1, int('"'), int('{'), int(']'), int('9'), 0xff}) {
      std::string bad = good;
      bad[i] = char(value);
      const auto map =
          ParseSafetensors(folder.path().string(), MappedFile::FromBytes({bad.begin(), bad.end()}));
      if (!map) ExpectOneLine(map.error(), folder);
    }
  }
}

TEST(MalformedSafetensors, HeaderRulesAreNamed) {
  const TempFolder folder;
  WriteCheckpoint(SmallCheckpoint(), folder);
  const auto error = [&](const std::string& bytes) {
    folder.Write("model.safetensors", bytes);
    const auto model = LoadModel(folder.path().string());
    if (!model) ExpectOneLine(model.error(), folder);
    return model ? "loaded" : model.error().message;
  };
  EXPECT_THAT(error(""), HasSubstr("header: the file ends here"));
  EXPECT_THAT(error(Raw(~uint64_t(0)) + "{}"),
              HasSubstr("header of 18446744073709551615 bytes: must be at most 100000000"));
  EXPECT_THAT(error(Raw(uint64_t(3)) + "{}"), HasSubstr("and 2 are left"));
  EXPECT_THAT(error(SafetensorsBytes("", "")), HasSubstr("header: byte"));
  EXPECT_THAT(error(SafetensorsBytes("[]", "")), HasSubstr("header: must be a JSON object"));
  EXPECT_THAT(error(SafetensorsBytes("{\"a\":", "")), HasSubstr("no valid JSON"));
  EXPECT_THAT(error(SafetensorsBytes("{} x", "")), HasSubstr("no valid JSON"));
  EXPECT_THAT(error(SafetensorsBytes("{\"a\\n\":1}", "")),
              HasSubstr("tensor a\\x0a: must be an object"));
  EXPECT_THAT(error(SafetensorsBytes("{\"a\":" + std::string(100000, '['), "")),
              HasSubstr("must have at most 32 levels"));
  EXPECT_THAT(error(SafetensorsBytes("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", "")),
              HasSubstr("key dtype: must appear once"));
  EXPECT_THAT(error(SafetensorsBytes("{}  ", "")),
              HasSubstr("tensor model.embed_tokens.weight: missing"));
}

// Read as it is, each of these values would take 16 bytes or more for the two of its text.
TEST(MalformedSafetensors, AHeaderOfMillionsOfValuesIsRefusedBeforeItIsRead) {
  std::string values;
  for (int i = 0; i < 1 << 20; ++i) values += "0,";
  for (const char* header : {"{\"a\":{\"shape\":[%0]}}", "{\"__metadata__\":{\"x\":[%0]}}"}) {
    std::string text = header;
    text.replace(text.find('%'), 1, values);
    const std::string bytes = SafetensorsBytes(text, "");
    const auto map = ParseSafetensors("x", MappedFile::FromBytes({bytes.begin(), bytes.end()}));
    ASSERT_FALSE(map.has_value());
    EXPECT_EQ(map.error().message, "x: header: must have at most 1048576 values");
  }
}

TEST(MalformedSafetensors, TensorRulesAreNamed) {
  static const std::string kQ = "model.layers.0.self_attn.q_proj.weight";
  ExpectRefusals({
      {"tensor model.layers.0.self_attn.q_proj.weight: missing", [](auto& c) { c.file.Drop(kQ); }},
      {"key model.norm.weight: must appear once",
       [](auto& c) { c.file.tensors.push_back(c.file.Find("model.norm.weight")); }},
      {"dtype F8_E4M3: must be BOOL", [](auto& c) { c.file.Find(kQ).dtype = "F8_E4M3"; }},
      {"shape: dimension 0: must be an integer from 1",
       [](auto& c) { c.file.Find(kQ).shape[0] = 0; }},
      {"shape: dimension 1: must be an integer from 1",
       [](auto& c) { c.file.Find(kQ).shape[1] = -1; }},
      {"shape: dimension 0: must be an integer from 1 to 2147483647",
       [](auto& c) { c.file.Find(kQ).shape[0] = int64_t(1) << 40; }},
      {"more than 281474976710656 elements",
       [](auto& c) {
         c.file.Find(kQ).shape = {1 << 30, 1 << 30, 1 << 30};
       }},
      {"must be a list of at most 8 dimensions",
       [](auto& c) { c.file.Find(kQ).shape.assign(9, 1); }},
      {"data_offsets 5 to 4: the file holds",
       [](auto& c) { c.file.Find(kQ).begin = 5, c.file.Find(kQ).end = 4; }},
      {"data_offsets 1099511627776 to", [](auto& c) { c.file.Find(kQ).begin = int64_t(1) << 40; }},
      {"must be 256 bytes apart", [](auto& c) { c.file.Find(kQ).end = 3000; }},
      {"data_offsets: must be two integers from 0",
       [](auto& c) { c.file.Find(kQ).begin = 5, c.file.Find(kQ).end = -251; }},
      {"tensors model.embed_tokens.weight and model.layers.0.self_attn.q_proj.weight: must not",
       [](auto& c) { c.file.Find(kQ).begin = 0; }},
      {"tensor model.layers.0.self_attn.q_proj.weight: shape 16 x 16: must be 8 x 32",
       [](auto& c) {
         c.file.Find(kQ).shape = {16, 16};
       }},
      {"tensor model.layers.0.self_attn.q_proj.bias: not part of",
       [](auto& c) {
         c.file.tensors.push_back({"model.layers.0.self_attn.q_proj.bias", "F32", {1}, Raw(1.0f)});
       }},
      {"tensor model.layers.1.mlp.up_proj.weight: not part of",
       [](auto& c) {
         c.file.tensors.push_back(c.file.Find("model.layers.0.mlp.up_proj.weight"));
         c.file.tensors.back().name = "model.layers.1.mlp.up_proj.weight";
       }},
  });
}

TEST(MalformedSafetensors, WrongTypesAndValuesAreNamed) {
  static const std::string kQ = "model.layers.0.self_attn.q_proj.weight";
  ExpectRefusals({
      {"q_proj.weight: type I8: must be U8 (packed)",
       [](auto& c) { c.file.Find(kQ).dtype = "I8"; }},
      {"tensor model.embed_tokens.weight: type I32: must be F32, F16 or BF16",
       [](auto& c) { c.file.Find("model.embed_tokens.weight").dtype = "I32"; }},
      {"tensor model.norm.weight: infinity or NaN",
       [](auto& c) { c.file.Find("model.norm.weight").bytes.replace(8, 4, Raw(0x7f800000)); }},
      {"tensor model.embed_tokens.weight: infinity or NaN",
       [](auto& c) { c.file.Find("model.embed_tokens.weight").bytes.replace(1532, 4, Raw(~0)); }},
      {"q_proj.weight: byte 5: code 3", [](auto& c) { c.file.Find(kQ).bytes[5] = char(0xc0); }},
      {"q_proj.weight_scale: infinity or NaN",
       [](auto& c) { c.file.Find(kQ + "_scale").bytes = Raw(uint16_t(0x7fc0)); }},
      {"q_proj.weight_scale: missing", [](auto& c) { c.file.Drop(kQ + "_scale"); }},
      {"q_proj.weight_scale = 0: its reciprocal must be finite",
       [](auto& c) {
         c.config["quantization_config"]["linear_class"] = "bitlinear";
         c.file.Find(kQ + "_scale").bytes = std::string(2, '\0');
       }},
      {"q_proj.weight: shape 8 x 32: must be 32 x 32",
       [](auto& c) { c.config.erase("quantization_config"); }},
  });
}

TEST(MalformedSafetensors, ConfigurationRulesAreNamed) {
  const auto set = [](const char* key, json value) {
    return [key, value](Checkpoint& c) { c.config[key] = value; };
  };
  const auto quantization = [](const char* key, json value) {
    return [key, value](Checkpoint& c) { c.config["quantization_config"][key] = value; };
  };
  ExpectRefusals({
      {"hidden_size: missing", [](auto& c) { c.config.erase("hidden_size"); }},
      {"hidden_size = -1: must be an integer", set("hidden_size", -1)},
      {"hidden_size = 1.5: must be an integer", set("hidden_size", 1.5)},
      {"hidden_size = \"x\\ny\": must be an integer", set("hidden_size", "x\x0ay")},
      {"hidden_size = 18446744073709551615: must be", set("hidden_size", ~uint64_t(0))},
      {"layers = 2147483647: must be 1 to 1024", set("num_hidden_layers", 2147483647)},
      {"tensor model.layers.1.input_layernorm.weight: missing", set("num_hidden_layers", 2)},
      {"num_attention_heads = 0: must divide",
       [](auto& c) {
         c.config["num_attention_heads"] = 0;
         c.config.erase("head_dim");
       }},
      {"kv_heads = 3: must divide heads = 4", set("num_key_value_heads", 3)},
      {"head_dim = 7: must be even", set("head_dim", 7)},
      {"tensor model.embed_tokens.weight: shape 12 x 32: must be 13 x 32", set("vocab_size", 13)},
      {"rms_norm_eps: must be a number", set("rms_norm_eps", "1e-5")},
      {"norm_eps = 0: must be finite", set("rms_norm_eps", 0)},
      {"rope_theta = inf: must be finite", set("rope_theta", 1e300)},
      {"rope_scaling: type llama3: scaled RoPE is not supported",
       set("rope_scaling", {{"rope_type", "llama3"}, {"factor", 8.0}})},
      {"hidden_act = gelu: must be relu2 or silu", set("hidden_act", "gelu")},
      {"model_type = qwen2: must be bitnet or llama", set("model_type", "qwen2")},
      {"attention_bias = true: biases are not supported", set("attention_bias", true)},
      {"tie_word_embeddings: must be true or false", set("tie_word_embeddings", 1)},
      {"tensor lm_head.weight: missing", set("tie_word_embeddings", false)},
      {"quantization_config: must be an object", set("quantization_config", "bitnet")},
      {"quant_method = gptq: must be bitnet", quantization("quant_method", "gptq")},
      {"linear_class = linear: must be bitlinear", quantization("linear_class", "linear")},
      {"quantization_mode = later: must be offline", quantization("quantization_mode", "later")},
      {"use_rms_norm = true: norms inside layers", quantization("use_rms_norm", true)},
      {"modules_to_not_convert: \"v_proj\": only lm_head",
       quantization("modules_to_not_convert", {"lm_head", "v_proj"})},
  });
}

TEST(MalformedSafetensors, AFolderNeedsItsConfiguration) {
  const TempFolder folder;
  folder.Write("model.safetensors", SmallCheckpoint().file.Bytes());
  const auto error = [&] { return LoadModel(folder.path().string()).error().message; };
  EXPECT_THAT(error(), HasSubstr("config.json: No such file"));
  folder.Write("config.json", "{");
  EXPECT_THAT(error(), HasSubstr("config.json: byte"));
  folder.Write("model.gguf", "GGUF");
  EXPECT_THAT(error(), HasSubstr("holds 1 .gguf files, 1 .safetensors files and 0 indices"));
}

}  // namespace
}  // namespace ternfab
