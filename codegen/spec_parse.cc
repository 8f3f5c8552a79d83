// SPDX-License-Identifier: Apache-2.0
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <concepts>
#include <fstream>

#include "codegen/spec.h"
#include "codegen/spec_presets.h"
#include "common/printable.h"

namespace ternfab {
namespace {

constexpr size_t kMaxSpecBytes = 65536;

/// Reads one YAML map field by field and remembers the first error; Finish() refuses what is left.
class MapReader {
 public:
  MapReader(const YAML::Node& node, std::string spec, std::string prefix)
      : node_(node), spec_(std::move(spec)), prefix_(std::move(prefix)) {}

  template <class T>
  void Read(const char* key, T& value) {
    const YAML::Node field = Take(key);
    if (!field) return;
    if (!field.IsScalar() || !YAML::convert<T>::decode(field, value)) {
      Refuse(key, field,
             std::integral<T> ? "must be an integer"
                              : (std::floating_point<T> ? "must be a number" : "must be a text"));
    }
  }

  void ReadWeightCode(const char* key, WeightCode& value) {
    std::string text;
    Read(key, text);
    for (int code = 0; code < kWeightCodes; ++code) {
      value = WeightCode(code);
      if (WeightCodeName(value) == text) return;
    }
    if (!error_.empty()) return;
    error_ = fmt::format("spec {}: {}{} = {}: must be base3, two_bit or int8", spec_, prefix_, key,
                         Printable(text));
  }

  template <class F>
  void ReadMap(const char* key, const F& fields) {
    const YAML::Node field = Take(key);
    if (!field) return;
    if (!field.IsMap()) return Refuse(key, field, "must be a map");
    MapReader reader(field, spec_, prefix_ + key + ".");
    fields(reader);
    reader.Finish();
    if (error_.empty()) error_ = reader.error_;
  }

  void Finish() {
    std::vector<std::string> keys;
    for (const auto& entry : node_) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "(no text)";
      if (error_.empty() && std::count(taken_.begin(), taken_.end(), key) == 0) {
        error_ = fmt::format("spec {}: {}{}: unknown field: must be one of {}", spec_, prefix_,
                             Printable(key), fmt::join(taken_, ", "));
      }
      if (error_.empty() && std::count(keys.begin(), keys.end(), key) != 0) {
        error_ = fmt::format("spec {}: {}{}: given twice", spec_, prefix_, Printable(key));
      }
      keys.push_back(key);
    }
  }

  const std::string& error() const { return error_; }

 private:
  YAML::Node Take(const char* key) {
    taken_.push_back(key);
    const YAML::Node field = node_[key];
    if (!field && error_.empty()) {
      error_ =
          fmt::format("spec {}: {}{}: missing: every field must be given", spec_, prefix_, key);
    }
    return field;
  }

  void Refuse(const char* key, const YAML::Node& field, const char* rule) {
    if (!error_.empty()) return;
    const std::string text = field.IsScalar() ? Printable(field.Scalar()) : "(no single value)";
    error_ = fmt::format("spec {}: {}{} = {}: {}", spec_, prefix_, key, text, rule);
  }

  YAML::Node node_;
  std::string spec_;
  std::string prefix_;
  std::vector<std::string> taken_;
  std::string error_;
};

void ReadSpec(MapReader& reader, HardwareSpec& spec) {
  reader.Read("name", spec.name);
  reader.Read("device", spec.device);
  reader.Read("clock_mhz", spec.clock_mhz);
  reader.ReadMap("engine", [&](MapReader& map) {
    map.Read("kind", spec.engine.kind);
    map.Read("count", spec.engine.count);
    map.Read("lanes", spec.engine.lanes);
    map.Read("batch", spec.engine.batch);
    map.ReadWeightCode("weight_code", spec.engine.weight_code);
    map.Read("activation_bits", spec.engine.activation_bits);
    map.Read("pipeline", spec.engine.pipeline);
  });
  reader.ReadMap("int8", [&](MapReader& map) {
    map.Read("lanes", spec.int8.lanes);
    map.Read("queries", spec.int8.queries);
  });
  reader.ReadMap("vector", [&](MapReader& map) { map.Read("lanes", spec.vector.lanes); });
  reader.Read("kv_cache_bits", spec.kv_cache_bits);
  reader.Read("head", spec.head);
  reader.Read("shortlist_rows", spec.shortlist_rows);
  reader.ReadMap("memory", [&](MapReader& map) {
    map.Read("kind", spec.memory.kind);
    map.Read("ports", spec.memory.ports);
    map.Read("width_bits", spec.memory.width_bits);
    map.Read("channels", spec.memory.channels);
    map.Read("latency", spec.memory.latency);
    map.Read("response_bytes", spec.memory.response_bytes);
    map.Read("max_burst_beats", spec.memory.max_burst_beats);
    map.Read("capacity_mib", spec.memory.capacity_mib);
  });
  reader.ReadMap("limits", [&](MapReader& map) {
    map.Read("hidden", spec.limits.hidden);
    map.Read("ffn", spec.limits.ffn);
    map.Read("context", spec.limits.context);
    map.Read("vocab", spec.limits.vocab);
  });
  reader.Finish();
}

std::string OneLine(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 32 || c == 127; }, ' ');
  return text;
}

}  // namespace

Expected<HardwareSpec> ParseSpec(const std::string& yaml, const std::string& origin) {
  if (yaml.size() > kMaxSpecBytes) {
    return Fail("spec {}: must be at most {} bytes", OneLine(origin), kMaxSpecBytes);
  }
  HardwareSpec spec;
  try {
    const YAML::Node root = YAML::Load(yaml);
    if (!root.IsMap()) return Fail("spec {}: must be a YAML map of fields", OneLine(origin));
    const YAML::Node name = root["name"];
    MapReader reader(root, name && name.IsScalar() ? Printable(name.Scalar()) : OneLine(origin),
                     "");
    ReadSpec(reader, spec);
    if (!reader.error().empty()) return Fail("{}", reader.error());
  } catch (const YAML::Exception& error) {
    return Fail("spec {}: line {}: {}", OneLine(origin), error.mark.line + 1, OneLine(error.msg));
  }
  TF_RETURN_IF_ERROR(Validate(spec));
  return spec;
}

std::string ToYaml(const HardwareSpec& s) {
  return fmt::format(
      "name: {}\ndevice: {}\nclock_mhz: {}\n"
      "engine:\n  kind: {}\n  count: {}\n  lanes: {}\n  batch: {}\n  weight_code: {}\n"
      "  activation_bits: {}\n  pipeline: {}\n"
      "int8:\n  lanes: {}\n  queries: {}\nvector:\n  lanes: {}\n"
      "kv_cache_bits: {}\nhead: {}\nshortlist_rows: {}\n"
      "memory:\n  kind: {}\n  ports: {}\n  width_bits: {}\n  channels: {}\n  latency: {}\n"
      "  response_bytes: {}\n  max_burst_beats: {}\n  capacity_mib: {}\n"
      "limits:\n  hidden: {}\n  ffn: {}\n  context: {}\n  vocab: {}\n",
      s.name, s.device, s.clock_mhz, s.engine.kind, s.engine.count, s.engine.lanes, s.engine.batch,
      WeightCodeName(s.engine.weight_code), s.engine.activation_bits, s.engine.pipeline,
      s.int8.lanes, s.int8.queries, s.vector.lanes, s.kv_cache_bits, s.head, s.shortlist_rows,
      s.memory.kind, s.memory.ports, s.memory.width_bits, s.memory.channels, s.memory.latency,
      s.memory.response_bytes, s.memory.max_burst_beats, s.memory.capacity_mib, s.limits.hidden,
      s.limits.ffn, s.limits.context, s.limits.vocab);
}

namespace {

/// "kv260" of "codegen/specs/kv260.yaml".
std::string_view PresetName(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);
  return path.substr(0, path.rfind('.'));
}

}  // namespace

std::vector<std::string> SpecPresetNames() {
  std::vector<std::string> names;
  for (const EmbeddedText& file : EmbeddedSpecs()) names.emplace_back(PresetName(file.path));
  std::sort(names.begin(), names.end());  // by path, "kv260-x.yaml" comes before "kv260.yaml"
  return names;
}

std::string_view SpecPresetYaml(std::string_view name) {
  for (const EmbeddedText& file : EmbeddedSpecs()) {
    if (PresetName(file.path) == name) return file.text;
  }
  return "";
}

Expected<HardwareSpec> FindSpec(const std::string& name_or_path) {
  if (const std::string_view yaml = SpecPresetYaml(name_or_path); !yaml.empty()) {
    return ParseSpec(std::string(yaml), name_or_path);
  }
  std::ifstream file(name_or_path);
  std::string text(kMaxSpecBytes + 1, '\0');  // no more: it may be a device without end
  file.read(text.data(), std::streamsize(text.size()));
  text.resize(size_t(file.gcount()));
  if (text.empty()) {
    return Fail("spec {}: must be a readable file or one of {}", OneLine(name_or_path),
                fmt::join(SpecPresetNames(), ", "));
  }
  return ParseSpec(text, name_or_path);
}

}  // namespace ternfab
