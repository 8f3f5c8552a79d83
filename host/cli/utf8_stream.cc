// SPDX-License-Identifier: Apache-2.0
#include "host/cli/utf8_stream.h"

#include <cstdint>

namespace ternfab::cli {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// Bytes of a character by its first byte; 0: none begins so.
size_t CharacterBytes(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/// Whether `byte` may come second after `lead`: no overlong form, no surrogate, at most U+10FFFF.
bool MayComeSecond(uint8_t lead, uint8_t byte) {
  const uint8_t least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const uint8_t most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  return byte >= least && byte <= most;
}

/// Bytes from the beginning of `text` that a character may have; at least 1.
size_t GoodBytes(std::string_view text, size_t length) {
  size_t good = 1;
  while (good < length && good < text.size()) {
    const auto byte = uint8_t(text[good]);
    const bool fits = good == 1 ? MayComeSecond(uint8_t(text[0]), byte) : (byte & 0xc0) == 0x80;
    if (!fits) break;
    ++good;
  }
  return good;
}

}  // namespace

std::string Utf8Stream::Add(std::string_view bytes) {
  pending_ += bytes;
  std::string out;
  std::string_view rest = pending_;
  while (!rest.empty()) {
    const size_t length = CharacterBytes(uint8_t(rest[0]));
    const size_t good = GoodBytes(rest, length);
    if (length != 0 && good < length && good == rest.size()) break;  // more may come
    out += good == length ? rest.substr(0, good) : kReplacement;
    rest.remove_prefix(good);
  }
  pending_ = std::string(rest);
  return out;
}

std::string ValidUtf8(std::string_view bytes) { return Utf8Stream().Add(bytes); }

}  // namespace ternfab::cli
