// SPDX-License-Identifier: Apache-2.0
#include "models/hf_tokenizer.h"

#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "common/printable.h"
#include "models/hf_bpe.h"
#include "models/hf_json.h"
#include "models/hf_roles.h"
#include "models/mapped_file.h"
#include "models/sentencepiece_data.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Made = Expected<std::shared_ptr<const Tokenizer>>;

constexpr const char* kConfig = "tokenizer_config.json";
constexpr size_t kMaxAddedTokens = 65536;

/// The same error behind the file that it is about.
template <class T>
Expected<T> InFile(const fs::path& path, Expected<T> result) {
  if (result) return result;
  return Fail("{}: {}", path.string(), result.error().message);
}

FindToken FindIn(const std::vector<std::string>& tokens) {
  auto ids = std::make_shared<std::unordered_map<std::string, int>>();
  for (size_t i = 0; i < tokens.size(); ++i) ids->emplace(tokens[i], int(i));
  return [ids](const std::string& text) -> std::optional<int> {
    const auto it = ids->find(text);
    return it == ids->end() ? std::nullopt : std::optional(it->second);
  };
}

Made MakeBpe(const fs::path& folder, const Json& json, const Json& config) {
  const fs::path path = folder / "tokenizer.json";
  TF_ASSIGN_OR_RETURN(BpeData data, InFile(path, ReadHfBpe(json)));
  const bool begins_by_template = data.add_bos;
  TF_RETURN_IF_ERROR(ReadHfRoles(folder, config, FindIn(data.tokens), data));
  if (FindMember(json, "post_processor") != nullptr) data.add_bos = begins_by_template;
  return InFile(path, MakeBpeTokenizer(std::move(data)));
}

/// Tokens that a checkpoint adds behind its SentencePiece vocabulary: `added_tokens_decoder` of
/// tokenizer_config.json, by id.
Expected<void> AddTokens(const Json& config, SentencePieceData& data) {
  const Json* added = FindMember(config, "added_tokens_decoder");
  if (added == nullptr) return {};
  std::map<int, SentencePieceData::Piece> behind;
  for (const auto& [key, token] : added->items()) {
    constexpr size_t kDigits = 8;  // of the largest id
    const Json number =
        key.size() <= kDigits ? Json::parse(key, nullptr, /*allow_exceptions=*/false) : Json();
    TF_ASSIGN_OR_RETURN(const int id, ToTokenId(number, "added_tokens_decoder: " + Printable(key)));
    TF_ASSIGN_OR_RETURN(const auto text, FindJsonString(token, "content"));
    TF_ASSIGN_OR_RETURN(const auto special, FindJsonBool(token, "special"));
    if (!text) return Fail("added_tokens_decoder: {}: must have a content", id);
    if (size_t(id) < data.pieces.size()) continue;
    behind[id] = {*text, 0, special.value_or(false) ? kControlToken : kUserDefinedToken};
  }
  if (behind.empty()) return {};
  const size_t size = size_t(behind.rbegin()->first) + 1;
  if (size - data.pieces.size() > kMaxAddedTokens) {
    return Fail("added_tokens_decoder: {}: must be at most {} behind the {} pieces", size - 1,
                kMaxAddedTokens, data.pieces.size());
  }
  for (size_t id = data.pieces.size(); id < size; ++id) {
    const auto it = behind.find(int(id));
    if (it != behind.end()) {
      data.pieces.push_back(it->second);
    } else {
      data.pieces.push_back({fmt::format("<unused {}>", id), 0, kControlToken});
    }
  }
  return {};
}

Made MakeSentencePiece(const fs::path& folder, const Json& config) {
  const fs::path path = folder / "tokenizer.model";
  TF_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::Open(path));
  const auto bytes = file.bytes();
  TF_ASSIGN_OR_RETURN(SentencePieceData data,
                      InFile(path, ParseSentencePiece({reinterpret_cast<const char*>(bytes.data()),
                                                       bytes.size()})));
  TF_RETURN_IF_ERROR(InFile(folder / kConfig, AddTokens(config, data)));
  std::vector<std::string> texts;
  for (const SentencePieceData::Piece& piece : data.pieces) texts.push_back(piece.text);
  data.add_bos = true;  // what the Llama tokenizer does unless add_bos_token says otherwise
  const std::optional<int> bos = std::exchange(data.bos, {}), eos = std::exchange(data.eos, {});
  TF_RETURN_IF_ERROR(ReadHfRoles(folder, config, FindIn(texts), data));
  if (!data.bos) data.bos = bos;  // the configuration comes before the vocabulary's own
  if (!data.eos) data.eos = eos;
  return InFile(path, MakeSentencePieceTokenizer(std::move(data)));
}

}  // namespace

Made LoadHfTokenizer(const fs::path& folder) {
  TF_ASSIGN_OR_RETURN(const auto json, ReadOptionalJson(folder, "tokenizer.json"));
  TF_ASSIGN_OR_RETURN(const auto config, ReadOptionalJson(folder, kConfig));
  std::error_code error;
  const bool has_model = fs::exists(folder / "tokenizer.model", error);
  if (json && !IsSentencePieceJson(*json)) return MakeBpe(folder, *json, config.value_or(Json()));
  if (has_model) return MakeSentencePiece(folder, config.value_or(Json()));
  if (!json) return Fail("{}: has neither tokenizer.json nor tokenizer.model", folder.string());
  return Fail("{}: holds a SentencePiece vocabulary: needs tokenizer.model beside it",
              (folder / "tokenizer.json").string());
}

}  // namespace ternfab
