// SPDX-License-Identifier: Apache-2.0
#include "models/hf_tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>

#include "models/byte_level.h"
#include "models/tokenizer.h"
#include "tests/common/temp_folder.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const fs::path kData = TF_TEST_DATA "/tokenizers";

Json ReadJson(const fs::path& path) { return Json::parse(std::ifstream(path)); }

std::shared_ptr<const Tokenizer> Load(const fs::path& folder) {
  auto tokenizer = LoadHfTokenizer(folder);
  EXPECT_TRUE(tokenizer.has_value()) << tokenizer.error().message;
  return tokenizer.value_or(nullptr);
}

/// The ids of `text` without BOS; the error's message where there are none.
std::vector<int> Part(const Tokenizer& tokenizer, std::string_view text,
                      ControlTokens control = ControlTokens::kAsText) {
  std::vector<int> ids;
  const auto status = tokenizer.EncodePart(text, control, ids);
  EXPECT_TRUE(status.has_value()) << status.error().message;
  return ids;
}

/// A copy of a folder of tests/data/tokenizers whose files tests change.
class Folder : public testing::TempFolder {
 public:
  explicit Folder(const char* name) {
    for (const auto& file : fs::directory_iterator(kData / name)) {
      fs::copy_file(file.path(), path() / file.path().filename());
    }
  }
  void Change(const char* file, const std::function<void(Json&)>& change) {
    Json json = fs::exists(path() / file) ? ReadJson(path() / file) : Json::object();
    change(json);
    std::ofstream(path() / file) << json;
  }
  std::string Message() const {
    const auto tokenizer = LoadHfTokenizer(path());
    EXPECT_FALSE(tokenizer.has_value());
    return tokenizer ? "" : tokenizer.error().message;
  }
};

class HfTokenizer : public ::testing::TestWithParam<const char*> {};

TEST_P(HfTokenizer, AgreesWithAnIndependentImplementation) {
  const auto tokenizer = Load(kData / GetParam());
  ASSERT_NE(tokenizer, nullptr);
  int compared = 0;
  for (const Json& item : ReadJson(kData / GetParam() / "expected.json")) {
    const std::string text = item["text"];
    EXPECT_EQ(Part(*tokenizer, text), item["ids"].get<std::vector<int>>()) << text;
    ++compared;
  }
  EXPECT_GE(compared, 100);
}

/// Random characters of all planes.
std::string RandomText(std::mt19937& random) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    const uint64_t kinds[] = {random() % 0x80, random() % 0x800, random() % 0xd800,
                              0xe000 + random() % 0x102000};
    const auto code = uint32_t(kinds[random() % 4]);
    if (code < 0x80) {
      text += char(code);
    } else if (code < 0x800) {
      text += {char(0xc0 | code >> 6), char(0x80 | (code & 0x3f))};
    } else if (code < 0x10000) {
      text +=
          {char(0xe0 | code >> 12), char(0x80 | (code >> 6 & 0x3f)), char(0x80 | (code & 0x3f))};
    } else {
      text += {char(0xf0 | code >> 18), char(0x80 | (code >> 12 & 0x3f)),
               char(0x80 | (code >> 6 & 0x3f)), char(0x80 | (code & 0x3f))};
    }
  }
  return text;
}

TEST_P(HfTokenizer, GivesBackEveryText) {
  const auto tokenizer = Load(kData / GetParam());
  ASSERT_NE(tokenizer, nullptr);
  // SentencePiece writes a space before a text, and U+2581, its sign for a space, as one.
  const bool sentencepiece = tokenizer->bpe() == nullptr;
  std::mt19937 random(3);
  for (int i = 0; i < 300; ++i) {
    std::string text = RandomText(random);
    ASSERT_EQ(FindInvalidUtf8(text), std::nullopt);
    const std::string decoded = tokenizer->Decode(Part(*tokenizer, text));
    if (sentencepiece) {
      for (size_t at; (at = text.find("\u2581")) != std::string::npos;) text.replace(at, 3, " ");
      text.insert(0, " ");
    }
    EXPECT_EQ(decoded, text) << "seed 3, text " << i;
  }
}

TEST_P(HfTokenizer, RefusesInvalidBytes) {
  const auto tokenizer = Load(kData / GetParam());
  ASSERT_NE(tokenizer, nullptr);
  for (const char* bad : {"\x80", "\xc3", "\xed\xa0\x80", "\xff", "\xf4\x90\x80\x80"}) {
    EXPECT_EQ(tokenizer->Encode(std::string("ab") + bad).error().message,
              "text: byte 2: must be valid UTF-8");
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, HfTokenizer,
                         ::testing::Values("llama3", "gpt2", "falcon", "sentencepiece-bpe",
                                           "sentencepiece-unigram"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(HfByteLevel, BosComesFromTheTemplateAndEndsFromAllFiles) {
  const auto tokenizer = Load(kData / "llama3");
  const int bos = *tokenizer->FindControl("<|begin_of_text|>");
  EXPECT_TRUE(tokenizer->add_bos());
  EXPECT_EQ(tokenizer->Encode("x")->front(), bos);
  EXPECT_EQ(tokenizer->eos(), tokenizer->FindControl("<|end_of_text|>"));
  EXPECT_THAT(tokenizer->ends(), ElementsAre(bos + 1, bos + 4));
  EXPECT_EQ(tokenizer->bpe()->pre, "llama-bpe");
  EXPECT_EQ(Load(kData / "gpt2")->bpe()->pre, "gpt-2");
  EXPECT_EQ(Load(kData / "falcon")->bpe()->pre, "");
}

TEST(HfByteLevel, TheConfigurationDecidesWithoutATemplate) {
  Folder folder("llama3");
  folder.Change("tokenizer.json", [](Json& json) { json.erase("post_processor"); });
  EXPECT_FALSE(Load(folder.path())->add_bos());
  folder.Change("tokenizer_config.json", [](Json& json) { json["add_bos_token"] = true; });
  EXPECT_TRUE(Load(folder.path())->add_bos());
  folder.Change("generation_config.json", [](Json& json) { json["eos_token_id"] = 3; });
  folder.Change("tokenizer_config.json", [](Json& json) { json.erase("eos_token"); });
  EXPECT_THAT(Load(folder.path())->ends(), ElementsAre(3));
}

TEST(HfByteLevel, ControlTokensAreTextUnlessAskedFor) {
  const auto tokenizer = Load(kData / "llama3");
  const int end = *tokenizer->FindControl("<|eot_id|>");
  const std::string text = "a<|eot_id|>b";
  EXPECT_THAT(Part(*tokenizer, text), ::testing::Not(::testing::Contains(end)));
  EXPECT_THAT(Part(*tokenizer, text, ControlTokens::kRecognise),
              ElementsAre(Part(*tokenizer, "a")[0], end, Part(*tokenizer, "b")[0]));
  EXPECT_EQ(tokenizer->TokenBytes(end), "");
  EXPECT_EQ(tokenizer->Decode(Part(*tokenizer, text)), text);
}

TEST(HfByteLevel, AddedTokensThatAreNotSpecialAreAlwaysMatched) {
  const auto tokenizer = Load(kData / "gpt2");
  const int tool = *tokenizer->FindControl("<|eot_id|>") + 2;
  EXPECT_THAT(Part(*tokenizer, "<tool>"), ElementsAre(tool));
  EXPECT_EQ(tokenizer->FindControl("<tool>"), std::nullopt);
  EXPECT_EQ(tokenizer->TokenBytes(tool), "<tool>");
  EXPECT_EQ(tokenizer->TokenBytes(tool - 1), "");  // an id that no token has
}

TEST(HfByteLevel, MergesAsPairsAndAsStringsAreTheSame) {
  Folder folder("llama3");
  folder.Change("tokenizer.json", [](Json& json) {
    for (Json& merge : json["model"]["merges"]) {
      merge = merge[0].get<std::string>() + " " + merge[1].get<std::string>();
    }
  });
  const auto pairs = Load(kData / "llama3"), strings = Load(folder.path());
  EXPECT_EQ(pairs->bpe()->merges, strings->bpe()->merges);
}

TEST(HfByteLevel, IgnoringMergesTakesAWholePiece) {
  const int millstone = ReadJson(kData / "llama3/tokenizer.json")["model"]["vocab"]["Ġmillstone"];
  const auto tokenizer = Load(kData / "llama3");
  EXPECT_THAT(Part(*tokenizer, " millstone"), ElementsAre(millstone));
  Folder folder("llama3");
  folder.Change("tokenizer.json", [](Json& json) { json["model"]["ignore_merges"] = false; });
  EXPECT_GT(Part(*Load(folder.path()), " millstone").size(), 1u);
}

TEST(HfByteLevel, ChatTemplatesComeFromTheirFileOrTheConfiguration) {
  EXPECT_THAT(std::string(Load(kData / "llama3")->chat_template()), HasSubstr("start_header_id"));
  Folder folder("llama3");
  folder.Change("tokenizer_config.json", [](Json& json) {
    json["chat_template"] = {{{"name", "tool_use"}, {"template", "T"}},
                             {{"name", "default"}, {"template", "D"}}};
  });
  EXPECT_EQ(Load(folder.path())->chat_template(), "D");
  folder.Write("chat_template.jinja", "J");
  EXPECT_EQ(Load(folder.path())->chat_template(), "J");
}

TEST(HfByteLevel, SpoiltFilesGiveOneLine) {
  struct Case {
    const char* words;
    std::function<void(Json&)> spoil;
  };
  const Case cases[] = {
      {"model: must be an object", [](Json& j) { j["model"] = 7; }},
      {"model.type = WordPiece", [](Json& j) { j["model"]["type"] = "WordPiece"; }},
      {"model.vocab: must be an object", [](Json& j) { j["model"]["vocab"] = Json::array(); }},
      {"model.vocab: a: must be a token id", [](Json& j) { j["model"]["vocab"]["a"] = "x"; }},
      {"model.vocab: a: must be a token id", [](Json& j) { j["model"]["vocab"]["a"] = -1; }},
      {"model.vocab: a: must be a token id",
       [](Json& j) { j["model"]["vocab"]["a"] = 1ull << 60; }},
      {"model.vocab: a = 9999999", [](Json& j) { j["model"]["vocab"]["a"] = 9999999; }},
      {"must be one token", [](Json& j) { j["model"]["vocab"]["another"] = 5; }},
      {"model.merges: must be a list", [](Json& j) { j["model"].erase("merges"); }},
      {"model.merges[3]: must be", [](Json& j) { j["model"]["merges"][3] = 5; }},
      {"model.merges[3]: must be",
       [](Json& j) {
         j["model"]["merges"][3] = {"a", "b", "c"};
       }},
      {"model.merges[3]: must be two",
       [](Json& j) {
         j["model"]["merges"][3] = {"a b", "c"};
       }},
      {"element 3", [](Json& j) { j["model"]["merges"][3] = "a"; }},
      {"ignore_merges: must be true", [](Json& j) { j["model"]["ignore_merges"] = 1; }},
      {"end_of_word_suffix", [](Json& j) { j["model"]["end_of_word_suffix"] = "</w>"; }},
      {"added_tokens: must be a list", [](Json& j) { j["added_tokens"] = 3; }},
      {"added_tokens[1].id", [](Json& j) { j["added_tokens"][1]["id"] = nullptr; }},
      {"added_tokens[1].id = 8388608", [](Json& j) { j["added_tokens"][1]["id"] = 1 << 23; }},
      {"added_tokens[1].content", [](Json& j) { j["added_tokens"][1].erase("content"); }},
      {"added_tokens[5].lstrip", [](Json& j) { j["added_tokens"][5]["lstrip"] = true; }},
      {"normalizer NFC",
       [](Json& j) {
         j["normalizer"] = {{"type", "NFC"}};
       }},
      {"pre_tokenizer.type is missing", [](Json& j) { j.erase("pre_tokenizer"); }},
      {"pre_tokenizer.type Whitespace",
       [](Json& j) {
         j["pre_tokenizer"] = {{"type", "Whitespace"}};
       }},
      {"pretokenizers: must be a list",
       [](Json& j) {
         j["pre_tokenizer"] = {{"type", "Sequence"}};
       }},
      {"must have a ByteLevel", [](Json& j) { j["pre_tokenizer"]["pretokenizers"].erase(1); }},
      {"ByteLevel: must come once",
       [](Json& j) {
         Json& list = j["pre_tokenizer"]["pretokenizers"];
         list.push_back(Json(list[1]));
       }},
      {"add_prefix_space",
       [](Json& j) { j["pre_tokenizer"]["pretokenizers"][1]["add_prefix_space"] = true; }},
      {"Split.behavior Removed",
       [](Json& j) { j["pre_tokenizer"]["pretokenizers"][0]["behavior"] = "Removed"; }},
      {"Split.invert", [](Json& j) { j["pre_tokenizer"]["pretokenizers"][0]["invert"] = true; }},
      {"Split.pattern", [](Json& j) { j["pre_tokenizer"]["pretokenizers"][0].erase("pattern"); }},
      {"PCRE2 error",
       [](Json& j) { j["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = "(["; }},
      {"PCRE2 error",
       [](Json& j) { j["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = "\\C"; }},
      {"post_processor.type BertProcessing",
       [](Json& j) {
         j["post_processor"] = {{"type", "BertProcessing"}};
       }},
      {"post_processor.single: <x>: must be a token",
       [](Json& j) {
         j["post_processor"]["processors"][1]["single"][0]["SpecialToken"]["id"] = "<x>";
       }},
      {"post_processor.single: must be one token and the text",
       [](Json& j) {
         Json& single = j["post_processor"]["processors"][1]["single"];
         single.push_back(Json(single[0]));
       }},
      {"must not be within another",
       [](Json& j) { j["post_processor"]["processors"][0] = Json(j["post_processor"]); }},
  };
  for (const Case& c : cases) {
    Folder folder("llama3");
    folder.Change("tokenizer.json", c.spoil);
    const std::string message = folder.Message();
    EXPECT_THAT(message, HasSubstr(c.words));
    EXPECT_THAT(message, HasSubstr((folder.path() / "tokenizer.json").string()));
    EXPECT_EQ(message.find('\n'), std::string::npos);
  }
}

TEST(HfByteLevel, SpoiltConfigurationsNameTheirFile) {
  Folder folder("llama3");
  folder.Change("tokenizer_config.json", [](Json& j) { j["eos_token"] = "<nowhere>"; });
  EXPECT_THAT(folder.Message(), HasSubstr("tokenizer_config.json: eos_token = <nowhere>: must be"));
  folder.Change("tokenizer_config.json", [](Json& j) { j["eos_token"] = 5; });
  EXPECT_THAT(folder.Message(), HasSubstr("tokenizer_config.json: eos_token: must be a token"));
  folder.Change("tokenizer_config.json", [](Json& j) { j.erase("eos_token"); });
  folder.Change("generation_config.json", [](Json& j) { j["eos_token_id"] = {1, "two"}; });
  EXPECT_THAT(folder.Message(), HasSubstr("generation_config.json: eos_token_id: must be"));
  folder.Change("generation_config.json", [](Json& j) { j["eos_token_id"] = {1, 99999}; });
  EXPECT_THAT(folder.Message(), HasSubstr("eos_token_id = 99999: must be below"));
  folder.Write("generation_config.json", "{\"eos_token_id\": ");
  EXPECT_THAT(folder.Message(), HasSubstr("generation_config.json"));
  folder.Write("tokenizer.json", std::string(100000, '['));
  EXPECT_THAT(folder.Message(), HasSubstr("tokenizer.json"));
}

TEST(HfFolder, SaysWhatIsMissing) {
  Folder folder("gpt2");
  folder.Change("tokenizer.json", [](Json& j) { j["model"]["byte_fallback"] = true; });
  EXPECT_THAT(folder.Message(), HasSubstr("needs tokenizer.model beside it"));
  fs::copy_file(kData / "sentencepiece-bpe/tokenizer.model", folder.path() / "tokenizer.model");
  EXPECT_EQ(Load(folder.path())->bpe(), nullptr);
  fs::remove(folder.path() / "tokenizer.model");
  fs::remove(folder.path() / "tokenizer.json");
  EXPECT_THAT(folder.Message(), HasSubstr("has neither tokenizer.json nor tokenizer.model"));
}

}  // namespace
}  // namespace ternfab
