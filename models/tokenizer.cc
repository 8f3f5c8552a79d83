// SPDX-License-Identifier: Apache-2.0
#include "models/tokenizer.h"

#include <algorithm>

namespace ternfab {

Expected<std::vector<int>> Tokenizer::Encode(std::string_view text, ControlTokens control) const {
  std::vector<int> ids;
  if (add_bos()) ids.push_back(*bos());
  TF_RETURN_IF_ERROR(EncodePart(text, control, ids));
  return ids;
}

std::string Tokenizer::Decode(const std::vector<int>& ids) const {
  std::string text;
  for (const int id : ids) text += TokenBytes(id);
  return text;
}

std::vector<int> TokenRoles::Ends() const {
  std::vector<int> ends;
  if (eos) ends.push_back(*eos);
  for (const int id : more_ends) {
    if (std::find(ends.begin(), ends.end(), id) == ends.end()) ends.push_back(id);
  }
  return ends;
}

Expected<void> TokenRoles::Validate(int vocab) const {
  const auto check = [vocab](const char* role, int id) -> Expected<void> {
    if (id >= 0 && id < vocab) return {};
    return Fail("{}_token_id = {}: must be below the {} tokens", role, id, vocab);
  };
  if (bos) TF_RETURN_IF_ERROR(check("bos", *bos));
  if (eos) TF_RETURN_IF_ERROR(check("eos", *eos));
  for (const int id : more_ends) TF_RETURN_IF_ERROR(check("eos", id));
  return {};
}

}  // namespace ternfab
