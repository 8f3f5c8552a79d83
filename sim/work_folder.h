// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "common/error.h"

// Where other programs (Yosys, nextpnr, Icarus, OpenSTA) work.

namespace ternfab {

Expected<std::string> ReadText(const std::filesystem::path& path);

/// Runs a shell command in `folder`; what it prints. Error: "<its first word> failed: " and the
/// last line that says ERROR, else the last line.
Expected<std::string> RunTool(const std::filesystem::path& folder, const std::string& command);

/// Error: the shell finds no such program; names the Debian packages to install.
Expected<void> CheckTool(const std::string& program, const std::string& packages);

/// A new folder `<base>.work-XXXXXX` that goes with this object. A process that is ended by a
/// signal leaves its own; the next one that makes a folder beside them removes them. It knows them
/// by a lock (flock) that a folder's process, and each program that it started, hold as long as
/// they live.
class WorkFolder {
 public:
  static Expected<WorkFolder> Create(const std::filesystem::path& base);
  WorkFolder(WorkFolder&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(lock_, other.lock_);
  }
  ~WorkFolder();

  const std::filesystem::path& path() const { return path_; }
  Expected<void> Write(const std::string& name, const std::string& text) const;
  Expected<std::string> Read(const std::string& name) const { return ReadText(path_ / name); }
  /// Moves the file `name` to `result`, whole or not at all.
  Expected<void> Keep(const std::string& name, const std::filesystem::path& result) const;

 private:
  WorkFolder() = default;
  std::filesystem::path path_;
  int lock_ = -1;  ///< of the folder, open and locked
};

}  // namespace ternfab
