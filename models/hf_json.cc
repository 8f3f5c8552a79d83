// SPDX-License-Identifier: Apache-2.0
#include "models/hf_json.h"

#include "models/json_text.h"
#include "models/mapped_file.h"

namespace ternfab {
namespace {

constexpr int64_t kMaxTokenId = (1 << 24) - 1;

}  // namespace

const nlohmann::json* FindMember(const nlohmann::json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto it = object.find(std::string(key));
  return it == object.end() || it->is_null() ? nullptr : &*it;
}

Expected<std::optional<bool>> FindJsonBool(const nlohmann::json& object, std::string_view key) {
  const nlohmann::json* value = FindMember(object, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean()) return Fail("{}: must be true or false", key);
  return value->get<bool>();
}

Expected<std::optional<std::string>> FindJsonString(const nlohmann::json& object,
                                                    std::string_view key) {
  const nlohmann::json* value = FindMember(object, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) return Fail("{}: must be a string", key);
  return value->get<std::string>();
}

Expected<int> ToTokenId(const nlohmann::json& value, std::string_view what) {
  const bool integer = value.is_number_integer();
  if (integer && value >= 0 && value <= kMaxTokenId) return value.get<int>();
  return Fail("{}: must be a token id, an integer from 0 to {}", what, kMaxTokenId);
}

Expected<std::optional<nlohmann::json>> ReadOptionalJson(const std::filesystem::path& folder,
                                                         const char* name) {
  std::error_code error;
  const std::filesystem::path path = folder / name;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  TF_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::Open(path));
  const auto bytes = file.bytes();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  TF_ASSIGN_OR_RETURN(nlohmann::json json, ParseJsonObject(text, path.string()));
  return json;
}

}  // namespace ternfab
