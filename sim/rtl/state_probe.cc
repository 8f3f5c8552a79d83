// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/state_probe.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <sstream>

#include "codegen/registers.h"
#include "common/check.h"
#include "sim/memory/digest.h"
#include "sim/rtl/state_map.h"

namespace ternfab::rtl {
namespace {

/// Rings whose contents decide when something happens. What the others hold is data, or (queues of
/// the units) follows from the position in the program and the number of its elements.
constexpr const char* kTimingRings[] = {"u_queue", "u_send", "u_order", "u_addr", "u_result"};

uint64_t Number(const StateVariable& v) {
  uint64_t value = 0;
  std::memcpy(&value, v.data, std::min(v.element_bytes, sizeof value));
  return value;
}

void AddBytes(Digester& digest, const uint8_t* bytes, size_t n) {
  for (size_t i = 0; i < n; i += 8) {
    uint64_t word = 0;
    std::memcpy(&word, bytes + i, std::min<size_t>(8, n - i));
    digest.Add(word);
  }
}

std::string_view LastOf(std::string_view path) {
  const size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

using Scope = std::map<std::string, StateVariable>;

bool Contains(std::string_view names, std::string_view name) {
  std::istringstream words{std::string(names)};
  for (std::string word; words >> word;) {
    if (word == name) return true;
  }
  return false;
}

/// The row of the map that a variable belongs to: that whose companion is there, too.
const StateRegisters& RowOf(const StateVariable& v, const Scope& scope) {
  const StateRegisters* found = nullptr;
  const bool counter = v.scope.find("u_counters") != std::string::npos;
  for (const StateRegisters& row : StateMap()) {
    if (row.kind == StateKind::kData || !Contains(row.names, v.name)) continue;
    if ((row.kind == StateKind::kCounter) != counter) continue;
    if (*row.companion != '\0' && !scope.contains(row.companion)) continue;
    if (!found || *row.companion != '\0') found = &row;
  }
  TF_CHECK(found != nullptr, "state {}.{}: not in the map", v.scope, v.name);
  return *found;
}

}  // namespace

uint64_t TimingState::Digest() const {
  Digester digest;
  for (const uint64_t value : values) digest.Add(value);
  return digest.value();
}

StateProbe::StateProbe(RtlDesign& design, uint32_t first_instruction)
    : first_instruction_(first_instruction) {
  std::map<std::string, Scope> scopes;
  for (const StateVariable& v : design.State()) scopes[v.scope][v.name] = v;
  counters_.resize(kRunCounters.size());
  for (const auto& [path, scope] : scopes) {
    for (const auto& [name, v] : scope) {
      const StateRegisters& row = RowOf(v, scope);
      Item item{v, Item::Form::kPlain, {}, {}};
      if (*row.companion != '\0') item.companion = scope.at(row.companion);
      switch (row.kind) {
        case StateKind::kTiming:
          if (*row.companion != '\0') {
            item.form = item.companion.bits == 1 ? Item::Form::kIfValid : Item::Form::kMasked;
          }
          break;
        case StateKind::kPosition:
          item.form = Item::Form::kPosition;
          break;
        case StateKind::kQueue:
          if (std::ranges::find(kTimingRings, LastOf(path)) == std::end(kTimingRings)) continue;
          item.form = Item::Form::kRing;
          item.count = scope.at("count_q");
          break;
        case StateKind::kArchitecture:
          item.form = Item::Form::kMemory;
          break;
        case StateKind::kCounter:
          counters_[std::stoul(path.substr(path.rfind('[') + 1))] = v;
          continue;
        default:
          continue;
      }
      items_.push_back(std::move(item));
    }
  }
}

uint64_t StateProbe::Value(const Item& item) const {
  const StateVariable& v = item.variable;
  Digester digest;
  switch (item.form) {
    case Item::Form::kPosition:
      return Number(v) + first_instruction_;
    case Item::Form::kIfValid:
      return Number(item.companion) != 0 ? Number(v) : 0;
    case Item::Form::kMasked:
      return Number(v) & Number(item.companion);
    case Item::Form::kRing: {
      const uint64_t begin = Number(item.companion);
      for (uint64_t i = 0; i < Number(item.count); ++i) {
        AddBytes(digest, v.data + (begin + i) % v.elements * v.element_bytes, v.element_bytes);
      }
      return digest.value();
    }
    case Item::Form::kMemory:
      AddBytes(digest, v.data, v.elements * v.element_bytes);
      return digest.value();
    case Item::Form::kPlain:
      break;
  }
  if (v.element_bytes <= sizeof(uint64_t)) return Number(v);
  AddBytes(digest, v.data, v.element_bytes);
  return digest.value();
}

TimingState StateProbe::Capture() const {
  TimingState state;
  state.values.reserve(items_.size());
  for (const Item& item : items_) state.values.push_back(Value(item));
  return state;
}

std::vector<uint64_t> StateProbe::Counters() const {
  std::vector<uint64_t> counters;
  for (const StateVariable& v : counters_) counters.push_back(Number(v));
  return counters;
}

std::vector<std::string> StateProbe::names() const {
  std::vector<std::string> names;
  for (const Item& item : items_) {
    // Without the name of the top module, which ends in _top.
    const std::string& scope = item.variable.scope;
    const size_t top = scope.find("_top.");
    names.push_back(scope.substr(top == std::string::npos ? 0 : top + 5) + "." +
                    item.variable.name);
  }
  return names;
}

std::optional<std::string> FirstDifference(const std::vector<std::string>& names,
                                           const TimingState& a, const TimingState& b) {
  TF_CHECK(a.values.size() == b.values.size(), "{} and {} values", a.values.size(),
           b.values.size());
  for (size_t i = 0; i < a.values.size(); ++i) {
    if (a.values[i] != b.values[i]) return i < names.size() ? names[i] : fmt::format("value {}", i);
  }
  return std::nullopt;
}

}  // namespace ternfab::rtl
