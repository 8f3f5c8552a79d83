// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "common/error.h"
#include "models/tokenizer.h"

struct pcre2_real_code_8;

namespace ternfab {

/// Splits text into the pieces that BPE never merges across. Immutable and thread-safe.
class PreTokenizer {
 public:
  /// `name` as `tokenizer.ggml.pre` has it: gpt-2, default, llama-bpe, falcon3, llama3, llama-v3.
  static Expected<PreTokenizer> Make(std::string_view name);

  /// Steps in order, each cutting the pieces of the one before. Error: no regular expression.
  static Expected<PreTokenizer> Make(const std::vector<SplitStep>& steps);

  /// Whether files of this name that say nothing mean "begin with BOS" (llama-bpe does).
  static bool AddsBos(std::string_view name);

  /// Whether of this name a piece that is a token is taken as it is, without merging (llama-bpe).
  static bool IgnoresMerges(std::string_view name);

  /// The name whose only step is `expression`, or one that is known to mean the same; "" for none.
  static std::string_view NameOf(std::string_view expression);

  /// Appends the pieces of `text`, valid UTF-8, in order; joined they are `text`.
  /// Error: a regular expression ran into a limit of the library, or matched nothing at all.
  Expected<void> Split(std::string_view text, std::vector<std::string_view>& pieces) const;

 private:
  struct Stage {
    std::shared_ptr<pcre2_real_code_8> code;
    bool byte_level;
  };

  std::vector<Stage> stages_;  ///< each splits the pieces of the one before
};

}  // namespace ternfab
