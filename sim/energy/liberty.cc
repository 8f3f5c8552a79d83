// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/liberty.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace ternfab {
namespace {

/// `type (name) { ... }`, with `name : value;` and `name ("...", ...);` inside.
struct Group {
  std::string type, name;
  std::multimap<std::string, std::string> values;
  std::vector<Group> groups;

  std::string Value(const std::string& key) const {
    const auto found = values.find(key);
    return found == values.end() ? "" : found->second;
  }
  const Group* Find(std::string_view wanted) const {
    for (const Group& group : groups) {
      if (group.type == wanted) return &group;
    }
    return nullptr;
  }
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Expected<Group> Parse() {
    Group top;
    TF_RETURN_IF_ERROR(ParseStatement(top, 0));
    if (top.groups.size() != 1 || top.groups[0].type != "library") return Wrong("library");
    return top.groups[0];
  }

 private:
  static constexpr int kDeepest = 16;

  tl::unexpected<Error> Wrong(std::string_view wanted) const {
    const auto line = 1 + std::count(text_.begin(), text_.begin() + ptrdiff_t(at_), '\n');
    return Fail("Liberty, line {}: must be {}", line, wanted);
  }

  void SkipSpace() {
    while (at_ < text_.size()) {
      if (std::isspace(static_cast<unsigned char>(text_[at_])) || text_[at_] == '\\') {
        ++at_;
      } else if (text_.substr(at_, 2) == "/*") {
        const size_t end = text_.find("*/", at_);
        at_ = end == std::string_view::npos ? text_.size() : end + 2;
      } else {
        return;
      }
    }
  }

  bool Take(char c) {
    SkipSpace();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  /// Up to one of `ends` outside of quotes, without the quotes and the spaces at its ends.
  std::string Until(std::string_view ends) {
    SkipSpace();
    std::string word;
    for (bool quoted = false; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && ends.find(c) != std::string_view::npos) {
        break;
      } else if (c != '\\' && c != '\n' && c != '\r') {
        word += c;
      }
    }
    while (!word.empty() && word.back() == ' ') word.pop_back();
    return word;
  }

  Expected<void> ParseStatement(Group& parent, int depth) {
    const std::string name = Until(":(;{}");
    if (name.empty() || depth > kDeepest) return Wrong("a statement");
    if (Take(':')) {
      parent.values.emplace(name, Until(";}"));
      Take(';');
      return {};
    }
    if (!Take('(')) return Wrong("':' or '('");
    const std::string argument = Until(")");
    if (!Take(')')) return Wrong("')'");
    if (!Take('{')) {
      parent.values.emplace(name, argument);
      Take(';');
      return {};
    }
    Group group{name, argument, {}, {}};
    while (!Take('}')) {
      SkipSpace();
      if (at_ >= text_.size()) return Wrong("'}'");
      TF_RETURN_IF_ERROR(ParseStatement(group, depth + 1));
      while (Take(';')) {
      }
    }
    parent.groups.push_back(std::move(group));
    return {};
  }

  std::string_view text_;
  size_t at_ = 0;
};

std::vector<double> Numbers(const std::string& text) {
  std::vector<double> numbers;
  for (const char* at = text.c_str(); *at != '\0';) {
    char* end = nullptr;
    const double value = std::strtod(at, &end);
    if (end != at) numbers.push_back(value);
    at = end == at ? at + 1 : end;
  }
  return numbers;
}

Expected<LibertyTable> MakeTable(const Group* group, const std::string& where) {
  LibertyTable table;
  if (group == nullptr) return table;
  table.values = Numbers(group->Value("values"));
  table.transitions = Numbers(group->Value("index_1"));
  if (group->values.contains("index_2")) {
    table.loads = std::move(table.transitions);
    table.transitions = Numbers(group->Value("index_2"));
  }
  const size_t rows = std::max<size_t>(1, table.loads.size());
  if (table.transitions.empty() || table.values.size() != rows * table.transitions.size()) {
    return Fail("Liberty, {}: a power table must have a value for each index", where);
  }
  return table;
}

Expected<LibertyPin> MakePin(const Group& group, const std::string& where) {
  LibertyPin pin;
  pin.output = group.Value("direction") == "output";
  pin.capacitance_pf = std::strtod(group.Value("capacitance").c_str(), nullptr);
  for (const Group& power : group.groups) {
    if (power.type != "internal_power") continue;
    LibertyPower entry;
    TF_ASSIGN_OR_RETURN(entry.rise, MakeTable(power.Find("rise_power"), where));
    TF_ASSIGN_OR_RETURN(entry.fall, MakeTable(power.Find("fall_power"), where));
    pin.powers.push_back(std::move(entry));
  }
  return pin;
}

/// Cell of `x` in `points`, and how far it lies in it.
std::pair<size_t, double> Place(const std::vector<double>& points, double x) {
  if (points.size() < 2 || x <= points.front()) return {0, 0.0};
  if (x >= points.back()) return {points.size() - 2, 1.0};
  const size_t i = size_t(std::upper_bound(points.begin(), points.end(), x) - points.begin()) - 1;
  return {i, (x - points[i]) / (points[i + 1] - points[i])};
}

}  // namespace

double LibertyTable::At(double load, double transition) const {
  if (values.empty()) return 0;
  const auto [t, u] = Place(transitions, transition);
  const auto row = [&, t = t, u = u](size_t r) {
    const double* at = &values[r * transitions.size() + t];
    return u == 0 ? at[0] : at[0] + u * (at[1] - at[0]);
  };
  const auto [l, v] = Place(loads, load);
  return v == 0 ? row(l) : row(l) + v * (row(l + 1) - row(l));
}

Expected<Liberty> ParseLiberty(std::string_view text) {
  TF_ASSIGN_OR_RETURN(const Group library, Parser(text).Parse());
  const std::string load = library.Value("capacitive_load_unit");
  if (library.Value("time_unit") != "1ns" || library.Value("voltage_unit") != "1V" ||
      load.find("pf") == std::string::npos || Numbers(load) != std::vector<double>{1}) {
    return Fail("Liberty: units must be 1ns, 1V and 1 pf");
  }
  Liberty liberty;
  liberty.voltage = std::strtod(library.Value("nom_voltage").c_str(), nullptr);
  for (const Group& group : library.groups) {
    if (group.type != "cell") continue;
    LibertyCell& cell = liberty.cells[group.name];
    cell.area = std::strtod(group.Value("area").c_str(), nullptr);
    for (const Group& part : group.groups) {
      cell.sequential |= part.type == "ff" || part.type == "latch";
      if (part.type != "pin") continue;
      const std::string where = fmt::format("cell {}, pin {}", group.name, part.name);
      TF_ASSIGN_OR_RETURN(cell.pins[part.name], MakePin(part, where));
    }
  }
  return liberty;
}

}  // namespace ternfab
