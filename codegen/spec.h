// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/plan/design.h"
#include "common/error.h"
#include "common/trit.h"

namespace ternfab {

/// Ternary engines. docs/spec.md explains every field of this and the following structures.
struct EngineSpec {
  std::string kind = "adder_tree";  ///< a name of codegen/engine_kind.h
  int count = 1;                    ///< one to each memory port
  int lanes = 0;                    ///< trits of one port's beat
  int batch = 1;  ///< activation vectors that share one pass over the weights, 1 to 8
  WeightCode weight_code = WeightCode::kBase3;
  int activation_bits = 8;
  int pipeline = 1;  ///< levels of the adder tree between two registers, 1 to 4

  bool operator==(const EngineSpec&) const = default;
};

/// int8 by int8 multipliers for attention and the LM head.
struct Int8Spec {
  int lanes = 0;    ///< bytes of a beat of all ports
  int queries = 1;  ///< query heads that share one pass over a KV row, 1 to 8

  bool operator==(const Int8Spec&) const = default;
};

struct VectorSpec {
  int lanes = 1;  ///< fp32 lanes: 1, 2, 4, 8 or 16

  bool operator==(const VectorSpec&) const = default;
};

/// Main memory as the design sees it.
struct MemorySpec {
  std::string kind = "fixed";  ///< in the hardware it sizes the int8 rows' queue alone
  int ports = 1;
  int width_bits = 64;        ///< of one port
  int channels = 1;           ///< memory channels of the kind that the ports share
  int latency = 64;           ///< clock cycles from a read's address to its first beat, memory idle
  int response_bytes = 64;    ///< of each port: data that DRAM has read ahead of the port
  int max_burst_beats = 256;  ///< 16 or 256
  int64_t capacity_mib = 0;

  bool operator==(const MemorySpec&) const = default;
};

/// One design as a user asks for it: a YAML file of codegen/specs.
struct HardwareSpec {
  std::string name;
  std::string device;    ///< key of codegen/devices.h
  double clock_mhz = 0;  ///< given, not estimated
  EngineSpec engine;
  Int8Spec int8;
  VectorSpec vector;
  int kv_cache_bits = 8;
  std::string head = "int8";
  int shortlist_rows = 0;  ///< rows that a shortlist head rescores; 0 with `head: int8`
  MemorySpec memory;
  DesignLimits limits;

  bool operator==(const HardwareSpec&) const = default;
};

/// Parses YAML and validates it. `origin` (a file's name) stands in messages about the text itself.
/// Errors: no YAML, an unknown or missing key, a value of the wrong type, a broken rule.
Expected<HardwareSpec> ParseSpec(const std::string& yaml, const std::string& origin);

/// Checks every field and the relations between them; the message names field, value and rule.
Expected<void> Validate(const HardwareSpec& spec);

/// The spec as YAML that ParseSpec reads back to an equal spec.
std::string ToYaml(const HardwareSpec& spec);

/// A preset by its name, else the YAML file at the path `name_or_path`.
Expected<HardwareSpec> FindSpec(const std::string& name_or_path);

/// Names of the presets, sorted, and the YAML text of one ("" if there is none of that name).
std::vector<std::string> SpecPresetNames();
std::string_view SpecPresetYaml(std::string_view name);

/// What planner, executors and RTL need; memory depths follow from the limits.
/// `spec` is valid.
DesignParams Derive(const HardwareSpec& spec);

/// FNV-1a over a canonical text of what a Program or the host sees of the hardware (docs/spec.md
/// lists it), with the version of the instruction set. Name, device, clock, capacity and the
/// memory's kind, channels and response buffer do not count.
uint64_t DesignHash(const HardwareSpec& spec);

}  // namespace ternfab
