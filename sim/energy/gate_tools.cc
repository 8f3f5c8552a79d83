// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/gate_tools.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace ternfab {
namespace {

namespace fs = std::filesystem;

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// What a shell command prints, and its exit status.
std::pair<std::string, int> Shell(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {"", -1};
  std::array<char, 4096> buffer;
  while (const size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    text.append(buffer.data(), n);
  }
  return {text, pclose(pipe)};
}

std::string LastLine(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const size_t at = text.rfind('\n');
  return at == std::string::npos ? text : text.substr(at + 1);
}

}  // namespace

std::string GateCacheFolder() {
  if (const std::string folder = Environment("TERNFAB_CACHE"); !folder.empty()) return folder;
  if (const std::string folder = Environment("XDG_CACHE_HOME"); !folder.empty()) {
    return folder + "/ternfab";
  }
  return Environment("HOME") + "/.cache/ternfab";
}

uint64_t HashGates(std::string_view a, std::string_view b) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const std::string_view text : {a, b}) {
    for (const char c : text) hash = (hash ^ uint8_t(c)) * 0x100000001b3;
    hash = (hash ^ 0xff) * 0x100000001b3;
  }
  return hash;
}

Expected<std::string> ReadGateFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return Fail("{}: cannot be read", path.string());
  return text.str();
}

Expected<void> WriteGateFile(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) return Fail("{}: cannot be written", path.string());
  return {};
}

Expected<std::string> GateToolVersions() {
  struct Tool {
    const char *name, *version, *package;
  };
  std::string versions;
  for (const Tool& tool : {Tool{"yosys", "yosys -V", "yosys"},
                           Tool{"iverilog", "iverilog -V 2>/dev/null | head -1", "iverilog"},
                           Tool{"sta", "sta -version", "opensta"}}) {
    if (Shell(fmt::format("command -v {} 2>/dev/null", tool.name)).second != 0) {
      return Fail("--energy gate: {} is not there: install {}", tool.name, tool.package);
    }
    versions += Shell(fmt::format("{} 2>/dev/null", tool.version)).first;
  }
  return versions;
}

Expected<std::string> RunGateTool(const fs::path& folder, const std::string& command) {
  const auto [text, status] =
      Shell(fmt::format("cd {} && ( {} ) 2>&1 </dev/null", Quoted(folder.string()), command));
  if (status == 0) return text;
  return Fail("{}: {}", command.substr(0, command.find(' ')), LastLine(text));
}

Expected<GateFolder> GateFolder::Create(const fs::path& base) {
  std::error_code error;
  fs::create_directories(base, error);
  std::string name = (base / "gate-XXXXXX").string();
  if (error || mkdtemp(name.data()) == nullptr) return Fail("{}: cannot be written", base.string());
  GateFolder folder;
  folder.path_ = name;
  return folder;
}

GateFolder::~GateFolder() {
  std::error_code error;
  if (!path_.empty()) fs::remove_all(path_, error);
}

}  // namespace ternfab
