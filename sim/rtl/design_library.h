// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "codegen/spec.h"
#include "common/error.h"
#include "sim/rtl/rtl_design.h"

namespace ternfab::rtl {

/// How to build a design's library.
struct LibraryOptions {
  bool waves = false;  ///< with FST waves; another library, slower
  /// Told once before a build that takes its time; not when the cache has the library.
  std::function<void(const std::string&)> on_build = [](const std::string&) {};
  /// Told during a build: files compiled and all of them (0, 0 while Verilator works).
  std::function<void(int64_t, int64_t)> on_progress = [](int64_t, int64_t) {};
};

/// Generates the design, verilates and compiles it into a shared library. Libraries are cached in
/// CacheFolder() by a hash of everything they are made of (sources, versions of Verilator and
/// compiler, CPU); the Verilator runtime is compiled once for each compiler and CPU. Returns the
/// library's path. Errors: verilator, make or the compiler missing or failing (names the log).
Expected<std::string> BuildLibrary(const HardwareSpec& spec, const LibraryOptions& options);

/// $TERNFAB_CACHE, else $XDG_CACHE_HOME/ternfab, else $HOME/.cache/ternfab.
std::string CacheFolder();

/// Opens a library and creates its design. The library stays loaded.
Expected<std::unique_ptr<RtlDesign>> LoadDesign(const std::string& library);

}  // namespace ternfab::rtl
