// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.h"

namespace ternfab {

struct BpeData;

/// Text to token ids and back. Implementations are immutable and safe to share between threads.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  /// Ids of `text`; BOS first when `add_bos()` says so. Control tokens are never matched in `text`.
  /// Error: `text` is not valid UTF-8 (the message names the byte's offset).
  virtual Expected<std::vector<int>> Encode(std::string_view text) const = 0;

  /// The bytes of one token (a byte-level token may be part of a UTF-8 character). Empty for
  /// control tokens and for ids outside the vocabulary.
  virtual std::string TokenBytes(int id) const = 0;

  virtual int vocab() const = 0;
  virtual std::optional<int> bos() const = 0;
  virtual std::optional<int> eos() const = 0;
  virtual bool add_bos() const = 0;

  /// What a file writer needs to store this tokenizer; null when it is not a byte-level BPE.
  virtual const BpeData* bpe() const { return nullptr; }

  /// TokenBytes of all ids, joined.
  std::string Decode(const std::vector<int>& ids) const;
};

/// Byte-level BPE vocabulary as a GGUF file's metadata has it (`tokenizer.ggml.*`).
struct BpeData {
  std::string pre;  ///< "gpt-2", "default", "llama-bpe" (or falcon3, llama3, llama-v3: the same)
  std::vector<std::string> tokens;  ///< in byte-level characters (space = U+0120)
  std::vector<int> token_type;      ///< 3 = control, 4 = user defined; empty: all normal
  std::vector<std::string> merges;  ///< "a b", best first
  std::optional<int> bos;
  std::optional<int> eos;
  bool add_bos = false;
};

/// Errors: an unknown `pre`, a merge without two parts, ids or token types out of range.
Expected<std::shared_ptr<const Tokenizer>> MakeBpeTokenizer(BpeData data);

}  // namespace ternfab
