// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace ternfab {

/// `text` of an untrusted file for a one-line message: at most 64 bytes, others than printable
/// ASCII as \xNN.
inline std::string Printable(std::string_view text) {
  constexpr size_t kMaxPrinted = 64;
  std::string out;
  for (const char c : text.substr(0, kMaxPrinted)) {
    if (c >= ' ' && c <= '~') {
      out += c;
    } else {
      out += fmt::format("\\x{:02x}", uint8_t(c));
    }
  }
  return text.size() > kMaxPrinted ? out + "..." : out;
}

}  // namespace ternfab
