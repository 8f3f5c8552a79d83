// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/error.h"

namespace ternfab {

/// Tokens that are cut out of a text wherever their spelling stands in it.
class LiteralTokens {
 public:
  /// A spelling of no bytes is ignored; of one spelling twice, the first id counts.
  void Add(const std::string& spelling, int id);

  /// The id of the token that is spelled so; -1: none.
  int Find(std::string_view spelling) const;

  /// Cuts `text` from the left into tokens, whose ids are appended to `ids`, and the text between
  /// them, which goes to `encode` as it comes.
  Expected<void> Cut(std::string_view text, std::vector<int>& ids,
                     const std::function<Expected<void>(std::string_view)>& encode) const;

 private:
  /// Bytes of the longest token that `text` begins with; 0: none.
  size_t LengthAt(std::string_view text) const;

  std::unordered_map<std::string, int> ids_;
  std::array<std::set<size_t, std::greater<>>, 256> lengths_;  ///< of spellings, by first byte
};

}  // namespace ternfab
