// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>

#include "models/gguf_tokenizer.h"
#include "models/hf_tokenizer.h"
#include "models/proto_wire.h"
#include "models/sentencepiece_data.h"
#include "tests/common/temp_folder.h"
#include "tests/models/gguf_builder.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const fs::path kBpe = TF_TEST_DATA "/tokenizers/sentencepiece-bpe";

std::string ReadBytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

SentencePieceData Trained() { return *ParseSentencePiece(ReadBytes(kBpe / "tokenizer.model")); }

/// The ids of `text` without BOS.
std::vector<int> Part(const Tokenizer& tokenizer, std::string_view text,
                      ControlTokens control = ControlTokens::kAsText) {
  std::vector<int> ids;
  const auto status = tokenizer.EncodePart(text, control, ids);
  EXPECT_TRUE(status.has_value()) << status.error().message;
  return ids;
}

/// A vocabulary whose encodings can be worked out by hand.
SentencePieceData Letters() {
  SentencePieceData data;
  data.pieces = {
      {"<unk>", 0, kUnknownToken},  {"<s>", 0, kControlToken},    {"</s>", 0, kControlToken},
      {"ab", -1, kNormalToken},     {"bc", 0, kNormalToken},      {"abc", -2, kNormalToken},
      {"\u2581", -9, kNormalToken}, {"a", -9, kNormalToken},      {"b", -9, kNormalToken},
      {"c", -9, kNormalToken},      {"\u2581a", -3, kNormalToken}};
  data.bos = 1;
  data.eos = 2;
  data.add_bos = true;
  return data;
}

TEST(SentencePiece, MergesTheBestScoreFirst) {
  const auto tokenizer = *MakeSentencePieceTokenizer(Letters());
  // " abc": bc (0) before ab (-1); then "a" + "bc" makes abc (-2) before " a" (-3).
  EXPECT_THAT(Part(*tokenizer, "abc"), ElementsAre(6, 5));
  EXPECT_THAT(Part(*tokenizer, "ab"), ElementsAre(6, 3));
  EXPECT_THAT(*tokenizer->Encode("ac"), ElementsAre(1, 10, 9));
  EXPECT_THAT(Part(*tokenizer, "ax"), ElementsAre(10, 0));  // unknown
  EXPECT_THAT(tokenizer->ends(), ElementsAre(2));
}

TEST(SentencePiece, ControlTokensAreTextUnlessAskedFor) {
  const auto tokenizer = *MakeSentencePieceTokenizer(Letters());
  EXPECT_THAT(Part(*tokenizer, "a</s>b"), ElementsAre(10, 0, 8));
  EXPECT_THAT(Part(*tokenizer, "a</s>b", ControlTokens::kRecognise), ElementsAre(10, 2, 6, 8));
  EXPECT_EQ(tokenizer->TokenBytes(2), "");
  EXPECT_EQ(tokenizer->TokenBytes(0), "");
  EXPECT_EQ(tokenizer->TokenBytes(10), " a");
  EXPECT_EQ(tokenizer->TokenBytes(11), "");
}

TEST(SentencePiece, RolesAreThoseOfTheVocabularyUnlessAConfigurationHasThem) {
  const auto tokenizer = *LoadHfTokenizer(kBpe);
  EXPECT_EQ(tokenizer->bos(), 1);
  EXPECT_TRUE(tokenizer->add_bos());
  EXPECT_THAT(tokenizer->ends(), ElementsAre(2));
}

TEST(SentencePiece, BytesOfUnknownCharacters) {
  const auto tokenizer = *LoadHfTokenizer(kBpe);
  const std::vector<int> ids = Part(*tokenizer, "\n\U0010FFFF");
  EXPECT_EQ(tokenizer->Decode(ids), " \n\U0010FFFF");
  EXPECT_EQ(tokenizer->TokenBytes(ids[ids.size() - 1]), "\xbf");
}

TEST(SentencePiece, AFileOfOurOwnIsReadBack) {
  const SentencePieceData data = Trained();
  const SentencePieceData again = *ParseSentencePiece(SerializeSentencePiece(data));
  EXPECT_EQ(data.pieces, again.pieces);
  EXPECT_EQ(data.bpe, again.bpe);
  EXPECT_EQ(data.bos, again.bos);
}

TEST(SentencePiece, TheVocabularyOfAGgufFileEncodesTheSame) {
  const SentencePieceData data = Trained();
  std::vector<std::string> tokens;
  std::vector<int32_t> types;
  std::string scores = testing::Raw(uint32_t{6}) + testing::Raw(uint64_t{data.pieces.size()});
  for (const auto& piece : data.pieces) {
    tokens.push_back(piece.text);
    types.push_back(piece.type);
    scores += testing::Raw(piece.score);
  }
  testing::GgufBuilder builder;
  builder.Str("tokenizer.ggml.model", "llama");
  builder.Strings("tokenizer.ggml.tokens", tokens);
  builder.Ints("tokenizer.ggml.token_type", types);
  builder.keys.push_back({"tokenizer.ggml.scores", 9, scores});
  builder.U32("tokenizer.ggml.bos_token_id", 1);
  builder.U32("tokenizer.ggml.eos_token_id", 2);
  const int vocab = int(tokens.size());
  const auto read = [&]() -> Expected<std::shared_ptr<const Tokenizer>> {
    const testing::TempFile written(builder.Bytes());
    const auto file = GgufFile::Open(written.path());
    if (!file) return tl::unexpected<Error>(file.error());
    return ReadGgufTokenizer(*file, vocab);
  };
  const auto tokenizer = read();
  ASSERT_TRUE(tokenizer.has_value()) << tokenizer.error().message;
  EXPECT_TRUE((*tokenizer)->add_bos());
  EXPECT_EQ((*tokenizer)->ends(), std::vector<int>{2});
  for (const Json& item : Json::parse(std::ifstream(kBpe / "expected.json"))) {
    EXPECT_EQ(Part(**tokenizer, item["text"].get<std::string>()),
              item["ids"].get<std::vector<int>>());
  }
  builder.Bool("tokenizer.ggml.add_space_prefix", false);
  builder.Bool("tokenizer.ggml.add_bos_token", false);
  EXPECT_EQ((*read())->Decode(*(*read())->Encode("mill")), "mill");
  builder.FindKey("tokenizer.ggml.scores").value =
      testing::Raw(uint32_t{6}) + testing::Raw(uint64_t{1}) + testing::Raw(0.0f);
  EXPECT_THAT(read().error().message, HasSubstr("tokenizer.ggml.scores: must be as many F32"));
  builder.Drop("tokenizer.ggml.scores");
  EXPECT_THAT(read().error().message, HasSubstr("tokenizer.ggml.scores: missing"));
}

TEST(SentencePiece, AddedTokensComeBehindThePieces) {
  const testing::TempFolder folder;
  fs::copy_file(kBpe / "tokenizer.model", folder.path() / "tokenizer.model");
  const int size = int(Trained().pieces.size());
  Json config = {
      {"add_bos_token", false}, {"bos_token", "<s>"}, {"eos_token", {{"content", "</s>"}}}};
  config["added_tokens_decoder"][std::to_string(size + 1)] = {{"content", "<pad>"},
                                                              {"special", true}};
  folder.Write("tokenizer_config.json", config.dump());
  const auto tokenizer = *LoadHfTokenizer(folder.path());
  EXPECT_EQ(tokenizer->vocab(), size + 2);
  EXPECT_EQ(tokenizer->FindControl("<pad>"), size + 1);
  EXPECT_FALSE(tokenizer->add_bos());
  EXPECT_EQ(tokenizer->eos(), 2);
  config["added_tokens_decoder"]["16000000"] = {{"content", "<far>"}, {"special", true}};
  folder.Write("tokenizer_config.json", config.dump());
  EXPECT_THAT(LoadHfTokenizer(folder.path()).error().message,
              HasSubstr("16000000: must be at most"));
}

TEST(SentencePiece, SpoiltVocabulariesGiveOneLine) {
  const auto message = [](const std::function<void(SentencePieceData&)>& spoil) {
    SentencePieceData data = Letters();
    spoil(data);
    const auto made = MakeSentencePieceTokenizer(data);
    return made ? std::string("none") : made.error().message;
  };
  EXPECT_THAT(message([](auto& d) { d.pieces[4].text = ""; }), HasSubstr("piece 4: must not"));
  EXPECT_THAT(message([](auto& d) { d.pieces[4].text = std::string("a\0b", 3); }),
              HasSubstr("must have no NUL"));
  EXPECT_THAT(message([](auto& d) { d.pieces[4].text = "\xff"; }), HasSubstr("valid UTF-8"));
  EXPECT_THAT(message([](auto& d) { d.pieces[4].text = "ab"; }), HasSubstr("must come once"));
  EXPECT_THAT(message([](auto& d) { d.pieces[4].score = NAN; }), HasSubstr("must be finite"));
  EXPECT_THAT(message([](auto& d) { d.pieces[4].type = 7; }), HasSubstr("type: must be 1 to 6"));
  EXPECT_THAT(message([](auto& d) { d.pieces[4].type = kByteToken; }), HasSubstr("<0x00>"));
  EXPECT_THAT(message([](auto& d) {
                d.pieces.push_back({"<0x0A>", 0, kByteToken});
              }),
              HasSubstr("1 byte pieces: must be 256 or none"));
  EXPECT_THAT(message([](auto& d) { d.pieces[0].type = kControlToken; }),
              HasSubstr("0 unknown pieces"));
  EXPECT_THAT(message([](auto& d) { d.eos = 99; }), HasSubstr("eos_token_id = 99"));
}

TEST(SentencePiece, FilesThatAreNotBuiltAreRefused) {
  const auto message = [](uint32_t part, uint32_t field, auto value) {
    ProtoWriter spec, model;
    if constexpr (std::is_integral_v<decltype(value)>) {
      spec.Integer(field, value);
    } else {
      spec.Bytes(field, value);
    }
    ProtoWriter piece;
    piece.Bytes(1, "a");
    model.Bytes(1, piece.message());
    model.Bytes(part, spec.message());
    const auto data = ParseSentencePiece(model.message());
    return data ? std::string("none") : data.error().message;
  };
  EXPECT_THAT(message(2, 3, 3), HasSubstr("model_type = 3"));
  EXPECT_THAT(message(3, 2, "rules"), HasSubstr("normalizer_spec rules: must be identity"));
  EXPECT_THAT(message(5, 2, "rules"), HasSubstr("denormalizer_spec"));
  EXPECT_THAT(message(3, 5, 0), HasSubstr("escape_whitespaces"));
  EXPECT_EQ(message(3, 3, 0), "none");
}

TEST(SentencePiece, EveryTruncationAndRandomByteIsHandled) {
  const std::string good = ReadBytes(kBpe / "tokenizer.model");
  for (size_t size = 0; size < good.size(); size += 97) {
    const auto data = ParseSentencePiece(good.substr(0, size));
    if (data) (void)MakeSentencePieceTokenizer(*data);
  }
  std::mt19937 random(8);
  for (int i = 0; i < 200; ++i) {
    std::string bad = good;
    for (int j = 0; j < 3; ++j) bad[random() % bad.size()] = char(random());
    const auto data = ParseSentencePiece(bad);
    if (!data) continue;
    const auto tokenizer = MakeSentencePieceTokenizer(*data);
    if (tokenizer) (void)(*tokenizer)->Encode("The mill, 12 sacks: été 漢");
  }
}

}  // namespace
}  // namespace ternfab
