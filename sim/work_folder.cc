// SPDX-License-Identifier: Apache-2.0
#include "sim/work_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>

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

constexpr std::string_view kMark = ".work-", kRandom = "XXXXXX";  ///< for mkdtemp

bool IsWorkFolder(const std::string& name) {
  const size_t mark = name.rfind(kMark);
  return mark != std::string::npos && mark + kMark.size() + kRandom.size() == name.size();
}

/// The folder, locked; -1: it is not there, cannot be locked or, without `wait`, is somebody's.
/// Programs that are started inherit the lock.
int Lock(const fs::path& folder, bool wait) {
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (file < 0) return -1;
  while (flock(file, wait ? LOCK_EX : LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    close(file);
    return -1;
  }
  return file;
}

/// Removes work folders in `parent` whose processes are gone.
void RemoveAbandoned(const fs::path& parent) {
  std::error_code error;
  for (fs::directory_iterator it(parent, error), end; !error && it != end; it.increment(error)) {
    if (!IsWorkFolder(it->path().filename().string())) continue;
    const int file = Lock(it->path(), /*wait=*/false);
    if (file < 0) continue;
    std::error_code ignored;
    fs::remove_all(it->path(), ignored);
    close(file);
  }
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
  RemoveAbandoned(base.parent_path());
  while (true) {
    std::string name = fmt::format("{}{}{}", base.string(), kMark, kRandom);
    if (error || !mkdtemp(name.data())) return Fail("{}: cannot be created", name);
    WorkFolder folder;
    folder.path_ = name;
    folder.lock_ = Lock(name, /*wait=*/true);
    // Another process that came before the lock has taken the folder for an abandoned one.
    if (fs::exists(name, error)) return folder;
  }
}

WorkFolder::~WorkFolder() {
  std::error_code error;
  if (!path_.empty()) fs::remove_all(path_, error);
  if (lock_ >= 0) close(lock_);
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
