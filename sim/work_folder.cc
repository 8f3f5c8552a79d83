// SPDX-License-Identifier: Apache-2.0
#include "sim/work_folder.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "sim/tools.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;

/// What RunTool says of a failure.
std::string Reason(const std::string& printed) {
  std::istringstream lines(printed);
  std::string reason;
  bool named = false;
  for (std::string line; std::getline(lines, line);) {
    const bool error = line.find("ERROR") != std::string::npos;
    if (error || (!named && !line.empty())) reason = line;
    named |= error;
  }
  return reason;
}

}  // namespace

Expected<std::string> ReadText(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return Fail("{}: cannot be read", path.string());
  return text.str();
}

Expected<std::string> RunTool(const fs::path& folder, const std::string& command) {
  const std::string line =
      "cd " + Quoted(folder.string()) + " && ( " + command + " ) 2>&1 </dev/null";
  const std::string name = command.substr(0, command.find(' '));
  FILE* pipe = popen(line.c_str(), "r");
  if (!pipe) return Fail("{}: cannot be started", name);
  std::string printed;
  std::array<char, 4096> buffer;
  while (const size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    printed.append(buffer.data(), n);
  }
  if (pclose(pipe) == 0) return printed;
  return Fail("{} failed: {}", name, Reason(printed));
}

Expected<void> CheckTool(const std::string& program, const std::string& packages) {
  if (!FirstLine("command -v " + program).empty()) return {};
  return Fail("{}: not found (Debian {})", program, packages);
}

Expected<WorkFolder> WorkFolder::Create(const fs::path& base) {
  std::error_code error;
  fs::create_directories(base.parent_path(), error);
  std::string name = base.string() + ".XXXXXX";
  if (error || !mkdtemp(name.data())) return Fail("{}: cannot be created", name);
  WorkFolder folder;
  folder.path_ = name;
  return folder;
}

WorkFolder::~WorkFolder() {
  std::error_code error;
  if (!path_.empty()) fs::remove_all(path_, error);
}

Expected<void> WorkFolder::Write(const std::string& name, const std::string& text) const {
  const fs::path path = path_ / name;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream out(path, std::ios::binary);
  out << text << std::flush;
  if (!out) return Fail("{}: cannot be written", path.string());
  return {};
}

Expected<void> WorkFolder::Keep(const std::string& name, const fs::path& result) const {
  std::error_code error;
  fs::rename(path_ / name, result, error);
  if (error) return Fail("{}: cannot be written", result.string());
  return {};
}

}  // namespace ternfab
