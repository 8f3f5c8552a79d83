// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ternfab::cli {

/// Makes text of bytes that come in parts, as those of byte-level tokens do: a part may end inside
/// a UTF-8 character.
class Utf8Stream {
 public:
  /// The characters that `bytes` completes. A byte that cannot be part of one (RFC 3629) becomes
  /// U+FFFD; the beginning of a character at the end waits for the next call.
  std::string Add(std::string_view bytes);

  /// Whether a beginning waits.
  bool incomplete() const { return !pending_.empty(); }

 private:
  std::string pending_;
};

/// `bytes` as text: U+FFFD for what is not UTF-8, without an incomplete character at the end.
std::string ValidUtf8(std::string_view bytes);

}  // namespace ternfab::cli
