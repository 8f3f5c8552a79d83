// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/compare/figure.h"

// One listing of a structure's fields, `template <class Archive, class S> void Fields(Archive&,
// S&)` beside it, writes it as JSON and reads it back.

namespace ternfab::compare {

using Json = nlohmann::ordered_json;

class Writer;
class Reader;

template <class T>
concept HasFields = requires(Writer& writer, const T& value) {
  Fields(writer, value);
};
template <class T>
concept Plain = std::is_arithmetic_v<T> || std::is_same_v<T, std::string>;

Json Write(const Figure& figure);
Json Write(const FigureList& list);
template <Plain T>
Json Write(const T& value);
template <HasFields T>
Json Write(const T& value);
template <class T>
Json Write(const std::optional<T>& value);  ///< null: none
template <class T>
Json Write(const std::vector<T>& values);
template <class T>
Json Write(const Named<T>& parts);

/// `json` is what Write made of a value of the type.
void Read(const Json& json, Figure& figure);
void Read(const Json& json, FigureList& list);
template <Plain T>
void Read(const Json& json, T& value);
template <HasFields T>
void Read(const Json& json, T& value);
template <class T>
void Read(const Json& json, std::optional<T>& value);
template <class T>
void Read(const Json& json, std::vector<T>& values);
template <class T>
void Read(const Json& json, Named<T>& parts);

class Writer {
 public:
  template <class T>
  void operator()(const char* name, const T& value) {
    json_[name] = Write(value);
  }
  Json Take() { return std::move(json_); }

 private:
  Json json_ = Json::object();
};

class Reader {
 public:
  /// `json` outlives the reader.
  explicit Reader(const Json& json) : json_(json) {}

  template <class T>
  void operator()(const char* name, T& value) {
    Read(json_.at(name), value);
  }

 private:
  const Json& json_;
};

template <Plain T>
Json Write(const T& value) {
  return value;
}
template <Plain T>
void Read(const Json& json, T& value) {
  value = json.get<T>();
}

template <HasFields T>
Json Write(const T& value) {
  Writer writer;
  Fields(writer, value);
  return writer.Take();
}
template <HasFields T>
void Read(const Json& json, T& value) {
  Reader reader(json);
  Fields(reader, value);
}

template <class T>
Json Write(const std::optional<T>& value) {
  return value ? Write(*value) : Json(nullptr);
}
template <class T>
void Read(const Json& json, std::optional<T>& value) {
  value.reset();
  if (!json.is_null()) Read(json, value.emplace());
}

template <class T>
Json Write(const std::vector<T>& values) {
  Json json = Json::array();
  for (const T& value : values) json.push_back(Write(value));
  return json;
}
template <class T>
void Read(const Json& json, std::vector<T>& values) {
  values.clear();
  for (const Json& item : json) Read(item, values.emplace_back());
}

template <class T>
Json Write(const Named<T>& parts) {
  Json json = Json::object();
  for (const auto& [name, value] : parts) json[name] = Write(value);
  return json;
}
template <class T>
void Read(const Json& json, Named<T>& parts) {
  parts.clear();
  for (const auto& [name, value] : json.items()) {
    auto& part = parts.emplace_back();
    part.first = name;
    Read(value, part.second);
  }
}

}  // namespace ternfab::compare
