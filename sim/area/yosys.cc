// SPDX-License-Identifier: Apache-2.0
#include "sim/area/yosys.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "sim/tools.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;

/// The last line that is not empty.
std::string LastLine(const std::string& text) {
  std::istringstream lines(text);
  std::string line, last;
  while (std::getline(lines, line)) {
    if (!line.empty()) last = line;
  }
  return last;
}

}  // namespace

Expected<std::string> ReadText(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return Fail("{}: cannot be read", path.string());
  return text.str();
}

Expected<PartialFolder> PartialFolder::Create(const fs::path& base) {
  std::error_code error;
  fs::create_directories(base.parent_path(), error);
  std::string name = base.string() + ".XXXXXX";
  if (error || !mkdtemp(name.data())) return Fail("{}: cannot be created", name);
  PartialFolder folder;
  folder.path_ = name;
  return folder;
}

PartialFolder::~PartialFolder() {
  std::error_code error;
  if (!path_.empty()) fs::remove_all(path_, error);
}

Expected<void> PartialFolder::Write(const std::string& name, const std::string& text) const {
  const fs::path path = path_ / name;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream out(path, std::ios::binary);
  out << text << std::flush;
  if (!out) return Fail("{}: cannot be written", path.string());
  return {};
}

Expected<std::string> PartialFolder::Read(const std::string& name) const {
  return ReadText(path_ / name);
}

Expected<std::string> YosysVersion() {
  const std::string version = FirstLine("yosys -V");
  if (version.empty()) return Fail("yosys: not found (Debian package yosys)");
  return version;
}

Expected<std::string> RunYosys(const fs::path& folder, const std::string& script) {
  std::ofstream(folder / "run.ys") << script;
  const std::string command =
      "cd " + Quoted(folder.string()) + " && yosys -q -l run.log -s run.ys >/dev/null 2>run.err";
  const int status = std::system(command.c_str());
  const auto read = [&](const char* name) {
    std::ifstream in(folder / name, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  };
  if (status == 0) return read("run.log");
  const std::string why = LastLine(read("run.err"));
  return Fail("yosys failed: {}", why.empty() ? LastLine(read("run.log")) : why);
}

}  // namespace ternfab
