// SPDX-License-Identifier: Apache-2.0
#include "models/hf_tokenizer_writer.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "models/byte_level.h"
#include "models/pre_tokenizer.h"
#include "models/sentencepiece_data.h"

namespace ternfab {
namespace {

using Json = nlohmann::json;

// The expression of llama-bpe as tokenizer.json files have it; gpt-2 is what ByteLevel does itself.
constexpr const char* kLlama =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|)"
    R"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

int TypeOf(const BpeData& data, size_t id) {
  return data.token_type.empty() ? int(kNormalToken) : data.token_type[id];
}

/// Whether the token is found in texts as it is, apart from the merges.
bool IsAdded(const BpeData& data, size_t id) {
  const int type = TypeOf(data, id);
  return type == kControlToken || type == kUserDefinedToken;
}

/// How text is cut; nullopt when the name is not one of those.
std::optional<std::vector<SplitStep>> StepsOf(const BpeData& data) {
  if (!data.splits.empty()) return data.splits;
  if (data.pre == "gpt-2") return std::vector<SplitStep>();
  if (PreTokenizer::IgnoresMerges(data.pre)) {
    return std::vector<SplitStep>{{kLlama, false}};
  }
  return std::nullopt;
}

Json ByteLevelJson(bool use_regex) {
  return {{"type", "ByteLevel"},
          {"add_prefix_space", false},
          {"trim_offsets", true},
          {"use_regex", use_regex}};
}

Json PreTokenizerJson(const std::vector<SplitStep>& steps) {
  if (steps.empty()) return ByteLevelJson(/*use_regex=*/true);
  Json list = Json::array();
  bool bytes = false;
  for (const SplitStep& step : steps) {
    if (step.byte_level && !bytes) list.push_back(ByteLevelJson(false)), bytes = true;
    list.push_back({{"type", "Split"},
                    {"pattern", {{"Regex", step.expression}}},
                    {"behavior", "Isolated"},
                    {"invert", false}});
  }
  if (!bytes) list.push_back(ByteLevelJson(false));
  return {{"type", "Sequence"}, {"pretokenizers", list}};
}

/// What precedes a text: nothing, or BOS.
Json PostProcessorJson(const BpeData& data) {
  if (!data.add_bos) return ByteLevelJson(/*use_regex=*/false);
  const std::string& bos = data.tokens[*data.bos];
  const auto part = [](const char* kind, const std::string& id, int type_id) {
    Json out;
    out[kind] = {{"id", id}, {"type_id", type_id}};
    return out;
  };
  const Json single = Json::array({part("SpecialToken", bos, 0), part("Sequence", "A", 0)});
  Json begin = {{"type", "TemplateProcessing"}, {"single", single}, {"pair", single}};
  begin["pair"].push_back(part("SpecialToken", bos, 1));
  begin["pair"].push_back(part("Sequence", "B", 1));
  begin["special_tokens"][bos] = {
      {"id", bos}, {"ids", Json::array({*data.bos})}, {"tokens", Json::array({bos})}};
  return {{"type", "Sequence"},
          {"processors", Json::array({ByteLevelJson(/*use_regex=*/false), begin})}};
}

Json TokenizerJson(const BpeData& data) {
  Json vocab = Json::object(), added = Json::array();
  for (size_t id = 0; id < data.tokens.size(); ++id) {
    const std::string& text = data.tokens[id];
    if (IsAdded(data, id)) {
      added.push_back({{"id", id},
                       {"content", text},
                       {"single_word", false},
                       {"lstrip", false},
                       {"rstrip", false},
                       {"normalized", false},
                       {"special", TypeOf(data, id) == kControlToken}});
    } else if (!text.empty()) {
      vocab[text] = id;
    }
  }
  const bool ignore = data.ignore_merges.value_or(PreTokenizer::IgnoresMerges(data.pre));
  Json json;
  json["version"] = "1.0";
  json["added_tokens"] = added;
  json["normalizer"] = nullptr;
  json["pre_tokenizer"] = PreTokenizerJson(*StepsOf(data));
  json["post_processor"] = PostProcessorJson(data);
  json["decoder"] = ByteLevelJson(/*use_regex=*/false);
  json["model"] = {{"type", "BPE"}, {"ignore_merges", ignore}};
  json["model"]["vocab"] = std::move(vocab);
  json["model"]["merges"] = data.merges;
  return json;
}

/// `text_of(id)`: how a token is spelled.
template <class TextOf>
Json TokenizerConfigJson(const char* tokenizer_class, const TokenRoles& data,
                         const TextOf& text_of) {
  Json json;
  json["tokenizer_class"] = tokenizer_class;
  json["add_bos_token"] = data.add_bos;
  if (data.bos) json["bos_token"] = text_of(*data.bos);
  if (data.eos) json["eos_token"] = text_of(*data.eos);
  if (!data.chat_template.empty()) json["chat_template"] = data.chat_template;
  return json;
}

Expected<void> Write(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << bytes;
  out.close();
  if (!out) return Fail("{}: {}", path.string(), std::strerror(errno));
  return {};
}

}  // namespace

std::optional<std::string> LostInTokenizerJson(const BpeData& data) {
  if (!StepsOf(data)) {
    return fmt::format("tokenizer: pre-tokenizer {}: has no form in tokenizer.json", data.pre);
  }
  std::set<std::string_view> seen;
  for (size_t id = 0; id < data.tokens.size(); ++id) {
    const std::string& text = data.tokens[id];
    if (FindInvalidUtf8(text)) return fmt::format("tokenizer: token {}: is no UTF-8", id);
    if (!text.empty() && !seen.insert(text).second) {
      return fmt::format("tokenizer: token {}: is spelled as another one", id);
    }
  }
  return LostInTokenizerConfig(data);
}

std::optional<std::string> LostInTokenizerConfig(const TokenRoles& data) {
  if (FindInvalidUtf8(data.chat_template)) return "tokenizer: chat template: is no UTF-8";
  return std::nullopt;
}

Expected<void> SaveHfTokenizer(const BpeData& data, const std::filesystem::path& folder) {
  TF_RETURN_IF_ERROR(Write(folder / "tokenizer.json", TokenizerJson(data).dump() + '\n'));
  const Json config =
      TokenizerConfigJson("PreTrainedTokenizerFast", data, [&](int id) { return data.tokens[id]; });
  return Write(folder / "tokenizer_config.json", config.dump(2) + '\n');
}

Expected<void> SaveHfSentencePiece(const SentencePieceData& data,
                                   const std::filesystem::path& folder) {
  TF_RETURN_IF_ERROR(Write(folder / "tokenizer.model", SerializeSentencePiece(data)));
  const Json config =
      TokenizerConfigJson("LlamaTokenizer", data, [&](int id) { return data.pieces[id].text; });
  return Write(folder / "tokenizer_config.json", config.dump(2) + '\n');
}

}  // namespace ternfab
