// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "common/error.h"

struct pcre2_real_code_8;

namespace ternfab {

/// Splits text into the pieces that BPE never merges across. Immutable and thread-safe.
class PreTokenizer {
 public:
  /// `name` as `tokenizer.ggml.pre` has it: gpt-2, default, llama-bpe, falcon3, llama3, llama-v3.
  static Expected<PreTokenizer> Make(std::string_view name);

  /// Whether files of this name that say nothing mean "begin with BOS" (llama-bpe does).
  static bool AddsBos(std::string_view name);

  /// Whether a piece that is a token is taken as it is, without merging (llama-bpe).
  bool ignores_merges() const { return ignores_merges_; }

  /// Appends the pieces of `text`, valid UTF-8, in order; joined they are `text`.
  /// Error: a regular expression ran into a limit of the library.
  Expected<void> Split(std::string_view text, std::vector<std::string_view>& pieces) const;

 private:
  using Code = std::shared_ptr<pcre2_real_code_8>;

  std::vector<Code> stages_;  ///< each splits the pieces of the one before
  bool ignores_merges_ = false;
};

}  // namespace ternfab
