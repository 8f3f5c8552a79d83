// SPDX-License-Identifier: Apache-2.0
#include "sim/area/rtlil.h"

#include <fmt/format.h>

#include <cctype>
#include <sstream>
#include <string_view>

namespace ternfab {
namespace {

/// A module as it stands in the file.
struct RawModule {
  std::string name;
  std::vector<std::string> body;  ///< lines between `module` and `end`, without positions
};

/// Cells of the family that the design names itself are black boxes and left out.
std::vector<RawModule> ReadModules(const std::string& rtlil) {
  std::vector<RawModule> modules;
  bool cell = false;
  std::istringstream lines(rtlil);
  std::string line;
  bool inside = false;
  while (std::getline(lines, line)) {
    if (line.starts_with("attribute \\blackbox ") || line.starts_with("attribute \\whitebox ")) {
      cell = true;
    } else if (line.starts_with("module ")) {
      if (!cell) modules.push_back({line.substr(7), {}});
      inside = !cell;
    } else if (line == "end") {
      inside = cell = false;
    } else if (inside && line.find("attribute \\src ") == std::string::npos) {
      modules.back().body.push_back(line);
    }
  }
  return modules;
}

/// "tf_fifo" of "$paramod$<digest>\tf_fifo" and "$paramod\tf_fifo\Depth=s32'..." and "\tf_fifo".
std::string BaseName(const std::string& name) {
  const size_t begin = name.find('\\') + 1;
  return name.substr(begin, name.find('\\', begin) - begin);
}

/// Ports only.
std::string Stub(const RawModule& module) {
  std::string text = "attribute \\blackbox 1\nmodule " + module.name + "\n";
  for (const std::string& line : module.body) {
    const bool port = line.find(" input ") != std::string::npos ||
                      line.find(" output ") != std::string::npos ||
                      line.find(" inout ") != std::string::npos;
    if (line.starts_with("  wire ") && port) text += line + "\n";
  }
  return text + "end\n";
}

/// `text` with the numbers that Yosys gave to names ("$add$rtl/tf_fifo.sv:47$7874_Y"), which depend
/// on what it read before, replaced by their order in the text; `autoidx` says where new ones
/// begin.
std::string Renumbered(std::string_view text) {
  constexpr size_t kMaxDigits = 9;  // digests of parameters are longer or go on with letters
  std::map<std::string_view, size_t> order;
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    out += text[i++];
    if (text[i - 1] != '$') continue;
    size_t end = i;
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end]))) ++end;
    const bool number =
        end > i && end - i <= kMaxDigits &&
        (end == text.size() || !std::isalpha(static_cast<unsigned char>(text[end])));
    if (!number) continue;
    out += std::to_string(order.emplace(text.substr(i, end - i), order.size() + 1).first->second);
    i = end;
  }
  return fmt::format("autoidx {}\n", order.size() + 1) + out;
}

/// "417" as it is, "16'0000000011110001" as "0x00f1".
std::string Readable(const std::string& value) {
  const size_t quote = value.find('\'');
  std::string bits = quote == std::string::npos ? "" : value.substr(quote + 1);
  if (bits.empty() || bits.find_first_not_of("01") != std::string::npos) return value;
  constexpr size_t kDigitBits = 4;
  bits.insert(0, (kDigitBits - bits.size() % kDigitBits) % kDigitBits, '0');
  std::string text = "0x";
  for (size_t i = 0; i < bits.size(); i += kDigitBits) {
    text += fmt::format("{:x}", std::stoi(bits.substr(i, kDigitBits), nullptr, 2));
  }
  return text;
}

RtlilModule Finish(const RawModule& raw, const std::map<std::string, const RawModule*>& all) {
  RtlilModule result{raw.name, BaseName(raw.name), "", {}, ""};
  std::string body;
  for (const std::string& line : raw.body) {
    std::istringstream words(line);
    std::string keyword, first, second;
    words >> keyword >> first >> second;
    if (keyword == "cell" && all.count(first)) ++result.instances[first];
    if (line.starts_with("  parameter \\")) {
      result.parameters +=
          (result.parameters.empty() ? "" : " ") + first.substr(1) + "=" + Readable(second);
    }
    body += line + "\n";
  }
  std::string text;
  for (const auto& [name, count] : result.instances) text += Stub(*all.at(name));
  result.text = Renumbered(text + fmt::format("module \\{}\n", kUnitName) + body + "end\n");
  return result;
}

}  // namespace

std::vector<RtlilModule> SplitRtlil(const std::string& rtlil) {
  const std::vector<RawModule> raw = ReadModules(rtlil);
  std::map<std::string, const RawModule*> all;
  for (const RawModule& module : raw) all[module.name] = &module;
  std::vector<RtlilModule> modules;
  modules.reserve(raw.size());
  for (const RawModule& module : raw) modules.push_back(Finish(module, all));
  return modules;
}

}  // namespace ternfab
