// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/vcd.h"

#include <algorithm>
#include <cstdlib>

namespace ternfab {
namespace {

/// A net of the scope and what it was last. Several names may have one code.
struct Net {
  std::vector<std::string> names;
  std::string value;  ///< bit 0 first
  std::vector<Toggles> toggles;

  void Change(const std::string& now, bool counted) {
    for (size_t i = 0; i < value.size(); ++i) {
      if (counted && value[i] == '0' && now[i] == '1') ++toggles[i].rises;
      if (counted && value[i] == '1' && now[i] == '0') ++toggles[i].falls;
    }
    value = now;
  }
};

/// A dumped vector is shortened on its left: 0 and 1 are continued with 0, x and z with themselves.
std::string Bits(std::string digits, size_t width) {
  std::reverse(digits.begin(), digits.end());
  const char fill = digits.empty() || digits.back() == '1' ? '0' : digits.back();
  digits.resize(width, fill);
  return digits;
}

class Reader {
 public:
  Reader(std::istream& in, std::string scope) : in_(in), wanted_(std::move(scope)) {}

  Expected<void> Declarations() {
    for (std::string word; in_ >> word && word != "$enddefinitions";) {
      if (word == "$scope") {
        std::string kind, name;
        in_ >> kind >> name;
        scopes_.push_back(name);
        found_ |= name == wanted_;
      } else if (word == "$upscope" && !scopes_.empty()) {
        scopes_.pop_back();
      } else if (word == "$var") {
        Variable();
      }
    }
    if (!in_ || !found_) return Fail("VCD: no scope {}", wanted_);
    return {};
  }

  void Changes(uint64_t begin) {
    bool counted = begin == 0;
    for (std::string word; in_ >> word;) {
      if (word[0] == '#') {
        counted = std::strtoull(word.c_str() + 1, nullptr, 10) >= begin;
      } else if (word[0] == 'b') {
        std::string code;
        in_ >> code;
        Change(code, word.substr(1), counted);
      } else if (std::string_view("01xzXZ").find(word[0]) != std::string_view::npos) {
        Change(word.substr(1), word.substr(0, 1), counted);
      }
    }
  }

  ToggleMap Take() const {
    ToggleMap map;
    for (const auto& [code, net] : nets_) {
      for (const std::string& name : net.names) map[name] = net.toggles;
    }
    return map;
  }

 private:
  void Variable() {
    std::string kind, code, name;
    size_t width = 0;
    in_ >> kind >> width >> code >> name;
    if (scopes_.empty() || scopes_.back() != wanted_ || width == 0 || width > 1u << 20) return;
    Net& net = nets_[code];
    net.names.push_back(name);
    net.value.assign(width, 'x');
    net.toggles.resize(width);
  }

  void Change(const std::string& code, const std::string& digits, bool counted) {
    const auto net = nets_.find(code);
    if (net == nets_.end()) return;
    net->second.Change(Bits(digits, net->second.value.size()), counted);
  }

  std::istream& in_;
  std::string wanted_;
  std::vector<std::string> scopes_;
  bool found_ = false;
  std::map<std::string, Net> nets_;
};

}  // namespace

Expected<ToggleMap> CountToggles(std::istream& vcd, const std::string& scope, uint64_t begin) {
  Reader reader(vcd, scope);
  TF_RETURN_IF_ERROR(reader.Declarations());
  reader.Changes(begin);
  return reader.Take();
}

}  // namespace ternfab
