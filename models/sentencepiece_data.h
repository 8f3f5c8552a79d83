// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.h"
#include "models/tokenizer.h"

namespace ternfab {

/// A SentencePiece vocabulary: what encoding needs of a model file (sentencepiece_model.proto).
/// Characters are not normalised: a file with rules for that is refused.
struct SentencePieceData : TokenRoles {
  struct Piece {
    std::string text;         ///< U+2581 for a space
    float score = 0;          ///< the greater, the better
    int type = kNormalToken;  ///< TokenType: the numbers of the format
    bool operator==(const Piece&) const = default;
  };

  std::vector<Piece> pieces;
  bool bpe = true;                        ///< pairs merge by score; otherwise a unigram model
  bool add_dummy_prefix = true;           ///< a space before the text
  bool remove_extra_whitespaces = false;  ///< at both ends, and all but one of several
  bool treat_whitespace_as_suffix = false;

  /// Errors: no piece; a piece that is empty, has a NUL, is no UTF-8 or comes twice; a score that
  /// is no number; a type out of range; not exactly one unknown piece; byte pieces that are not
  /// <0x00> to <0xFF>, all or none; roles out of range.
  Expected<void> Validate() const;
};

/// Parses a `tokenizer.model`. Errors: no such file, or something in it that is not built.
Expected<SentencePieceData> ParseSentencePiece(std::string_view bytes);

/// A model file with valid `data`, for the library.
std::string SerializeSentencePiece(const SentencePieceData& data);

/// Encodes by the sentencepiece library, which sees nothing but valid data.
/// Errors: those of Validate, and what the library refuses.
Expected<std::shared_ptr<const Tokenizer>> MakeSentencePieceTokenizer(SentencePieceData data);

}  // namespace ternfab
