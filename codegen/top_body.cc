// SPDX-License-Identifier: Apache-2.0
#include "codegen/top_body.h"

#include <algorithm>
#include <sstream>

namespace ternfab::top {

void TopBody::Heading(const std::string& text) {
  Blank();
  Raw("// ---- " + text + " " + std::string(90 - std::min<size_t>(text.size(), 80), '-'));
  Blank();
}

void TopBody::Nets(const std::string& width, std::initializer_list<const char*> names) {
  const bool number = width.find_first_not_of("0123456789") == std::string::npos;
  for (const char* name : names) {
    if (width.empty()) {
      Line("logic {};", name);
    } else if (number) {
      Line("logic [{}:0] {};", std::stoi(width) - 1, name);
    } else {
      Line("logic [{}-1:0] {};", width, name);
    }
  }
}

void TopBody::Instance(const std::string& module, const Parameters& parameters,
                       const std::string& instance, const Pins& pins) {
  if (parameters.empty()) {
    Line("{} {} (", module, instance);
  } else {
    Line("{} #(", module);
    WriteParameters(parameters);
    Line(") {} (", instance);
  }
  WritePins(pins);
  Raw(");");
}

TopBody::Parameters TopBody::PkgParameters(const std::string& names) const {
  Parameters parameters;
  std::istringstream words(names);
  for (std::string word; words >> word;) parameters.emplace_back(word, Pkg(word));
  return parameters;
}

void TopBody::WriteParameters(const Parameters& parameters) {
  size_t width = 0;
  for (const auto& [name, value] : parameters) width = std::max(width, name.size());
  Indent();
  for (size_t i = 0; i < parameters.size(); ++i) {
    Line(".{:{}}({}){}", parameters[i].first, width, parameters[i].second,
         i + 1 < parameters.size() ? "," : "");
  }
  Outdent();
}

void TopBody::WritePins(const Pins& pins) {
  size_t width = 0;
  for (const Pin& pin : pins) width = std::max(width, pin.name.size());
  Indent();
  for (size_t i = 0; i < pins.size(); ++i) {
    const bool opens = pins[i].simulation && (i == 0 || !pins[i - 1].simulation);
    const bool closes = pins[i].simulation && !pins[i + 1].simulation;
    if (opens) SimulationOnly();
    Line(".{:{}}({}){}", pins[i].name, width, pins[i].net, i + 1 < pins.size() ? "," : "");
    if (closes) EndSimulationOnly();
  }
  Outdent();
}

TopBody::Pins Same(const std::string& pin_prefix, const std::string& net_prefix,
                   const std::string& pins) {
  TopBody::Pins result;
  std::istringstream words(pins);
  for (std::string word; words >> word;) {
    result.push_back({pin_prefix + word, net_prefix + word.substr(0, word.size() - 2)});
  }
  return result;
}

TopBody::Pins Join(std::initializer_list<TopBody::Pins> groups) {
  TopBody::Pins all;
  for (const TopBody::Pins& group : groups) all.insert(all.end(), group.begin(), group.end());
  return all;
}

TopBody::Pins Clock(const char* reset) { return {{"clk_i", "ap_clk"}, {"rst_ni", reset}}; }

}  // namespace ternfab::top
