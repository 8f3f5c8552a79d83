// SPDX-License-Identifier: Apache-2.0
#include "models/byte_level.h"

#include <array>
#include <cstdint>

namespace ternfab {
namespace {

/// Reads the character at `position` and moves behind it; nullopt when it is not valid.
std::optional<char32_t> NextCharacter(std::string_view text, size_t& position) {
  const uint8_t lead = uint8_t(text[position]);
  if (lead < 0x80) {
    ++position;
    return lead;
  }
  if (lead < 0xc2 || lead > 0xf4) return std::nullopt;
  const int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (text.size() - position < size_t(length)) return std::nullopt;
  char32_t code = lead & (0x7f >> length);
  for (int i = 1; i < length; ++i) {
    const uint8_t byte = uint8_t(text[position + i]);
    if ((byte & 0xc0) != 0x80) return std::nullopt;
    code = code << 6 | (byte & 0x3f);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kLeast[length] || code > 0x10ffff || surrogate) return std::nullopt;
  position += length;
  return code;
}

bool StandsForItself(int byte) {
  return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

constexpr int kCharacters = 256 + 68;  // 68 bytes do not stand for themselves

/// Byte of each character; -1: none.
std::array<int16_t, kCharacters> MakeByteOfCharacter() {
  std::array<int16_t, kCharacters> table;
  table.fill(-1);
  int next = 256;
  for (int byte = 0; byte < 256; ++byte) table[StandsForItself(byte) ? byte : next++] = byte;
  return table;
}

}  // namespace

std::optional<size_t> FindInvalidUtf8(std::string_view text) {
  for (size_t position = 0; position < text.size();) {
    const size_t start = position;
    if (!NextCharacter(text, position)) return start;
  }
  return std::nullopt;
}

std::optional<std::string> BytesFromByteLevel(std::string_view characters) {
  static const std::array<int16_t, kCharacters> kByteOfCharacter = MakeByteOfCharacter();
  std::string bytes;
  for (size_t position = 0; position < characters.size();) {
    const auto code = NextCharacter(characters, position);
    if (!code || *code >= kCharacters || kByteOfCharacter[*code] < 0) return std::nullopt;
    bytes += char(kByteOfCharacter[*code]);
  }
  return bytes;
}

std::string ByteLevelFromBytes(std::string_view bytes) {
  static const std::array<std::string, 256> kCharacterOfByte = [] {
    std::array<std::string, 256> table;
    int next = 256;
    for (int byte = 0; byte < 256; ++byte) {
      const int code = StandsForItself(byte) ? byte : next++;
      // Below 0x80 one byte of UTF-8, above it two: no code reaches 0x800.
      table[byte] = code < 0x80 ? std::string{char(code)}
                                : std::string{char(0xc0 | code >> 6), char(0x80 | (code & 0x3f))};
    }
    return table;
  }();
  std::string characters;
  for (const char byte : bytes) characters += kCharacterOfByte[uint8_t(byte)];
  return characters;
}

}  // namespace ternfab
