// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/archive.h"

#include <cmath>

#include "common/check.h"

namespace ternfab::compare {
namespace {

/// Whole numbers without a fraction, up to where a double holds each of them.
Json Number(double value) {
  constexpr double kWhole = 9007199254740992.0;  // 2^53
  if (!std::isfinite(value)) return nullptr;
  if (value == std::floor(value) && std::abs(value) < kWhole) return int64_t(value);
  return value;
}

/// What follows a figure's value.
template <class T>
void WriteOrigin(Json& json, const T& figure) {
  json["unit"] = figure.unit;
  json["evidence"] = EvidenceName(figure.evidence);
  if (!figure.source.empty()) json["source"] = figure.source;
}

template <class T>
void ReadOrigin(const Json& json, T& figure) {
  figure.unit = json.at("unit").get<std::string>();
  const auto name = json.at("evidence").get<std::string>();
  const std::optional<Evidence> evidence = FindEvidence(name);
  TF_CHECK(evidence.has_value(), "evidence {} in a report of our own", name);
  figure.evidence = *evidence;
  figure.source = json.value("source", "");
}

}  // namespace

Json Write(const Figure& figure) {
  Json json;
  json["value"] = figure.value ? Number(*figure.value) : Json(nullptr);
  WriteOrigin(json, figure);
  return json;
}

Json Write(const FigureList& list) {
  Json json;
  json["values"] = Json::array();
  for (const double value : list.values) json["values"].push_back(Number(value));
  WriteOrigin(json, list);
  return json;
}

void Read(const Json& json, Figure& figure) {
  figure.value.reset();
  if (!json.at("value").is_null()) figure.value = json.at("value").get<double>();
  ReadOrigin(json, figure);
}

void Read(const Json& json, FigureList& list) {
  list.values.clear();
  for (const Json& value : json.at("values")) list.values.push_back(value.get<double>());
  ReadOrigin(json, list);
}

}  // namespace ternfab::compare
