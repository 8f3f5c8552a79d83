// SPDX-License-Identifier: Apache-2.0
#include "models/hf_bpe.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/printable.h"
#include "models/hf_json.h"
#include "models/hf_splits.h"
#include "models/pre_tokenizer.h"

namespace ternfab {
namespace {

using Json = nlohmann::json;

/// Sets token `id`; a token that has the id already must be spelled the same.
Expected<void> SetToken(BpeData& data, int id, const std::string& text, int type,
                        std::string_view where) {
  if (size_t(id) >= data.tokens.size()) {
    data.tokens.resize(id + 1);
    data.token_type.resize(id + 1, kUnusedToken);
  }
  const bool taken = data.token_type[id] != kUnusedToken;
  if (taken && data.tokens[id] != text) {
    return Fail("{}: token {}: is {} and {}: must be one token", where, id,
                Printable(data.tokens[id]), Printable(text));
  }
  data.tokens[id] = text;
  data.token_type[id] = type;
  return {};
}

Expected<void> ReadVocabulary(const Json& model, const Json& json, BpeData& data) {
  const Json* vocab = FindMember(model, "vocab");
  if (vocab == nullptr || !vocab->is_object()) return Fail("model.vocab: must be an object");
  const Json* added = FindMember(json, "added_tokens");
  if (added != nullptr && !added->is_array()) return Fail("added_tokens: must be a list");
  // Few ids may be without a token: a file cannot make a vocabulary larger than itself.
  const size_t most = 2 * (vocab->size() + (added != nullptr ? added->size() : 0)) + 4096;
  for (const auto& [text, value] : vocab->items()) {
    TF_ASSIGN_OR_RETURN(const int id, ToTokenId(value, "model.vocab: " + Printable(text)));
    if (size_t(id) >= most)
      return Fail("model.vocab: {} = {}: must be below {}", Printable(text), id, most);
    TF_RETURN_IF_ERROR(SetToken(data, id, text, kNormalToken, "model.vocab"));
  }
  if (added == nullptr) return {};
  for (size_t i = 0; i < added->size(); ++i) {
    const Json& token = (*added)[i];
    const std::string where = fmt::format("added_tokens[{}]", i);
    const Json* value = FindMember(token, "id");
    TF_ASSIGN_OR_RETURN(const int id, ToTokenId(value ? *value : Json(), where + ".id"));
    if (size_t(id) >= most) return Fail("{}.id = {}: must be below {}", where, id, most);
    TF_ASSIGN_OR_RETURN(const auto content, FindJsonString(token, "content"));
    if (!content || content->empty()) return Fail("{}.content: must be a string", where);
    TF_ASSIGN_OR_RETURN(const auto special, FindJsonBool(token, "special"));
    for (const char* key : {"single_word", "lstrip", "rstrip"}) {
      TF_ASSIGN_OR_RETURN(const auto on, FindJsonBool(token, key));
      if (on.value_or(false) && !special.value_or(false)) {
        return Fail("{}.{}: must be false for a token that is not special", where, key);
      }
    }
    TF_RETURN_IF_ERROR(SetToken(
        data, id, *content, special.value_or(false) ? kControlToken : kUserDefinedToken, where));
  }
  return {};
}

/// "a b" of either form.
Expected<std::string> ReadMerge(const Json& merge, size_t index) {
  if (merge.is_string()) return merge.get<std::string>();
  const bool pair =
      merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string();
  if (!pair) return Fail("model.merges[{}]: must be \"a b\" or [\"a\", \"b\"]", index);
  const auto &left = merge[0].get_ref<const std::string&>(),
             &right = merge[1].get_ref<const std::string&>();
  if (left.find(' ') != std::string::npos || right.find(' ') != std::string::npos) {
    return Fail("model.merges[{}]: must be two byte-level strings", index);
  }
  return left + ' ' + right;
}

Expected<void> ReadModel(const Json& json, BpeData& data) {
  const Json* model = FindMember(json, "model");
  if (model == nullptr || !model->is_object()) return Fail("model: must be an object");
  TF_ASSIGN_OR_RETURN(const auto type, FindJsonString(*model, "type"));
  if (type && *type != "BPE") return Fail("model.type = {}: must be BPE", Printable(*type));
  for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    TF_ASSIGN_OR_RETURN(const auto text, FindJsonString(*model, key));
    if (text && !text->empty()) return Fail("model.{}: must be empty", key);
  }
  TF_ASSIGN_OR_RETURN(const auto ignore, FindJsonBool(*model, "ignore_merges"));
  data.ignore_merges = ignore.value_or(false);
  TF_RETURN_IF_ERROR(ReadVocabulary(*model, json, data));
  const Json* merges = FindMember(*model, "merges");
  if (merges == nullptr || !merges->is_array()) return Fail("model.merges: must be a list");
  for (size_t i = 0; i < merges->size(); ++i) {
    TF_ASSIGN_OR_RETURN(std::string merge, ReadMerge((*merges)[i], i));
    data.merges.push_back(std::move(merge));
  }
  return {};
}

Expected<void> CheckNormalizer(const Json& json) {
  const Json* normalizer = FindMember(json, "normalizer");
  if (normalizer == nullptr) return {};
  TF_ASSIGN_OR_RETURN(const auto type, FindJsonString(*normalizer, "type"));
  const Json* list = FindMember(*normalizer, "normalizers");
  if (type == "Sequence" && list != nullptr && list->is_array() && list->empty()) return {};
  return Fail("normalizer {}: must be null (normalising characters is not built)",
              type ? Printable(*type) : "");
}

/// The one token that a TemplateProcessing puts before a text, by its id; nullopt for none.
Expected<std::optional<int>> ReadTemplateBos(const Json& processor, const BpeData& data) {
  const Json* single = FindMember(processor, "single");
  if (single == nullptr || !single->is_array()) return Fail("single: must be a list");
  std::optional<int> bos;
  bool text_seen = false;
  for (const Json& part : *single) {
    if (FindMember(part, "Sequence") != nullptr) {
      if (text_seen) return Fail("single: must have one Sequence");
      text_seen = true;
      continue;
    }
    const Json* special = FindMember(part, "SpecialToken");
    if (special == nullptr) return Fail("single: must have SpecialToken and Sequence only");
    TF_ASSIGN_OR_RETURN(const auto name, FindJsonString(*special, "id"));
    if (bos || text_seen || !name) return Fail("single: must be one token and the text");
    const auto it = std::find(data.tokens.begin(), data.tokens.end(), *name);
    if (it == data.tokens.end()) return Fail("single: {}: must be a token", Printable(*name));
    bos = int(it - data.tokens.begin());
  }
  if (!text_seen) return Fail("single: must have a Sequence");
  return bos;
}

Expected<void> ReadPostProcessor(const Json& processor, BpeData& data) {
  TF_ASSIGN_OR_RETURN(const auto type, FindJsonString(processor, "type"));
  if (type == "ByteLevel") return {};
  if (type == "TemplateProcessing") {
    TF_ASSIGN_OR_RETURN(data.bos, ReadTemplateBos(processor, data));
    data.add_bos = data.bos.has_value();
    return {};
  }
  const Json* list = FindMember(processor, "processors");
  if (type == "Sequence" && list != nullptr && list->is_array()) {
    for (const Json& part : *list) {
      TF_ASSIGN_OR_RETURN(const auto kind, FindJsonString(part, "type"));
      if (kind == "Sequence") return Fail("Sequence: must not be within another");
      TF_RETURN_IF_ERROR(ReadPostProcessor(part, data));
    }
    return {};
  }
  return Fail("type {}: must be ByteLevel, TemplateProcessing or a Sequence of these",
              type ? Printable(*type) : "is missing");
}

/// The same error behind the key that it is about.
template <class T>
Expected<T> Under(std::string_view key, Expected<T> result) {
  if (result) return result;
  return Fail("{}.{}", key, result.error().message);
}

}  // namespace

bool IsSentencePieceJson(const Json& json) {
  const Json* model = FindMember(json, "model");
  const Json* fallback = model != nullptr ? FindMember(*model, "byte_fallback") : nullptr;
  if (fallback != nullptr && *fallback == true) return true;
  const Json* pre = FindMember(json, "pre_tokenizer");
  const Json* type = pre != nullptr ? FindMember(*pre, "type") : nullptr;
  return type != nullptr && *type == "Metaspace";
}

Expected<BpeData> ReadHfBpe(const Json& json) {
  BpeData data;
  TF_RETURN_IF_ERROR(CheckNormalizer(json));
  TF_RETURN_IF_ERROR(ReadModel(json, data));
  const Json* pre = FindMember(json, "pre_tokenizer");
  TF_ASSIGN_OR_RETURN(data.splits, Under("pre_tokenizer", ReadHfSplits(pre ? *pre : Json())));
  if (data.splits.size() == 1 && !data.splits[0].byte_level) {
    data.pre = PreTokenizer::NameOf(data.splits[0].expression);
  }
  if (const Json* processor = FindMember(json, "post_processor")) {
    TF_RETURN_IF_ERROR(Under("post_processor", ReadPostProcessor(*processor, data)));
  }
  return data;
}

}  // namespace ternfab
