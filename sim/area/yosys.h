// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "common/error.h"

namespace ternfab {

/// What `yosys -V` prints. Error: there is no Yosys.
Expected<std::string> YosysVersion();

/// Runs `script` (commands, one a line) in `folder` and returns the log. Error: Yosys fails; the
/// message ends with its last line.
Expected<std::string> RunYosys(const std::filesystem::path& folder, const std::string& script);

Expected<std::string> ReadText(const std::filesystem::path& path);

/// A new folder `<base>.XXXXXX` that goes with this object.
class PartialFolder {
 public:
  static Expected<PartialFolder> Create(const std::filesystem::path& base);
  PartialFolder(PartialFolder&& other) noexcept { std::swap(path_, other.path_); }
  ~PartialFolder();

  const std::filesystem::path& path() const { return path_; }
  Expected<void> Write(const std::string& name, const std::string& text) const;
  Expected<std::string> Read(const std::string& name) const;

 private:
  PartialFolder() = default;
  std::filesystem::path path_;
};

}  // namespace ternfab
