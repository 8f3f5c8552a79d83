// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ternfab::compare {
namespace {

constexpr size_t kMostRows = 1000;

/// A figure that a row may have, and its unit.
constexpr std::pair<std::string_view, std::string_view> kFigures[] = {
    {"decode_rate", "tokens/s"},
    {"prefill_rate", "tokens/s"},
    {"latency_per_token", "s"},
    {"time_to_first_token", "s"},
    {"energy_per_token", "J"},
    {"tokens_per_joule", "tokens/J"},
    {"power", "W"},
    {"idle_power", "W"},
    {"clock", "MHz"},
    {"bandwidth_share", "1"},
    {"lut", "1"},
    {"ff", "1"},
    {"dsp", "1"},
    {"bram36", "1"},
    {"uram", "1"},
};
constexpr std::string_view kKinds[] = {"cpu", "gpu", "fpga", "asic", "other"};
constexpr std::string_view kRowKeys[] = {"name",   "system", "model",  "kind",
                                         "source", "note",   "figures"};

/// Where in a file: "a.json: rows[2].figures.power".
struct Place {
  const std::string& origin;
  std::string path;

  template <class... Args>
  auto Refuse(fmt::format_string<Args...> rule, Args&&... args) const {
    return Fail("{}: {}: {}", origin, path, fmt::format(rule, std::forward<Args>(args)...));
  }
};

Expected<std::string> ReadText(const Json& object, const char* key, const Place& place,
                               bool required) {
  if (!object.contains(key)) {
    if (required) return place.Refuse("has no {}", key);
    return std::string();
  }
  if (!object[key].is_string()) return place.Refuse("{} must be a string", key);
  return object[key].get<std::string>();
}

Expected<Figure> ReadFigure(const Json& json, std::string_view unit, const Place& place) {
  if (!json.is_object()) return place.Refuse("must be {{\"value\", \"unit\", \"evidence\"}}");
  for (const auto& [key, value] : json.items()) {
    if (key != "value" && key != "unit" && key != "evidence" && key != "source") {
      return place.Refuse("unknown key {}", key);
    }
  }
  if (!json.contains("value") || !json["value"].is_number()) {
    return place.Refuse("value must be a number");
  }
  Figure figure;
  figure.value = json["value"].get<double>();
  if (!std::isfinite(*figure.value) || *figure.value < 0) {
    return place.Refuse("value {} must be at least 0", *figure.value);
  }
  TF_ASSIGN_OR_RETURN(figure.unit, ReadText(json, "unit", place, true));
  if (figure.unit != unit) return place.Refuse("unit {} must be {}", figure.unit, unit);
  TF_ASSIGN_OR_RETURN(const std::string evidence, ReadText(json, "evidence", place, true));
  const std::optional<Evidence> found = FindEvidence(evidence);
  if (!found) {
    return place.Refuse(
        "evidence {} must be measured, simulated, synthesised, modelled, published or given",
        evidence);
  }
  figure.evidence = *found;
  TF_ASSIGN_OR_RETURN(figure.source, ReadText(json, "source", place, false));
  return figure;
}

Expected<Named<Figure>> ReadFigures(const Json& json, const std::string& source,
                                    const Place& place) {
  if (!json.is_object() || json.empty()) return place.Refuse("must be an object of figures");
  Named<Figure> out;
  for (const auto& [key, value] : json.items()) {
    const auto known = std::find_if(std::begin(kFigures), std::end(kFigures),
                                    [&name = key](const auto& pair) { return pair.first == name; });
    if (known == std::end(kFigures)) return place.Refuse("unknown figure {}", key);
    TF_ASSIGN_OR_RETURN(Figure figure,
                        ReadFigure(value, known->second, {place.origin, place.path + "." + key}));
    if (figure.source.empty()) figure.source = source;
    out.emplace_back(key, std::move(figure));
  }
  return out;
}

/// Adds `name` = `figure` where it is missing and known.
void AddMissing(BaselineRow& row, const char* name, const Figure& figure) {
  if (figure.value && FindFigure(row.figures, name) == nullptr) {
    row.figures.emplace_back(name, figure);
  }
}

void Derive(BaselineRow& row) {
  const auto get = [&](const char* name) {
    const Figure* figure = FindFigure(row.figures, name);
    return figure ? *figure : Figure{};
  };
  const Figure one{1.0, "1", Evidence::kGiven, ""};
  AddMissing(row, "latency_per_token", Ratio(one, get("decode_rate"), "s", "1 / decode rate"));
  AddMissing(row, "energy_per_token",
             Ratio(get("power"), get("decode_rate"), "J", "power / decode rate"));
  AddMissing(row, "tokens_per_joule",
             Ratio(one, get("energy_per_token"), "tokens/J", "1 / energy of a token"));
}

Expected<BaselineRow> ReadRow(const Json& json, const Place& place) {
  if (!json.is_object()) return place.Refuse("must be an object");
  for (const auto& [key, value] : json.items()) {
    if (std::find(std::begin(kRowKeys), std::end(kRowKeys), key) == std::end(kRowKeys)) {
      return place.Refuse("unknown key {}", key);
    }
  }
  BaselineRow row;
  TF_ASSIGN_OR_RETURN(row.name, ReadText(json, "name", place, true));
  TF_ASSIGN_OR_RETURN(row.system, ReadText(json, "system", place, true));
  TF_ASSIGN_OR_RETURN(row.model, ReadText(json, "model", place, true));
  TF_ASSIGN_OR_RETURN(row.kind, ReadText(json, "kind", place, true));
  TF_ASSIGN_OR_RETURN(row.source, ReadText(json, "source", place, true));
  TF_ASSIGN_OR_RETURN(row.note, ReadText(json, "note", place, false));
  if (std::find(std::begin(kKinds), std::end(kKinds), row.kind) == std::end(kKinds)) {
    return place.Refuse("kind {} must be cpu, gpu, fpga, asic or other", row.kind);
  }
  if (row.source.empty()) return place.Refuse("source must say where the figures are from");
  if (!json.contains("figures")) return place.Refuse("has no figures");
  TF_ASSIGN_OR_RETURN(row.figures, ReadFigures(json["figures"], row.source,
                                               {place.origin, place.path + ".figures"}));
  Derive(row);
  return row;
}

}  // namespace

Expected<std::vector<BaselineRow>> ParseBaselines(const std::string& text,
                                                  const std::string& origin) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return Fail("{}: is not JSON", origin);
  if (!json.is_object() || json.size() != 1 || !json.contains("rows") || !json["rows"].is_array()) {
    return Fail("{}: must be an object with one key, rows, a list", origin);
  }
  const Json& rows = json["rows"];
  if (rows.empty() || rows.size() > kMostRows) {
    return Fail("{}: rows: must be 1 to {}", origin, kMostRows);
  }
  std::vector<BaselineRow> out;
  for (size_t i = 0; i < rows.size(); ++i) {
    TF_ASSIGN_OR_RETURN(BaselineRow row, ReadRow(rows[i], {origin, fmt::format("rows[{}]", i)}));
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace ternfab::compare
