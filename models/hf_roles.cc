// SPDX-License-Identifier: Apache-2.0
#include "models/hf_roles.h"

#include <vector>

#include "common/printable.h"
#include "models/hf_json.h"
#include "models/mapped_file.h"

namespace ternfab {
namespace {

using Json = nlohmann::json;

/// The id of a token that `key` names, as its spelling or as an object with `content`.
Expected<std::optional<int>> NamedToken(const Json& config, const char* key,
                                        const FindToken& find) {
  const Json* value = FindMember(config, key);
  if (value == nullptr) return std::nullopt;
  const Json* content = value->is_object() ? FindMember(*value, "content") : value;
  if (content == nullptr || !content->is_string()) return Fail("{}: must be a token", key);
  const auto text = content->get<std::string>();
  const auto id = find(text);
  if (!id) return Fail("{} = {}: must be a token of the vocabulary", key, Printable(text));
  return id;
}

/// The id or ids of `key`.
Expected<std::vector<int>> TokenIds(const Json& config, const char* key) {
  const Json* value = FindMember(config, key);
  if (value == nullptr) return std::vector<int>();
  std::vector<int> ids;
  for (const Json& item : value->is_array() ? *value : Json::array({*value})) {
    TF_ASSIGN_OR_RETURN(const int id, ToTokenId(item, key));
    ids.push_back(id);
  }
  return ids;
}

Expected<void> ReadIds(const Json& config, TokenRoles& roles) {
  TF_ASSIGN_OR_RETURN(const std::vector<int> bos, TokenIds(config, "bos_token_id"));
  if (!roles.bos && !bos.empty()) roles.bos = bos[0];
  TF_ASSIGN_OR_RETURN(const std::vector<int> ends, TokenIds(config, "eos_token_id"));
  if (!roles.eos && !ends.empty()) roles.eos = ends[0];
  roles.more_ends.insert(roles.more_ends.end(), ends.begin(), ends.end());
  return {};
}

Expected<std::string> ReadTemplate(const Json& config) {
  const Json* value = FindMember(config, "chat_template");
  if (value == nullptr) return std::string();
  if (value->is_string()) return value->get<std::string>();
  if (!value->is_array()) return Fail("chat_template: must be a string or a list");
  for (const Json& item : *value) {
    TF_ASSIGN_OR_RETURN(const auto name, FindJsonString(item, "name"));
    TF_ASSIGN_OR_RETURN(const auto text, FindJsonString(item, "template"));
    if (name == "default" && text) return *text;
  }
  return std::string();
}

Expected<void> ReadConfig(const Json& config, const FindToken& find, TokenRoles& roles) {
  TF_ASSIGN_OR_RETURN(const auto bos, NamedToken(config, "bos_token", find));
  if (!roles.bos) roles.bos = bos;
  TF_ASSIGN_OR_RETURN(roles.eos, NamedToken(config, "eos_token", find));
  TF_ASSIGN_OR_RETURN(const auto add_bos, FindJsonBool(config, "add_bos_token"));
  if (add_bos) roles.add_bos = *add_bos;
  TF_ASSIGN_OR_RETURN(roles.chat_template, ReadTemplate(config));
  return {};
}

Expected<void> InFile(const std::filesystem::path& path, Expected<void> result) {
  if (result) return result;
  return Fail("{}: {}", path.string(), result.error().message);
}

}  // namespace

Expected<void> ReadHfRoles(const std::filesystem::path& folder, const Json& config,
                           const FindToken& find, TokenRoles& roles) {
  TF_RETURN_IF_ERROR(InFile(folder / "tokenizer_config.json", ReadConfig(config, find, roles)));
  for (const char* name : {"generation_config.json", "config.json"}) {
    TF_ASSIGN_OR_RETURN(const auto json, ReadOptionalJson(folder, name));
    if (json) TF_RETURN_IF_ERROR(InFile(folder / name, ReadIds(*json, roles)));
  }
  std::error_code error;
  const std::filesystem::path jinja = folder / "chat_template.jinja";
  if (std::filesystem::exists(jinja, error)) {
    TF_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::Open(jinja));
    roles.chat_template.assign(file.bytes().begin(), file.bytes().end());
  }
  return {};
}

}  // namespace ternfab
