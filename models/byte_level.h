// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ternfab {

/// Offset of the first byte that is not part of valid UTF-8 (no overlong forms, no surrogates, at
/// most U+10FFFF); nullopt when all of `text` is valid.
std::optional<size_t> FindInvalidUtf8(std::string_view text);

/// Byte-level BPE (GPT-2) writes each byte as a printable character: 33..126, 161..172 and 174..255
/// as themselves, the others as U+0100, U+0101, ... in order (so a space is U+0120).
/// Returns the bytes that `characters` stand for; nullopt when one stands for none.
std::optional<std::string> BytesFromByteLevel(std::string_view characters);

/// The inverse: one character for each byte.
std::string ByteLevelFromBytes(std::string_view bytes);

}  // namespace ternfab
