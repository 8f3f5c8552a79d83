// SPDX-License-Identifier: Apache-2.0
#include "models/literal_tokens.h"

#include <cstdint>
#include <utility>

namespace ternfab {

void LiteralTokens::Add(const std::string& spelling, int id) {
  if (spelling.empty()) return;
  lengths_[uint8_t(spelling[0])].insert(spelling.size());
  ids_.emplace(spelling, id);
}

int LiteralTokens::Find(std::string_view spelling) const {
  const auto it = ids_.find(std::string(spelling));
  return it == ids_.end() ? -1 : it->second;
}

size_t LiteralTokens::LengthAt(std::string_view text) const {
  for (const size_t length : lengths_[uint8_t(text[0])]) {
    if (length <= text.size() && Find(text.substr(0, length)) >= 0) return length;
  }
  return 0;
}

Expected<void> LiteralTokens::Cut(
    std::string_view text, std::vector<int>& ids,
    const std::function<Expected<void>(std::string_view)>& encode) const {
  size_t done = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t length = LengthAt(text.substr(at));
    if (length == 0) {
      ++at;
      continue;
    }
    if (at > done) TF_RETURN_IF_ERROR(encode(text.substr(done, at - done)));
    ids.push_back(Find(text.substr(at, length)));
    done = at += length;
  }
  if (done < text.size()) return encode(text.substr(done));
  return {};
}

}  // namespace ternfab
