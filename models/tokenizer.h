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
struct SentencePieceData;

/// What the spelling of a control token (`<|eot_id|>`) means in a text.
enum class ControlTokens {
  kAsText,     ///< the characters that it consists of
  kRecognise,  ///< the token
};

/// Text to token ids and back. Implementations are immutable and safe to share between threads.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  /// Ids of `text`; BOS first when `add_bos()` says so.
  /// Errors: `text` is not valid UTF-8 (the message names the byte's offset), or has a character
  /// that the vocabulary cannot write.
  Expected<std::vector<int>> Encode(std::string_view text,
                                    ControlTokens control = ControlTokens::kAsText) const;

  /// Appends the ids of `text`, a part of a sequence, without BOS. Errors as in Encode.
  virtual Expected<void> EncodePart(std::string_view text, ControlTokens control,
                                    std::vector<int>& ids) const = 0;

  /// The bytes of one token (a byte-level token may be part of a UTF-8 character). Empty for
  /// control tokens and for ids outside the vocabulary.
  virtual std::string TokenBytes(int id) const = 0;

  /// The control token that is spelled so.
  virtual std::optional<int> FindControl(std::string_view spelling) const = 0;

  virtual int vocab() const = 0;
  virtual std::optional<int> bos() const = 0;
  virtual std::optional<int> eos() const = 0;
  virtual bool add_bos() const = 0;

  /// Tokens that end a text: eos and what else the model's files name so.
  virtual std::vector<int> ends() const = 0;
  /// The model's own chat template (Jinja), "" without one.
  virtual std::string_view chat_template() const = 0;

  /// What a file writer needs to store this tokenizer; null when it is of the other kind.
  virtual const BpeData* bpe() const { return nullptr; }
  virtual const SentencePieceData* sentencepiece() const { return nullptr; }

  /// TokenBytes of all ids, joined.
  std::string Decode(const std::vector<int>& ids) const;
};

/// What the ids of a vocabulary mean to those who use it.
struct TokenRoles {
  std::optional<int> bos;
  std::optional<int> eos;
  std::vector<int> more_ends;  ///< further tokens that end a text, such as the end of a turn
  bool add_bos = false;
  std::string chat_template;

  /// eos and more_ends, each once.
  std::vector<int> Ends() const;
  /// Error: an id is not below `vocab`, the count of tokens.
  Expected<void> Validate(int vocab) const;
};

/// Types of tokens as `tokenizer.ggml.token_type` has them.
enum TokenType : int {
  kNormalToken = 1,
  kUnknownToken = 2,
  kControlToken = 3,
  kUserDefinedToken = 4,  ///< matched in every text
  kUnusedToken = 5,
  kByteToken = 6,
};

/// One step of cutting text into the pieces that BPE never merges across: the matches of an
/// expression and what lies between them.
struct SplitStep {
  std::string expression;   ///< PCRE2 with UTF and UCP
  bool byte_level = false;  ///< applied to the byte-level characters of a piece, not to its text
};

/// Byte-level BPE vocabulary as a GGUF file's metadata has it (`tokenizer.ggml.*`).
struct BpeData : TokenRoles {
  std::string pre;  ///< "gpt-2", "default", "llama-bpe" (or falcon3, llama3, llama-v3: the same);
                    ///< "" when `splits` have no such name
  std::vector<SplitStep> splits;      ///< in place of those that `pre` names, when not empty
  std::optional<bool> ignore_merges;  ///< a piece that is a token is not merged; empty: by `pre`
  std::vector<std::string> tokens;    ///< in byte-level characters (space = U+0120)
  std::vector<int> token_type;        ///< TokenType; empty: all normal
  std::vector<std::string> merges;    ///< "a b", best first
};

/// Errors: an unknown `pre`, an expression that is none, a merge without two parts, ids or token
/// types out of range.
Expected<std::shared_ptr<const Tokenizer>> MakeBpeTokenizer(BpeData data);

}  // namespace ternfab
