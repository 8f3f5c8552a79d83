// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "models/byte_level.h"
#include "models/model.h"
#include "models/pre_tokenizer.h"
#include "models/tokenizer.h"

namespace ternfab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Pieces = std::vector<std::string>;

Pieces Split(const char* pre, const std::string& text) {
  std::vector<std::string_view> pieces;
  const auto split = PreTokenizer::Make(pre)->Split(text, pieces);
  EXPECT_TRUE(split.has_value());
  return Pieces(pieces.begin(), pieces.end());
}

TEST(PreTokenizer, Gpt2) {
  EXPECT_THAT(Split("gpt-2", "Hello  world's 12345!?\n\n x"),
              ElementsAre("Hello", " ", " world", "'s", " 12345", "!?", "\n\n", " x"));
  EXPECT_THAT(Split("gpt-2", "a\nb  "), ElementsAre("a", "\n", "b", "  "));
  EXPECT_THAT(Split("gpt-2", "été Ωmega١٢"), ElementsAre("été", " Ωmega", "١٢"));
  EXPECT_THAT(Split("gpt-2", "I'LL"), ElementsAre("I", "'", "LL"));
  EXPECT_TRUE(Split("gpt-2", "").empty());
}

TEST(PreTokenizer, LlamaBpe) {
  for (const char* name : {"llama-bpe", "llama3", "llama-v3", "falcon3"}) {
    EXPECT_THAT(Split(name, "Hello  world'S 12345!?\n\n x"),
                ElementsAre("Hello", " ", " world", "'S", " ", "123", "45", "!?\n\n", " x"));
    EXPECT_THAT(Split(name, "a\nb \n c(d"), ElementsAre("a", "\n", "b", " \n", " c", "(d"));
    EXPECT_THAT(Split(name, "\tx   "), ElementsAre("\tx", "   "));
  }
}

TEST(PreTokenizer, DefaultCutsPunctuationAndTriplesOfDigits) {
  EXPECT_THAT(Split("default", "Pi = 3.14159, ok"),
              ElementsAre("Pi", " ", "=", " ", "3", ".", "141", "59", ",", " ok"));
}

TEST(PreTokenizer, NoBytesAreLost) {
  std::mt19937 random(4);
  const char* parts[] = {"a", "Z", "'s", " ", "  ", "\n",     "\r\n",  "\t",
                         "7", "é", "漢", "😀", "!",  "\u00a0", "\u0301"};
  for (const char* pre : {"gpt-2", "llama-bpe", "default"}) {
    for (int i = 0; i < 200; ++i) {
      std::string text, joined;
      for (int j = 0; j < 30; ++j) text += parts[random() % std::size(parts)];
      for (const std::string& piece : Split(pre, text)) joined += piece;
      EXPECT_EQ(joined, text);
    }
  }
}

TEST(PreTokenizer, UnknownNamesAreRefused) {
  EXPECT_THAT(PreTokenizer::Make("qwen2").error().message, HasSubstr("qwen2: must be gpt-2"));
}

TEST(ByteLevel, MapsTheKnownCharacters) {
  EXPECT_EQ(BytesFromByteLevel("Ġthe"), " the");
  EXPECT_EQ(BytesFromByteLevel("ĊĉĀ"), std::string("\n\t\0", 3));
  EXPECT_EQ(BytesFromByteLevel("Ã©"), "é");
  EXPECT_EQ(BytesFromByteLevel("Ń"), "\xad");  // the last of the 68
  EXPECT_EQ(BytesFromByteLevel("ń"), std::nullopt);
  EXPECT_EQ(BytesFromByteLevel("a b"), std::nullopt);
  EXPECT_EQ(BytesFromByteLevel("\xff"), std::nullopt);
}

TEST(ByteLevel, FindsInvalidUtf8) {
  EXPECT_EQ(FindInvalidUtf8("aé漢😀\U0010FFFF\u0080\u0800\U00010000"), std::nullopt);
  for (const char* bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe6\xbc",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3\xc3"}) {
    EXPECT_EQ(FindInvalidUtf8(std::string("ab") + bad), 2u) << bad;
  }
}

BpeData Letters() {
  BpeData data;
  data.pre = "gpt-2";
  data.tokens = {"a", "b", "c", "Ġ", "ab", "abc", "bc", "<s>", "[X]", "Ġa"};
  data.token_type = {1, 1, 1, 1, 1, 1, 1, 3, 4, 1};
  data.merges = {"b c", "a b", "ab c", "Ġ a"};
  data.bos = 7;
  return data;
}

std::vector<int> Encode(const BpeData& data, std::string_view text) {
  const auto ids = (*MakeBpeTokenizer(data))->Encode(text);
  EXPECT_TRUE(ids.has_value()) << ids.error().message;
  return ids.value_or(std::vector<int>{});
}

TEST(BpeTokenizer, MergesByRankThenFromTheLeft) {
  EXPECT_THAT(Encode(Letters(), "abc"), ElementsAre(0, 6));  // "b c" comes before "a b"
  EXPECT_THAT(Encode(Letters(), "ab"), ElementsAre(4));
  EXPECT_THAT(Encode(Letters(), "abab abc"), ElementsAre(4, 4, 9, 6));
  BpeData repeated = Letters();
  repeated.tokens.push_back("aa");
  repeated.token_type.push_back(1);
  repeated.merges = {"a a"};
  EXPECT_THAT(Encode(repeated, "aaa"), ElementsAre(10, 0));
  EXPECT_THAT(Encode(repeated, "aaaaa"), ElementsAre(10, 10, 0));
}

TEST(BpeTokenizer, LlamaTakesWholePiecesWithoutMerging) {
  BpeData data = Letters();
  data.pre = "llama-bpe";
  EXPECT_THAT(Encode(data, "abc"), ElementsAre(5));
  EXPECT_THAT(Encode(data, "abcb"), ElementsAre(0, 6, 1));
}

TEST(BpeTokenizer, BosComesFirstWhenAsked) {
  BpeData data = Letters();
  data.add_bos = true;
  EXPECT_THAT(Encode(data, "c"), ElementsAre(7, 2));
  EXPECT_THAT(Encode(data, ""), ElementsAre(7));
  data.bos.reset();
  EXPECT_FALSE((*MakeBpeTokenizer(data))->add_bos());
}

TEST(BpeTokenizer, ControlTokensAreNotMatchedInText) {
  BpeData data = Letters();
  for (const char* c : {"<", "s", ">"}) data.tokens.push_back(c), data.token_type.push_back(1);
  EXPECT_THAT(Encode(data, "<s>"), ElementsAre(10, 11, 12));
  data.pre = "llama-bpe";  // not even as a whole piece
  data.tokens[7] = "s";
  EXPECT_THAT(Encode(data, "s"), ElementsAre(11));
}

TEST(BpeTokenizer, UserDefinedTokensAreCutOutLongestFirst) {
  BpeData data = Letters();
  data.tokens.push_back("[X][X]");
  data.token_type.push_back(4);
  EXPECT_THAT(Encode(data, "a[X]b"), ElementsAre(0, 8, 1));
  EXPECT_THAT(Encode(data, "[X][X][X]"), ElementsAre(10, 8));
  EXPECT_EQ((*MakeBpeTokenizer(data))->Decode({0, 8, 7, 1}), "a[X]b");
}

TEST(BpeTokenizer, MergesToNoTokenFallBackToBytes) {
  BpeData data = Letters();
  data.merges = {"c a", "ca b"};  // neither "ca" nor "cab" is a token
  EXPECT_THAT(Encode(data, "cab"), ElementsAre(2, 0, 1));
}

TEST(BpeTokenizer, TokenBytesAreTheBytes) {
  const auto tokenizer = *MakeBpeTokenizer(Letters());
  EXPECT_EQ(tokenizer->TokenBytes(9), " a");
  EXPECT_EQ(tokenizer->TokenBytes(7), "");
  EXPECT_EQ(tokenizer->TokenBytes(-1), "");
  EXPECT_EQ(tokenizer->TokenBytes(10), "");
}

TEST(BpeTokenizer, BadInputIsAnError) {
  const auto tokenizer = *MakeBpeTokenizer(Letters());
  EXPECT_EQ(tokenizer->Encode("ab\xff").error().message, "text: byte 2: must be valid UTF-8");
  EXPECT_THAT(tokenizer->Encode("x").error().message, HasSubstr("byte 0x78"));
}

TEST(BpeTokenizer, BadDataIsRefused) {
  const auto message = [](auto spoil) {
    BpeData data = Letters();
    spoil(data);
    const auto made = MakeBpeTokenizer(data);
    return made ? std::string() : made.error().message;
  };
  EXPECT_THAT(message([](auto& d) { d.pre = "bert"; }), HasSubstr("bert"));
  EXPECT_THAT(message([](auto& d) { d.merges[1] = "ab"; }), HasSubstr("element 1 = ab"));
  EXPECT_THAT(message([](auto& d) { d.merges[1] = ""; }), HasSubstr("element 1 = :"));
  EXPECT_THAT(message([](auto& d) { d.merges[1] = "a "; }), HasSubstr("element 1 = a :"));
  EXPECT_THAT(message([](auto& d) { d.token_type.pop_back(); }), HasSubstr("9 elements"));
  EXPECT_THAT(message([](auto& d) { d.token_type[0] = 9; }), HasSubstr("element 0 = 9"));
  EXPECT_THAT(message([](auto& d) { d.eos = 10; }), HasSubstr("eos_token_id = 10"));
}

// The plain algorithm on strings: again and again join the pair of best rank.
std::vector<std::string> PlainBpe(const BpeData& data, const std::string& piece) {
  std::map<std::pair<std::string, std::string>, size_t> ranks;
  for (size_t i = 0; i < data.merges.size(); ++i) {
    const std::string& line = data.merges[i];
    const size_t space = line.find(' ');
    ranks.emplace(std::pair(*BytesFromByteLevel(line.substr(0, space)),
                            *BytesFromByteLevel(line.substr(space + 1))),
                  i);
  }
  std::vector<std::string> parts;
  for (const char c : piece) parts.emplace_back(1, c);
  while (true) {
    size_t best = ranks.size(), where = 0;
    for (size_t i = 0; i + 1 < parts.size(); ++i) {
      const auto it = ranks.find({parts[i], parts[i + 1]});
      if (it != ranks.end() && it->second < best) best = it->second, where = i;
    }
    if (best == ranks.size()) return parts;
    parts[where] += parts[where + 1];
    parts.erase(parts.begin() + where + 1);
  }
}

TEST(BpeTokenizer, AgreesWithThePlainAlgorithmOnATrainedVocabulary) {
  const Model model = *LoadGguf(TF_TEST_DATA "/shortT/model-I2_S.gguf");
  const BpeData& data = *model.tokenizer->bpe();
  std::mt19937 random(5);
  for (int i = 0; i < 20; ++i) {
    // Tokens joined at random make pieces with many competing merges.
    std::string text;
    for (int j = 0; j < 30; ++j) text += model.tokenizer->TokenBytes(int(random() % 1020));
    std::vector<std::string> expected, got;
    for (const std::string& piece : Split("gpt-2", text)) {
      for (std::string& part : PlainBpe(data, piece)) expected.push_back(std::move(part));
    }
    const auto ids = model.tokenizer->Encode(text);
    ASSERT_TRUE(ids.has_value()) << ids.error().message;
    for (const int id : *ids) got.push_back(model.tokenizer->TokenBytes(id));
    EXPECT_EQ(got, expected);
  }
}

TEST(BpeTokenizer, EncodesTheReferencePrompt) {
  const Model model = *LoadGguf(TF_TEST_DATA "/shortT/model-I2_S.gguf");
  const auto reference =
      nlohmann::json::parse(std::ifstream(TF_TEST_DATA "/shortT/reference.json"));
  std::vector<int> ids = reference["greedy_from_first_12"];
  ids.resize(14);
  EXPECT_EQ(*model.tokenizer->Encode("Once upon a time there was a king who had been a"), ids);
}

TEST(BpeTokenizer, LongPiecesTakeNoQuadraticTime) {
  const std::string text(1 << 20, 'a');
  BpeData data = Letters();
  data.tokens.push_back("aa");
  data.token_type.push_back(1);
  data.merges = {"a a"};
  EXPECT_EQ(Encode(data, text).size(), text.size() / 2);
}

}  // namespace
}  // namespace ternfab
