// SPDX-License-Identifier: Apache-2.0
#include "models/sentencepiece_data.h"

#include <cmath>
#include <string>
#include <unordered_set>

#include "common/printable.h"
#include "models/byte_level.h"
#include "models/proto_wire.h"

namespace ternfab {
namespace {

// Field numbers of sentencepiece_model.proto (sentencepiece 0.1.97).
constexpr uint32_t kPieces = 1, kTrainer = 2, kNormalizer = 3, kDenormalizer = 5;
constexpr uint32_t kText = 1, kScore = 2, kType = 3;
constexpr uint32_t kModelType = 3, kSuffix = 24, kByteFallback = 35, kBosPiece = 46, kEosPiece = 47;
constexpr uint32_t kName = 1, kRules = 2, kDummyPrefix = 3, kExtraWhitespaces = 4, kEscape = 5;
constexpr uint64_t kUnigram = 1, kBpe = 2;
constexpr int kVarint = 0, kDelimited = 2, kFixed32 = 5;

/// Calls `use(field)` for each field of `message`.
template <class Use>
Expected<void> ForEachField(std::string_view message, Use use) {
  ProtoReader reader(message);
  while (true) {
    TF_ASSIGN_OR_RETURN(const std::optional<ProtoField> field, reader.Next());
    if (!field) return {};
    TF_RETURN_IF_ERROR(use(*field));
  }
}

Expected<void> ReadPiece(std::string_view message, SentencePieceData& data) {
  SentencePieceData::Piece piece;
  TF_RETURN_IF_ERROR(ForEachField(message, [&](const ProtoField& field) -> Expected<void> {
    if (field.number == kText) {
      TF_RETURN_IF_ERROR(field.Require(kDelimited, "piece"));
      piece.text = std::string(field.bytes);
    } else if (field.number == kScore) {
      TF_RETURN_IF_ERROR(field.Require(kFixed32, "score"));
      piece.score = field.AsFloat();
    } else if (field.number == kType) {
      TF_RETURN_IF_ERROR(field.Require(kVarint, "type"));
      piece.type = field.integer > kByteToken ? -1 : int(field.integer);
    }
    return {};
  }));
  data.pieces.push_back(std::move(piece));
  return {};
}

struct RolePieces {
  std::string bos = "<s>", eos = "</s>";
};

Expected<void> ReadTrainer(std::string_view message, SentencePieceData& data, RolePieces& roles) {
  uint64_t model_type = kUnigram;
  TF_RETURN_IF_ERROR(ForEachField(message, [&](const ProtoField& field) -> Expected<void> {
    if (field.number == kModelType) model_type = field.integer;
    if (field.number == kSuffix) data.treat_whitespace_as_suffix = field.integer != 0;
    if (field.number == kBosPiece) roles.bos = std::string(field.bytes);
    if (field.number == kEosPiece) roles.eos = std::string(field.bytes);
    return {};
  }));
  if (model_type != kUnigram && model_type != kBpe) {
    return Fail("trainer_spec.model_type = {}: must be 1 (unigram) or 2 (bpe)", model_type);
  }
  data.bpe = model_type == kBpe;
  return {};
}

Expected<void> ReadNormalizer(std::string_view message, std::string_view which,
                              SentencePieceData& data) {
  std::string_view name = "rules", rules;
  bool escape = true;
  TF_RETURN_IF_ERROR(ForEachField(message, [&](const ProtoField& field) -> Expected<void> {
    if (field.number == kName) name = field.bytes;
    if (field.number == kRules) rules = field.bytes;
    if (field.number == kEscape) escape = field.integer != 0;
    if (which != "normalizer_spec") return {};
    if (field.number == kDummyPrefix) data.add_dummy_prefix = field.integer != 0;
    if (field.number == kExtraWhitespaces) data.remove_extra_whitespaces = field.integer != 0;
    return {};
  }));
  if (!rules.empty()) {
    return Fail("{} {}: must be identity (normalising characters is not built)", which,
                Printable(name));
  }
  if (!escape) return Fail("{}.escape_whitespaces = false: must be true", which);
  return {};
}

std::optional<int> FindControlPiece(const SentencePieceData& data, const std::string& text) {
  for (size_t i = 0; i < data.pieces.size(); ++i) {
    const SentencePieceData::Piece& piece = data.pieces[i];
    if (piece.type == kControlToken && piece.text == text) return int(i);
  }
  return std::nullopt;
}

/// Whether the text is <0xNN>.
bool IsBytePiece(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto digit = [&](char c) { return kDigits.find(c) != std::string_view::npos; };
  return text.size() == 6 && text.starts_with("<0x") && digit(text[3]) && digit(text[4]) &&
         text[5] == '>';
}

Expected<void> CheckPiece(const SentencePieceData::Piece& piece, size_t index) {
  const auto where = [&] { return fmt::format("piece {} = {}", index, Printable(piece.text)); };
  if (piece.text.empty()) return Fail("piece {}: must not be empty", index);
  if (piece.text.find('\0') != std::string::npos) return Fail("{}: must have no NUL", where());
  if (FindInvalidUtf8(piece.text)) return Fail("{}: must be valid UTF-8", where());
  if (!std::isfinite(piece.score)) return Fail("{}: score: must be finite", where());
  if (piece.type < kNormalToken || piece.type > kByteToken) {
    return Fail("{}: type: must be 1 to {}", where(), int(kByteToken));
  }
  if (piece.type == kByteToken && !IsBytePiece(piece.text)) {
    return Fail("{}: a byte piece: must be <0x00> to <0xFF>", where());
  }
  return {};
}

}  // namespace

Expected<void> SentencePieceData::Validate() const {
  int unknown = 0, bytes = 0;
  std::unordered_set<std::string_view> seen;
  for (size_t i = 0; i < pieces.size(); ++i) {
    TF_RETURN_IF_ERROR(CheckPiece(pieces[i], i));
    if (!seen.insert(pieces[i].text).second) {
      return Fail("piece {} = {}: must come once", i, Printable(pieces[i].text));
    }
    unknown += pieces[i].type == kUnknownToken;
    bytes += pieces[i].type == kByteToken;
  }
  if (unknown != 1) return Fail("{} unknown pieces: must be exactly one", unknown);
  if (bytes != 0 && bytes != 256) return Fail("{} byte pieces: must be 256 or none", bytes);
  return TokenRoles::Validate(int(pieces.size()));
}

Expected<SentencePieceData> ParseSentencePiece(std::string_view bytes) {
  SentencePieceData data;
  RolePieces roles;
  data.bpe = false;  // the format's default, as is the next
  data.remove_extra_whitespaces = true;
  TF_RETURN_IF_ERROR(ForEachField(bytes, [&](const ProtoField& field) -> Expected<void> {
    if (field.number != kPieces && field.number != kTrainer && field.number != kNormalizer &&
        field.number != kDenormalizer) {
      return {};
    }
    TF_RETURN_IF_ERROR(field.Require(kDelimited, "a message of the model"));
    if (field.number == kPieces) return ReadPiece(field.bytes, data);
    if (field.number == kTrainer) return ReadTrainer(field.bytes, data, roles);
    return ReadNormalizer(
        field.bytes, field.number == kNormalizer ? "normalizer_spec" : "denormalizer_spec", data);
  }));
  if (data.pieces.empty()) return Fail("no pieces: must be a SentencePiece model");
  data.bos = FindControlPiece(data, roles.bos);
  data.eos = FindControlPiece(data, roles.eos);
  return data;
}

std::string SerializeSentencePiece(const SentencePieceData& data) {
  ProtoWriter model;
  bool bytes = false;
  for (const SentencePieceData::Piece& piece : data.pieces) {
    ProtoWriter message;
    message.Bytes(kText, piece.text);
    message.Float(kScore, piece.score);
    message.Integer(kType, uint64_t(piece.type));
    model.Bytes(kPieces, message.message());
    bytes = bytes || piece.type == kByteToken;
  }
  ProtoWriter trainer;
  trainer.Integer(kModelType, data.bpe ? kBpe : kUnigram);
  trainer.Integer(kSuffix, data.treat_whitespace_as_suffix);
  trainer.Integer(kByteFallback, bytes);
  model.Bytes(kTrainer, trainer.message());
  ProtoWriter normalizer;
  normalizer.Bytes(kName, "identity");
  normalizer.Integer(kDummyPrefix, data.add_dummy_prefix);
  normalizer.Integer(kExtraWhitespaces, data.remove_extra_whitespaces);
  normalizer.Integer(kEscape, 1);
  model.Bytes(kNormalizer, normalizer.message());
  return model.message();
}

}  // namespace ternfab
