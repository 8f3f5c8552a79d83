// SPDX-License-Identifier: Apache-2.0
#include "codegen/spec.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <initializer_list>

#include "codegen/devices.h"
#include "codegen/engine_kind.h"
#include "codegen/memory_kinds.h"
#include "codegen/plan/memories.h"
#include "common/integer.h"
#include "common/printable.h"

namespace ternfab {
namespace {

constexpr int kLimitStep = 16;         // the greatest vector.lanes
constexpr int kMaxWidthLimit = 65536;  // hidden, ffn
constexpr int kMaxContext = 65536;
constexpr int kMaxVocab = 1 << 22;
constexpr int kMaxStrideWords = 4095;  // 12-bit strides of the instruction set
constexpr int kMaxWideBytes = 1024;

/// Rules that all read alike; the first broken one is the error.
class Rules {
 public:
  explicit Rules(const HardwareSpec& spec) : spec_(spec) {}

  template <class T>
  void Must(bool ok, std::string_view field, const T& value, const std::string& rule) {
    if (ok || !error_.empty()) return;
    error_ = fmt::format("spec {}: {} = {}: must be {}", Printable(spec_.name), field, Shown(value),
                         rule);
  }
  void InRange(std::string_view field, int64_t value, int64_t least, int64_t most) {
    Must(value >= least && value <= most, field, value, fmt::format("{} to {}", least, most));
  }
  void OneOf(std::string_view field, int value, std::initializer_list<int> allowed) {
    Must(std::find(allowed.begin(), allowed.end(), value) != allowed.end(), field, value,
         fmt::format("one of {}", fmt::join(allowed, ", ")));
  }
  Expected<void> Result() const {
    if (!error_.empty()) return Fail("{}", error_);
    return {};
  }

 private:
  template <class T>
  static auto Shown(const T& value) {
    if constexpr (std::convertible_to<T, std::string_view>) {
      return Printable(value);
    } else {
      return value;
    }
  }

  const HardwareSpec& spec_;
  std::string error_;
};

void CheckSingle(const HardwareSpec& s, Rules& rules) {
  const bool named = !s.name.empty() && s.name.size() <= 64 &&
                     s.name.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789._-") == std::string::npos;
  rules.Must(named, "name", s.name, "1 to 64 letters, digits, '.', '_' or '-'");
  std::vector<std::string_view> devices;
  for (const Device& device : Devices()) devices.push_back(device.name);
  rules.Must(FindDevice(s.device) != nullptr, "device", s.device,
             fmt::format("one of {}", fmt::join(devices, ", ")));
  rules.Must(std::isfinite(s.clock_mhz) && s.clock_mhz >= 1 && s.clock_mhz <= 2000, "clock_mhz",
             s.clock_mhz, "1 to 2000");
  std::vector<std::string_view> kinds;
  for (const EngineKindName& kind : kEngineKinds) kinds.push_back(kind.name);
  rules.Must(FindEngineKind(s.engine.kind).has_value(), "engine.kind", s.engine.kind,
             fmt::format("one of {}", fmt::join(kinds, ", ")));
  rules.InRange("engine.batch", s.engine.batch, 1, isa::kMaxBatch);
  rules.Must(s.engine.activation_bits == 8, "engine.activation_bits", s.engine.activation_bits,
             "8; others are not built");
  rules.InRange("engine.pipeline", s.engine.pipeline, 1, 4);
  rules.InRange("int8.queries", s.int8.queries, 1, 8);
  rules.OneOf("vector.lanes", s.vector.lanes, {1, 2, 4, 8, 16});
  rules.Must(s.kv_cache_bits == 8, "kv_cache_bits", s.kv_cache_bits, "8; others are not built");
  rules.Must(s.head == "int8" || s.head == "shortlist", "head", s.head, "int8 or shortlist");
}

/// What a kind of engine asks of the other fields. Kind and device are known.
void CheckEngineKind(const HardwareSpec& s, Rules& rules) {
  const std::string_view family = FindDevice(s.device)->family;
  const bool xilinx = family == "xc7" || family == "xcup";
  rules.Must(s.engine.kind != "adder_tree_lut6" || xilinx, "engine.kind", s.engine.kind,
             fmt::format("adder_tree (device {} has no LUT6_2 and CARRY4)", s.device));
  const std::string_view code = WeightCodeName(s.engine.weight_code);
  if (s.engine.kind == "int8_mac") {
    rules.Must(s.engine.weight_code == WeightCode::kInt8, "engine.weight_code", code,
               "int8 (engine.kind int8_mac)");
    rules.Must(s.engine.pipeline == 2, "engine.pipeline", s.engine.pipeline,
               "2 (engine.kind int8_mac)");
  } else {
    rules.Must(s.engine.weight_code != WeightCode::kInt8, "engine.weight_code", code,
               fmt::format("base3 or two_bit (engine.kind {})", s.engine.kind));
  }
}

void CheckShortlist(const HardwareSpec& s, Rules& rules) {
  const int rows = s.shortlist_rows;
  if (s.head != "shortlist") {
    rules.Must(rows == 0, "shortlist_rows", rows, "0 (head int8)");
    return;
  }
  rules.InRange("shortlist_rows", rows, 16, kMaxShortlistRows);
  // A chunk of rows begins at a wide beat of their fp32 scales.
  const int step = std::max(16, s.memory.ports * s.memory.width_bits / 32);
  rules.Must(rows % step == 0, "shortlist_rows", rows, fmt::format("a multiple of {}", step));
  rules.Must(rows <= s.limits.hidden, "shortlist_rows", rows,
             fmt::format("at most {} (limits.hidden)", s.limits.hidden));
  rules.Must(int64_t(rows) << kTagBits >= s.limits.vocab, "shortlist_rows", rows,
             fmt::format("at least {} (limits.vocab / {})", CeilDiv(s.limits.vocab, 1 << kTagBits),
                         1 << kTagBits));
}

void CheckMemory(const HardwareSpec& s, Rules& rules) {
  const std::vector<std::string_view> kinds = MemoryKinds();
  rules.Must(std::find(kinds.begin(), kinds.end(), s.memory.kind) != kinds.end(), "memory.kind",
             s.memory.kind, fmt::format("one of {}", fmt::join(kinds, ", ")));
  rules.OneOf("memory.ports", s.memory.ports, {1, 2, 4, 8, 16});
  rules.Must(s.engine.count == s.memory.ports, "engine.count", s.engine.count,
             fmt::format("{} (memory.ports)", s.memory.ports));
  rules.OneOf("memory.width_bits", s.memory.width_bits, {32, 64, 128, 256, 512});
  rules.InRange("memory.channels", s.memory.channels, 1, 64);
  rules.InRange("memory.latency", s.memory.latency, 1, 1000);
  rules.Must(IsPowerOfTwo(s.memory.response_bytes) && s.memory.response_bytes >= 4 &&
                 s.memory.response_bytes <= 65536,
             "memory.response_bytes", s.memory.response_bytes, "a power of two, 4 to 65536");
  rules.OneOf("memory.max_burst_beats", s.memory.max_burst_beats, {16, 256});
  const int64_t wide_bytes = int64_t(s.memory.ports) * s.memory.width_bits / 8;
  const int64_t most = std::min<int64_t>(int64_t{1} << 20, wide_bytes << 12);
  rules.Must(s.memory.capacity_mib >= 1 && s.memory.capacity_mib <= most, "memory.capacity_mib",
             s.memory.capacity_mib, fmt::format("1 to {} (32-bit beat addresses)", most));
}

/// What a kind of DRAM asks of the other fields.
void CheckDram(const HardwareSpec& s, Rules& rules) {
  const DramPreset* preset = FindDramPreset(s.memory.kind);
  if (preset == nullptr) return;
  const ClockRatio clocks = MakeClockRatio(preset->clock_hz_times_3, s.clock_mhz);
  const int idle = IdleReadCycles(preset->timings, clocks);
  rules.Must(s.memory.latency > idle, "memory.latency", s.memory.latency,
             fmt::format("at least {} (a read of {} alone takes {} cycles at {} MHz)", idle + 1,
                         preset->name, idle, s.clock_mhz));
  const int least = 2 * std::max(s.memory.width_bits / 8, preset->geometry.access_bytes);
  rules.Must(s.memory.response_bytes >= least, "memory.response_bytes", s.memory.response_bytes,
             fmt::format("at least {} (two beats, two accesses of {})", least, preset->name));
}

void CheckRelations(const HardwareSpec& s, Rules& rules) {
  const int port_bytes = s.memory.width_bits / 8;
  const int wide_bytes = s.memory.ports * port_bytes;
  rules.Must(wide_bytes <= kMaxWideBytes, "memory.ports", s.memory.ports,
             fmt::format("at most {} ({}-bit ports, {} bytes a beat of all ports)",
                         kMaxWideBytes / port_bytes, s.memory.width_bits, kMaxWideBytes));
  const int lanes = LanesOf(s.engine.weight_code, s.memory.width_bits);
  rules.Must(s.engine.lanes == lanes, "engine.lanes", s.engine.lanes,
             fmt::format("{} ({}-bit beat, weight_code {})", lanes, s.memory.width_bits,
                         WeightCodeName(s.engine.weight_code)));
  rules.Must(s.int8.lanes == wide_bytes, "int8.lanes", s.int8.lanes,
             fmt::format("{} (memory.ports * width_bits / 8)", wide_bytes));
  const int v = s.vector.lanes;
  rules.Must(
      4 * v <= wide_bytes, "vector.lanes", v,
      fmt::format("at most {} (a quarter of memory.ports * width_bits / 8)", wide_bytes / 4));
  rules.Must(lanes % v == 0, "vector.lanes", v,
             fmt::format("a divisor of engine.lanes = {}", lanes));
  rules.Must(v % s.engine.count == 0, "vector.lanes", v,
             fmt::format("a multiple of engine.count = {}", s.engine.count));
  rules.Must(s.engine.count * s.engine.batch <= v, "engine.batch", s.engine.batch,
             fmt::format("at most {} (vector.lanes / engine.count)", v / s.engine.count));
  rules.Must(s.int8.queries <= v, "int8.queries", s.int8.queries,
             fmt::format("at most {} (vector.lanes)", v));
}

void CheckLimits(const HardwareSpec& s, Rules& rules) {
  rules.InRange("limits.hidden", s.limits.hidden, kLimitStep, kMaxWidthLimit);
  rules.InRange("limits.ffn", s.limits.ffn, kLimitStep, kMaxWidthLimit);
  rules.InRange("limits.context", s.limits.context, kLimitStep, kMaxContext);
  rules.InRange("limits.vocab", s.limits.vocab, kLimitStep, kMaxVocab);
  const std::string step = fmt::format("a multiple of {}", kLimitStep);
  rules.Must(s.limits.hidden % kLimitStep == 0, "limits.hidden", s.limits.hidden, step);
  rules.Must(s.limits.ffn % kLimitStep == 0, "limits.ffn", s.limits.ffn, step);
  rules.Must(s.limits.context % kLimitStep == 0, "limits.context", s.limits.context, step);
  rules.Must(s.limits.context <= kMaxStrideWords * s.vector.lanes, "limits.context",
             s.limits.context,
             fmt::format("at most {} (vector.lanes = {}, {} words of a stride)",
                         RoundUp(kMaxStrideWords * s.vector.lanes - 15, 16), s.vector.lanes,
                         kMaxStrideWords));
}

/// The depths that follow from limits must fit the address fields of the instruction set.
void CheckDepths(const HardwareSpec& s, Rules& rules) {
  const DesignParams d = Derive(s);
  rules.Must(d.vm_words <= (1 << isa::kVDAddress.width), "limits.ffn", s.limits.ffn,
             fmt::format("less: with the other limits, engine.batch and vector.lanes it needs {} "
                         "words of vector memory, at most {}",
                         d.vm_words, 1 << isa::kVDAddress.width));
  rules.Must(d.am_words <= (1 << isa::kMvAm.width), "limits.ffn", s.limits.ffn,
             fmt::format("less: it needs {} words of activation memory, at most {}", d.am_words,
                         1 << isa::kMvAm.width));
  rules.Must(d.qm_words <= (1 << isa::kI8Qm.width), "limits.context", s.limits.context,
             fmt::format("less: it needs {} words of query memory, at most {}", d.qm_words,
                         1 << isa::kI8Qm.width));
}

}  // namespace

Expected<void> Validate(const HardwareSpec& spec) {
  Rules rules(spec);
  CheckSingle(spec, rules);
  CheckMemory(spec, rules);
  TF_RETURN_IF_ERROR(rules.Result());
  CheckEngineKind(spec, rules);
  CheckDram(spec, rules);
  CheckRelations(spec, rules);
  CheckLimits(spec, rules);
  CheckShortlist(spec, rules);
  TF_RETURN_IF_ERROR(rules.Result());
  CheckDepths(spec, rules);
  return rules.Result();
}

DesignParams Derive(const HardwareSpec& spec) {
  DesignParams d;
  d.name = spec.name;
  d.ports = spec.memory.ports;
  d.width_bits = spec.memory.width_bits;
  d.lanes = spec.engine.lanes;
  d.batch = spec.engine.batch;
  d.weight_code = spec.engine.weight_code;
  d.queries = spec.int8.queries;
  d.vector_lanes = spec.vector.lanes;
  d.shortlist_rows = spec.shortlist_rows;
  d.limits = spec.limits;
  d.memory_bytes = uint64_t(spec.memory.capacity_mib) << 20;
  d.vm_words = MakeVmMap(d).words;
  d.am_words = MakeAmMap(d).words;
  d.qm_words = MakeQmMap(d).words;
  return d;
}

uint64_t DesignHash(const HardwareSpec& s) {
  const DesignParams d = Derive(s);
  const std::string text = fmt::format(
      "isa {} engine {} {} {} {} {} {} {} int8 {} {} vector {} kv {} head {} {} memory {} {} {} {} "
      "limits {} {} {} {} depths {} {} {}",
      isa::kVersion, s.engine.kind, s.engine.count, s.engine.lanes, s.engine.batch,
      WeightCodeName(s.engine.weight_code), s.engine.activation_bits, s.engine.pipeline,
      s.int8.lanes, s.int8.queries, s.vector.lanes, s.kv_cache_bits, s.head, s.shortlist_rows,
      s.memory.ports, s.memory.width_bits, s.memory.latency, s.memory.max_burst_beats,
      s.limits.hidden, s.limits.ffn, s.limits.context, s.limits.vocab, d.vm_words, d.am_words,
      d.qm_words);
  uint64_t hash = 0xcbf29ce484222325;
  for (const unsigned char c : text) hash = (hash ^ c) * 0x100000001b3;
  return hash;
}

}  // namespace ternfab
