// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "common/printable.h"
#include "models/gguf_reader.h"
#include "models/model.h"
#include "tests/models/gguf_builder.h"

namespace ternfab {
namespace {

using testing::GgufBuilder;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Raw;
using testing::RawString;
using testing::TempFile;
using testing::TinyModel;

void ExpectOneLine(const Error& error, const TempFile& file) {
  EXPECT_THAT(error.message, HasSubstr(file.path().string()));
  EXPECT_THAT(error.message, Not(HasSubstr("\n")));
}

GgufBuilder SmallFile() {
  testing::TinyShape shape;
  shape.layers = 1;
  GgufBuilder file = TinyModel(shape);
  file.Str("tokenizer.ggml.model", "gpt2");
  file.Str("tokenizer.ggml.pre", "gpt-2");
  file.Strings("tokenizer.ggml.tokens", {"a", "b", "ab"});
  file.Strings("tokenizer.ggml.merges", {"a b"});
  file.Ints("tokenizer.ggml.token_type", {1, 1, 1});
  return file;
}

TEST(MalformedGguf, TheFileTheyAreMadeFromIsGood) {
  const TempFile file(SmallFile().Bytes());
  const auto model = LoadGguf(file.path());
  ASSERT_TRUE(model.has_value()) << model.error().message;
  EXPECT_NE(model->tokenizer, nullptr) << model->tokenizer_error;
}

TEST(MalformedGguf, EveryTruncationIsAnError) {
  const std::string bytes = SmallFile().Bytes();
  const TempFile file(bytes);
  for (size_t size = bytes.size(); size-- > 0;) {
    std::filesystem::resize_file(file.path(), size);
    const auto model = LoadGguf(file.path());
    ASSERT_FALSE(model.has_value()) << size;
    ExpectOneLine(model.error(), file);
  }
}

TEST(MalformedGguf, NoHeaderByteCanCrashIt) {
  size_t header = 0;
  const std::string good = SmallFile().Bytes(&header);
  const TempFile file(good);
  for (size_t i = 0; i < header; ++i) {
    for (const int value : {0x00, good[i] ^ 1, 0x7f, 0x80, 0xff}) {
      file.Patch(i, std::string(1, char(value)));
      const auto model = LoadGguf(file.path());
      if (!model) ExpectOneLine(model.error(), file);
    }
    file.Patch(i, good.substr(i, 1));
  }
  EXPECT_TRUE(LoadGguf(file.path()).has_value());
}

TEST(MalformedGguf, NoHeaderNumberCanCrashIt) {
  size_t header = 0;
  const std::string good = SmallFile().Bytes(&header);
  const TempFile file(good);
  for (size_t i = 0; i + 8 <= header; ++i) {
    for (const uint64_t value : {~uint64_t(0), ~uint64_t(0) >> 1, uint64_t(1) << 32,
                                 ~uint64_t(0) - 31, uint64_t(1) << 61}) {
      file.Patch(i, Raw(value));
      const auto model = LoadGguf(file.path());
      if (!model) ExpectOneLine(model.error(), file);
    }
    file.Patch(i, good.substr(i, 8));
  }
  EXPECT_TRUE(LoadGguf(file.path()).has_value());
}

struct Case {
  const char* message;
  std::function<void(GgufBuilder&)> spoil;
};

void ExpectRefusals(const std::vector<Case>& cases) {
  for (const Case& test : cases) {
    GgufBuilder builder = SmallFile();
    test.spoil(builder);
    const TempFile file(builder.Bytes());
    const auto model = LoadGguf(file.path());
    ASSERT_FALSE(model.has_value()) << test.message;
    ExpectOneLine(model.error(), file);
    EXPECT_THAT(model.error().message, HasSubstr(test.message));
  }
}

TEST(MalformedGguf, HeaderRulesAreNamed) {
  ExpectRefusals({
      {"GGUF version 2: must be 3", [](auto& f) { f.version = 2; }},
      {"keys and 4611686018427387904 tensors: the file has only",
       [](auto& f) { f.tensor_count = int64_t(1) << 62; }},
      {"4611686018427387904 keys", [](auto& f) { f.key_count = int64_t(1) << 62; }},
      {"tensor ", [](auto& f) { f.tensor_count = 15; }},
      {"key general.name: must appear once", [](auto& f) { f.Str("general.name", "x"); }},
      {"value type 13: must be 0 to 12",
       [](auto& f) {
         f.keys.push_back({"odd", 13, "xxxx"});
       }},
      {"key odd: array of type 9: must be of numbers, bools or strings",
       [](auto& f) {
         f.keys.push_back({"odd", 9, Raw(uint32_t(9)) + Raw(uint64_t(1))});
       }},
      {"key odd: array of 1152921504606846976 elements: only",
       [](auto& f) {
         f.keys.push_back({"odd", 9, Raw(uint32_t(10)) + Raw(uint64_t(1) << 60)});
       }},
      {"key odd: string of 9223372036854775807 bytes: ",
       [](auto& f) {
         f.keys.push_back({"odd", 8, Raw(~uint64_t(0) >> 1)});
       }},
      {"general.alignment = 24: must be a power of two",
       [](auto& f) { f.U32("general.alignment", 24); }},
      {"general.alignment = 0: must be", [](auto& f) { f.U32("general.alignment", 0); }},
      {"key \\x0a\\xff: value type",
       [](auto& f) {
         f.keys.push_back({"\n\xff", 99, ""});
       }},
  });
  const TempFile text("hello, this is no GGUF file");
  EXPECT_THAT(LoadGguf(text.path()).error().message, HasSubstr("not a GGUF file"));
  const TempFile empty("");
  EXPECT_THAT(LoadGguf(empty.path()).error().message, HasSubstr("not a GGUF file"));
}

TEST(MalformedGguf, TensorRulesAreNamed) {
  constexpr char kQ[] = "blk.0.attn_q.weight";
  ExpectRefusals({
      {"tensor blk.0.attn_q.weight: 0 dimensions: must be 1 to 4",
       [=](auto& f) { f.FindTensor(kQ).dims = {}; }},
      {"5 dimensions",
       [=](auto& f) {
         f.FindTensor(kQ).dims = {1, 1, 1, 1, 1};
       }},
      {"dimension 1 = 0: must be 1", [=](auto& f) { f.FindTensor(kQ).dims[1] = 0; }},
      {"dimension 0 = 4294967296: must be",
       [=](auto& f) { f.FindTensor(kQ).dims[0] = uint64_t(1) << 32; }},
      {"more than 281474976710656 elements",
       [=](auto& f) {
         f.FindTensor(kQ).dims = {1 << 30, 1 << 30, 1 << 30};
       }},
      {"type 38: must be F32", [=](auto& f) { f.FindTensor(kQ).type = 38; }},
      {"dimension 0 = 32: must be a multiple of 256 (TQ1_0)",
       [=](auto& f) { f.FindTensor(kQ).type = 34; }},
      {"must appear once", [=](auto& f) { f.FindTensor("blk.0.attn_k.weight").name = kQ; }},
      {"offset 16: must be a multiple of 32", [=](auto& f) { f.FindTensor(kQ).offset = 16; }},
      {"at offset 1099511627776: the file holds",
       [=](auto& f) { f.FindTensor(kQ).offset = int64_t(1) << 40; }},
      {"tensors token_embd.weight and blk.0.attn_q.weight: must not overlap",
       [=](auto& f) { f.FindTensor(kQ).offset = 64; }},
      {"tensor blk.0.attn_q.weight: missing", [=](auto& f) { f.Drop(kQ); }},
      {"tensor blk.0.ffn_sub_norm.weight: missing",
       [](auto& f) { f.Drop("blk.0.ffn_sub_norm.weight"); }},
      {"tensor token_embd.weight: missing", [](auto& f) { f.Drop("token_embd.weight"); }},
      {"tensor blk.0.attn_q.weight: shape 16 x 64: must be 32 x 32",
       [=](auto& f) {
         f.FindTensor(kQ).dims = {16, 64};
       }},
      {"tensor rope_freqs.weight: not part of",
       [](auto& f) {
         f.tensors.push_back({"rope_freqs.weight", {1}, 0, Raw(1.0f)});
       }},
      {"tensor blk.1.attn_q.weight: not part of",
       [=](auto& f) {
         f.tensors.push_back(f.FindTensor(kQ));
         f.tensors.back().name[4] = '1';
       }},
  });
}

TEST(MalformedGguf, WrongTypesAndValuesAreNamed) {
  constexpr char kQ[] = "blk.0.attn_q.weight";
  constexpr char kNorm[] = "blk.0.attn_norm.weight";
  const std::string a = "bitnet-b1.58.";
  ExpectRefusals({
      {"type F32: must be ternary",
       [=](auto& f) {
         f.FindTensor(kQ).type = 0;
         f.FindTensor(kQ).bytes.resize(4096);
       }},
      {"tensor token_embd.weight: type I2_S: must be F32",
       [](auto& f) { f.FindTensor("token_embd.weight").type = 36; }},
      {"tensor blk.0.attn_norm.weight: infinity or NaN",
       [=](auto& f) { f.FindTensor(kNorm).bytes.replace(8, 4, Raw(0x7f800000)); }},
      {"tensor blk.0.attn_q.weight: byte 5: code 3",
       [=](auto& f) { f.FindTensor(kQ).bytes[5] = char(0xc0); }},
      {"tensor blk.0.attn_q.weight: scale nan: must be finite",
       [=](auto& f) { f.FindTensor(kQ).bytes.replace(256, 4, Raw(0x7fc00000)); }},
      {"block_count: must be an integer",
       [=](auto& f) {
         f.Drop(a + "block_count");
         f.F32(a + "block_count", 1);
       }},
      {"block_count: missing", [=](auto& f) { f.Drop(a + "block_count"); }},
      {"block_count = 4294967295: must be 0 to 2^31 - 1",
       [=](auto& f) { f.FindKey(a + "block_count").value = Raw(~uint32_t(0)); }},
      {"layers = 2147483647: must be 1 to 1024",
       [=](auto& f) { f.FindKey(a + "block_count").value = Raw(~uint32_t(0) >> 1); }},
      {"attention.head_count = 0: must divide",
       [=](auto& f) { f.FindKey(a + "attention.head_count").value = Raw(uint32_t(0)); }},
      {"kv_heads = 3: must divide heads = 4",
       [=](auto& f) { f.FindKey(a + "attention.head_count_kv").value = Raw(uint32_t(3)); }},
      {"norm_eps = nan",
       [=](auto& f) { f.FindKey(a + "attention.layer_norm_rms_epsilon").value = Raw(0x7fc00000); }},
      {"general.architecture: missing", [](auto& f) { f.Drop("general.architecture"); }},
      {"general.architecture: must be a string",
       [](auto& f) {
         f.Drop("general.architecture");
         f.U32("general.architecture", 1);
       }},
  });
}

TEST(GgufFile, ReadsEveryValueType) {
  GgufBuilder b;
  b.keys = {{"u8", 0, Raw(uint8_t(200))},
            {"i8", 1, Raw(int8_t(-3))},
            {"u16", 2, Raw(uint16_t(60000))},
            {"i16", 3, Raw(int16_t(-300))},
            {"u32", 4, Raw(~uint32_t(0))},
            {"i32", 5, Raw(int32_t(-70000))},
            {"f32", 6, Raw(0.5f)},
            {"bool", 7, Raw(uint8_t(1))},
            {"str", 8, RawString("x y")},
            {"u64", 10, Raw(~uint64_t(0))},
            {"i64", 11, Raw(int64_t(-1) << 40)},
            {"f64", 12, Raw(0.1)}};
  b.Ints("ints", {1, -2});
  b.Strings("strings", {"", "b"});
  const TempFile temp(b.Bytes());
  const auto file = GgufFile::Open(temp.path());
  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_EQ(**file->FindInt("u8"), 200);
  EXPECT_EQ(**file->FindInt("i8"), -3);
  EXPECT_EQ(**file->FindInt("u16"), 60000);
  EXPECT_EQ(**file->FindInt("i16"), -300);
  EXPECT_EQ(**file->FindInt("u32"), 4294967295);
  EXPECT_EQ(**file->FindInt("i32"), -70000);
  EXPECT_EQ(**file->FindInt("i64"), int64_t(-1) << 40);
  EXPECT_FALSE(file->FindInt("u64").has_value());
  EXPECT_EQ(**file->FindFloat("f32"), 0.5);
  EXPECT_EQ(**file->FindFloat("f64"), 0.1);
  EXPECT_EQ(**file->FindBool("bool"), true);
  EXPECT_EQ(**file->FindString("str"), "x y");
  EXPECT_EQ(**file->FindInts("ints"), (std::vector<int>{1, -2}));
  EXPECT_EQ(**file->FindStrings("strings"), (std::vector<std::string>{"", "b"}));
  EXPECT_FALSE(file->FindInt("none")->has_value());
  EXPECT_FALSE(file->FindStrings("ints").has_value());
}

TEST(GgufFile, PrintableKeepsMessagesOnOneLine) {
  EXPECT_EQ(Printable("a\nb\x80"), "a\\x0ab\\x80");
  EXPECT_EQ(Printable(std::string(65, 'x')), std::string(64, 'x') + "...");
}

}  // namespace
}  // namespace ternfab
