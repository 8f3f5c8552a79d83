// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/gate_netlist.h"

#include <map>
#include <nlohmann/json.hpp>

namespace ternfab {
namespace {

using Json = nlohmann::json;

constexpr double kPico = 1e-12;

class Energy {
 public:
  Energy(const GateNetlist& netlist, const Liberty& liberty, const ToggleMap& toggles)
      : netlist_(netlist), liberty_(liberty), toggles_(toggles) {}

  Expected<GateJoules> Run() {
    TF_RETURN_IF_ERROR(Load());
    driven_.assign(netlist_.nets.size(), false);
    for (const GateCell& cell : netlist_.cells) {
      for (const GatePin& pin : cell.pins) {
        TF_RETURN_IF_ERROR(AddPin(liberty_.cells.at(cell.type), pin));
      }
    }
    for (size_t net = 0; net < driven_.size(); ++net) {
      if (driven_[net] || loads_[net] == 0) continue;
      TF_ASSIGN_OR_RETURN(const Toggles t, TogglesOf(int(net)));
      (IsClock(int(net)) ? joules_.clock : joules_.inputs) += double(t.total()) * LoadEnergy(net);
    }
    return joules_;
  }

 private:
  /// Capacitances that each net drives.
  Expected<void> Load() {
    loads_.assign(netlist_.nets.size(), 0);
    for (const GateCell& cell : netlist_.cells) {
      const auto known = liberty_.cells.find(cell.type);
      if (known == liberty_.cells.end()) return Fail("cell {}: not in the library", cell.type);
      for (const GatePin& pin : cell.pins) {
        const auto found = known->second.pins.find(pin.name);
        if (found == known->second.pins.end()) {
          return Fail("cell {}: no pin {} in the library", cell.type, pin.name);
        }
        if (!found->second.output) loads_[size_t(pin.net)] += found->second.capacitance_pf;
      }
    }
    return {};
  }

  bool IsClock(int net) const {
    const auto& names = netlist_.nets[size_t(net)];
    return !names.empty() && names[0].net == kGateClock;
  }

  /// Of one change.
  double LoadEnergy(size_t net) const {
    return 0.5 * loads_[net] * liberty_.voltage * liberty_.voltage * kPico;
  }

  Expected<Toggles> TogglesOf(int net) const {
    const auto& names = netlist_.nets[size_t(net)];
    for (const GateNetlist::Name& name : names) {
      const auto found = toggles_.find(name.net);
      if (found != toggles_.end() && size_t(name.bit) < found->second.size()) {
        return found->second[size_t(name.bit)];
      }
    }
    if (names.empty()) return Toggles{};
    return Fail("net {}: not in the dump", names[0].net);
  }

  Expected<void> AddPin(const LibertyCell& cell, const GatePin& pin) {
    const LibertyPin& model = cell.pins.at(pin.name);
    TF_ASSIGN_OR_RETURN(const Toggles t, TogglesOf(pin.net));
    const double load = model.output ? loads_[size_t(pin.net)] : 0;
    double joules = 0;
    for (const LibertyPower& power : model.powers) {
      joules += double(t.rises) * power.rise.At(load, kGateTransitionNs) +
                double(t.falls) * power.fall.At(load, kGateTransitionNs);
    }
    if (!model.powers.empty()) joules *= kPico / double(model.powers.size());
    if (model.output) {
      driven_[size_t(pin.net)] = true;
      joules += double(t.total()) * LoadEnergy(size_t(pin.net));
      (cell.sequential ? joules_.flip_flops : joules_.logic) += joules;
    } else if (IsClock(pin.net)) {
      joules_.clock += joules;
    } else {
      joules_.flip_flops += joules;
    }
    return {};
  }

  const GateNetlist& netlist_;
  const Liberty& liberty_;
  const ToggleMap& toggles_;
  std::vector<double> loads_;  ///< pF by net
  std::vector<bool> driven_;
  GateJoules joules_;
};

}  // namespace

Expected<GateNetlist> ParseYosysJson(const std::string& text, const std::string& top) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("modules") || !json["modules"].contains(top)) {
    return Fail("netlist: no module {}", top);
  }
  const Json& module = json["modules"][top];
  GateNetlist netlist;
  std::map<int, int> index;  // of Yosys' bit numbers
  const auto net_of = [&](const Json& bit) {
    const int number = bit.is_number_integer() ? bit.get<int>() : -1;
    const auto [at, fresh] = index.emplace(number, int(netlist.nets.size()));
    if (fresh) netlist.nets.emplace_back();
    return at->second;
  };
  for (const auto& [name, net] : module["netnames"].items()) {
    for (size_t bit = 0; bit < net["bits"].size(); ++bit) {
      if (!net["bits"][bit].is_number_integer()) continue;
      netlist.nets[size_t(net_of(net["bits"][bit]))].push_back({name, int(bit)});
    }
  }
  for (const auto& [name, cell] : module["cells"].items()) {
    GateCell gate{cell["type"].get<std::string>(), {}};
    for (const auto& [pin, bits] : cell["connections"].items()) {
      if (bits.size() != 1) return Fail("netlist: cell {}, pin {}: must be one bit", name, pin);
      gate.pins.push_back({pin, net_of(bits[0])});
    }
    netlist.cells.push_back(std::move(gate));
  }
  return netlist;
}

Expected<GateJoules> SwitchingEnergy(const GateNetlist& netlist, const Liberty& liberty,
                                     const ToggleMap& toggles) {
  return Energy(netlist, liberty, toggles).Run();
}

}  // namespace ternfab
