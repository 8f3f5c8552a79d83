// SPDX-License-Identifier: Apache-2.0
#include "sim/area/path_delay.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ternfab {
namespace {

using Json = nlohmann::json;

enum class Kind { kEnd, kBlock, kBlockRegistered, kLut, kLutRam, kCarry, kMux };

bool StartsWithAny(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return text.starts_with(prefix); });
}

/// Whether a parameter, bits or a number, is not 0.
bool IsSet(const Json& cell, const char* parameter) {
  const auto it = cell.at("parameters").find(parameter);
  if (it == cell.at("parameters").end()) return false;
  return it->is_string() ? it->get<std::string>().find('1') != std::string::npos : *it != 0;
}

Kind KindOf(const Json& cell) {
  const std::string type = cell.at("type");
  if (StartsWithAny(type, {"RAMB", "URAM", "DP16KD", "SB_RAM40", "DSP48", "MULT18", "SB_MAC16"})) {
    for (const char* name : {"DOA_REG", "DOB_REG", "PREG", "OREG_B", "OREG_A"}) {
      if (IsSet(cell, name)) return Kind::kBlockRegistered;
    }
    return Kind::kBlock;
  }
  if (StartsWithAny(type, {"RAM", "TRELLIS_DPR"})) return Kind::kLutRam;
  if (StartsWithAny(type, {"LUT", "SB_LUT4"})) return Kind::kLut;
  if (StartsWithAny(type, {"CARRY", "CCU2C", "SB_CARRY"})) return Kind::kCarry;
  if (StartsWithAny(type, {"MUXF", "PFUMX", "L6MUX21", "INV"})) return Kind::kMux;
  return Kind::kEnd;
}

/// Only reads of a LUT RAM are combinational: its addresses.
bool IsCombinational(Kind kind, const std::string& port) {
  if (kind == Kind::kLutRam) return StartsWithAny(port, {"A", "DPRA", "RAD"});
  return kind == Kind::kLut || kind == Kind::kCarry || kind == Kind::kMux;
}

/// The slowest way to a net.
struct Arrival {
  double ns = 0;
  int luts = 0, carries = 0, muxes = 0;
  int from = -1;  ///< net where it begins
};

struct Cell {
  Kind kind = Kind::kEnd;
  std::string name;         ///< of an instance that the source names
  std::vector<int> inputs;  ///< bits that its outputs depend on without a clock
  std::vector<std::pair<int, std::string>> ends;  ///< other inputs and their pins
  int output = -1;
  enum { kNew, kOpen, kDone } state = kNew;
  Arrival out;  ///< at its outputs
};

class Netlist {
 public:
  Netlist(const Json& module, const DelayModel& delays) : delays_(delays) {
    AddNames(module);
    for (const auto& [name, cell] : module.at("cells").items()) AddCell(name, cell);
    Cell outputs;
    for (const auto& [name, port] : module.at("ports").items()) {
      if (port.at("direction") == "input") continue;
      for (const int bit : Bits(port.at("bits"))) outputs.ends.emplace_back(bit, name);
    }
    cells_.push_back(outputs);
  }

  ModulePath Slowest() {
    Arrival worst;
    std::string to;
    for (const Cell& cell : cells_) {
      for (const auto& [bit, pin] : cell.ends) {
        Arrival path = ArrivalAt(bit);
        if (path.luts + path.carries + path.muxes == 0) continue;
        path.ns += delays_.net + delays_.setup;
        if (path.ns <= worst.ns) continue;
        worst = path;
        to = EndName(cell, pin);
      }
    }
    return {worst.ns, worst.luts, worst.carries, worst.muxes, NameOf(worst.from), to};
  }

 private:
  /// Constants left out.
  static std::vector<int> Bits(const Json& bits) {
    std::vector<int> numbers;
    for (const Json& bit : bits) {
      if (bit.is_number_integer()) numbers.push_back(bit);
    }
    return numbers;
  }

  static bool IsPublic(const std::string& name) { return name.find('$') == std::string::npos; }

  /// Of nets that the source names.
  void AddNames(const Json& module) {
    const auto nets = module.find("netnames");
    if (nets == module.end()) return;
    for (const auto& [name, net] : nets->items()) {
      const Json& bits = net.at("bits");
      for (size_t i = 0; IsPublic(name) && i < bits.size(); ++i) {
        if (!bits[i].is_number_integer()) continue;
        names_.emplace(int(bits[i]),
                       bits.size() == 1 ? name : name + "[" + std::to_string(i) + "]");
      }
    }
  }

  std::string NameOf(int bit) const {
    const auto name = names_.find(bit);
    return name == names_.end() ? "" : name->second;
  }

  /// A register is called as its output; ports and instances as their pins.
  std::string EndName(const Cell& cell, const std::string& pin) const {
    if (!cell.name.empty()) return cell.name + "." + pin;
    return cell.output < 0 ? pin : NameOf(cell.output);
  }

  void AddCell(const std::string& name, const Json& json) {
    Cell cell;
    cell.kind = KindOf(json);
    if (IsPublic(name)) cell.name = name;
    const int index = int(cells_.size());
    for (const auto& [port, bits] : json.at("connections").items()) {
      const std::vector<int> numbers = Bits(bits);
      if (json.at("port_directions").at(port) != "input") {
        for (const int bit : numbers) driver_[bit] = index;
        if (!numbers.empty()) cell.output = numbers.front();
      } else if (IsCombinational(cell.kind, port)) {
        cell.inputs.insert(cell.inputs.end(), numbers.begin(), numbers.end());
      } else {
        for (const int bit : numbers) cell.ends.emplace_back(bit, port);
      }
    }
    cells_.push_back(std::move(cell));
  }

  /// Before the net of `bit`.
  Arrival ArrivalAt(int bit) {
    const auto driver = driver_.find(bit);
    if (driver == driver_.end()) return {delays_.clock_to_q, 0, 0, 0, bit};  // a port
    Cell& cell = cells_[size_t(driver->second)];
    if (cell.state == Cell::kNew) Visit(cell);
    Arrival out = cell.out;
    if (out.from < 0) out.from = bit;
    return out;
  }

  void Visit(Cell& cell) {
    cell.state = Cell::kOpen;
    cell.out.ns = cell.kind == Kind::kBlock             ? delays_.block
                  : cell.kind == Kind::kBlockRegistered ? delays_.block_registered
                                                        : delays_.clock_to_q;
    Arrival worst;
    for (const int bit : cell.inputs) {
      const auto driver = driver_.find(bit);
      const Cell* from = driver == driver_.end() ? nullptr : &cells_[size_t(driver->second)];
      if (from && from->state == Cell::kOpen) continue;  // a loop is cut here
      Arrival path = ArrivalAt(bit);
      path.ns += Step(cell.kind, from ? from->kind : Kind::kEnd);
      if (path.ns > worst.ns) worst = path;
    }
    if (worst.ns > 0) {
      cell.out = worst;
      cell.out.luts += cell.kind == Kind::kLut || cell.kind == Kind::kLutRam;
      cell.out.carries += cell.kind == Kind::kCarry;
      cell.out.muxes += cell.kind == Kind::kMux;
    }
    cell.state = Cell::kDone;
  }

  /// From the output of a cell `from` to that of a cell `to` behind it.
  double Step(Kind to, Kind from) const {
    if (to == Kind::kCarry && from == Kind::kCarry) return delays_.carry;
    if (to == Kind::kMux && (from == Kind::kLut || from == Kind::kMux)) return delays_.mux;
    if (to == Kind::kMux) return delays_.net + delays_.mux;
    return delays_.net + (to == Kind::kCarry ? delays_.carry_in : delays_.lut);
  }

  const DelayModel& delays_;
  std::vector<Cell> cells_;
  std::unordered_map<int, int> driver_;
  std::unordered_map<int, std::string> names_;
};

/// Artix-7, speed grade 1, project X-Ray's tables as Yosys' simulation library carries them: FDRE,
/// LUT6's fourth input of six, CARRY4 (S to O, CI to CO), MUXF7, RAMB36E1. The net is an
/// assumption.
constexpr DelayModel kXc7 = {0.303, 0.11, 0.407, 0.35, 0.114, 0.22, 2.454, 0.882, 0.6};
/// Half of the above: an assumption for 16 nm parts.
constexpr DelayModel kXcup = {0.15, 0.055, 0.2, 0.175, 0.057, 0.11, 1.227, 0.441, 0.3};
/// LUT4 as in Yosys' ECP5 library (its slowest input); the others are assumptions.
constexpr DelayModel kEcp5 = {0.5, 0.1, 0.379, 0.45, 0.07, 0.2, 4.0, 1.0, 0.6};
/// iCE40 HX as in Yosys' library: SB_DFF, SB_LUT4's first input, SB_CARRY. The net is an
/// assumption.
constexpr DelayModel kIce40 = {0.54, 0.021, 0.449, 0.259, 0.126, 0.0, 2.146, 2.146, 0.6};

}  // namespace

const DelayModel& DelaysOf(std::string_view family) {
  return family == "xc7" ? kXc7 : family == "ecp5" ? kEcp5 : family == "ice40" ? kIce40 : kXcup;
}

ModulePath SlowestPath(const Json& module, const DelayModel& delays) {
  return Netlist(module, delays).Slowest();
}

}  // namespace ternfab
