// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/language_model.h"

namespace ternfab {

Expected<std::vector<float>> LanguageModel::Append(std::span<const int> tokens) {
  if (tokens.empty()) return Fail("prompt: 0 tokens: must have at least one");
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] < 0 || tokens[i] >= vocab()) {
      return Fail("token {} = {}: must be in 0..{} (the model's vocabulary)", position() + i,
                  tokens[i], vocab() - 1);
    }
  }
  if (position() + int64_t(tokens.size()) > context()) {
    return Fail("sequence of {} tokens: must be at most {} (the context)",
                position() + tokens.size(), context());
  }
  return Advance(tokens);
}

Expected<void> LanguageModel::FillContext(int positions, uint64_t seed) {
  if (positions < 0 || positions > context()) {
    return Fail("context of {} positions: must be 0 to {}", positions, context());
  }
  return Fill(positions, seed);
}

Expected<void> LanguageModel::Fill(int, uint64_t) {
  return Fail("a seeded context needs the arithmetic of a device");
}

}  // namespace ternfab
