// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <utility>

#include "common/printable.h"
#include "models/json_text.h"
#include "models/safetensors_reader.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// A name that stays in the index's own folder, and on the line of a message.
bool IsPlainName(const std::string& name) {
  const auto control = [](char c) { return uint8_t(c) < ' ' || c == '\x7f'; };
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
         std::ranges::none_of(name, control);
}

/// The files that `weight_map` names.
Expected<std::set<std::string>> FilesOf(const Json& weight_map, const std::string& where) {
  std::set<std::string> files;
  for (const auto& [tensor, file] : weight_map.items()) {
    if (!file.is_string() || !IsPlainName(file.get_ref<const std::string&>())) {
      return Fail("{}: tensor {}: must be in a file of the same folder{}", where, Printable(tensor),
                  file.is_string() ? ", not " + Printable(file.get_ref<const std::string&>()) : "");
    }
    files.insert(file.get<std::string>());
  }
  if (files.empty()) return Fail("{}: weight_map: must name a file", where);
  return files;
}

}  // namespace

Expected<SafetensorsMap> ReadSafetensorsIndex(
    std::string_view text, const std::string& where,
    const std::function<Expected<SafetensorsMap>(const std::string& file)>& open) {
  TF_ASSIGN_OR_RETURN(const Json json, ParseJsonObject(text, where));
  const auto weight_map = json.find("weight_map");
  if (weight_map == json.end() || !weight_map->is_object()) {
    return Fail("{}: weight_map: must be an object", where);
  }
  TF_ASSIGN_OR_RETURN(const std::set<std::string> files, FilesOf(*weight_map, where));
  SafetensorsMap all;
  for (const std::string& file : files) {
    TF_ASSIGN_OR_RETURN(SafetensorsMap part, open(file));
    for (auto& [name, tensor] : part) {
      const auto entry = weight_map->find(name);
      if (entry == weight_map->end() || *entry != file) {
        return Fail("{}: tensor {}: not in this file, says {}", *tensor.path, Printable(name),
                    where);
      }
    }
    all.merge(part);
  }
  for (const auto& [name, file] : weight_map->items()) {
    if (all.count(name) == 0) {
      return Fail("{}: tensor {}: missing in {}", where, Printable(name),
                  Printable(file.get<std::string>()));
    }
  }
  return all;
}

Expected<SafetensorsMap> OpenSafetensorsIndex(const fs::path& index) {
  TF_ASSIGN_OR_RETURN(const MappedFile text, MappedFile::Open(index));
  return ReadSafetensorsIndex(text.text(), index.string(), [&](const std::string& file) {
    return OpenSafetensors(index.parent_path() / file);
  });
}

}  // namespace ternfab
