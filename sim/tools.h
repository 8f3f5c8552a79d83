// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// What the callers of other programs (Verilator, Yosys) share.

namespace ternfab {

/// $TERNFAB_CACHE, else $XDG_CACHE_HOME/ternfab, else $HOME/.cache/ternfab.
std::string CacheFolder();

inline constexpr uint64_t kFnvBasis = 0xcbf29ce484222325;

/// FNV-1a of `text`, continued from `hash`.
uint64_t HashText(uint64_t hash, std::string_view text);

/// Single-quoted for the shell.
std::string Quoted(const std::string& text);

/// First line that a shell command prints; "" when it fails.
std::string FirstLine(const std::string& command);

}  // namespace ternfab
