// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "common/error.h"

// Files and programs of mode `gate`.

namespace ternfab {

/// $TERNFAB_CACHE, else $XDG_CACHE_HOME/ternfab, else $HOME/.cache/ternfab.
std::string GateCacheFolder();

/// FNV-1a of two texts.
uint64_t HashGates(std::string_view a, std::string_view b);

Expected<std::string> ReadGateFile(const std::filesystem::path& path);
Expected<void> WriteGateFile(const std::filesystem::path& path, const std::string& text);

/// What yosys, iverilog and sta say of their versions. Error: one is not there; names its package.
Expected<std::string> GateToolVersions();

/// Runs a shell command in `folder`; what it prints. Error: it fails; the message has its last
/// line.
Expected<std::string> RunGateTool(const std::filesystem::path& folder, const std::string& command);

/// A new folder under `base` that goes with this object.
class GateFolder {
 public:
  static Expected<GateFolder> Create(const std::filesystem::path& base);
  GateFolder(GateFolder&& other) noexcept { std::swap(path_, other.path_); }
  ~GateFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  GateFolder() = default;
  std::filesystem::path path_;
};

}  // namespace ternfab
