// SPDX-License-Identifier: Apache-2.0
#include <sentencepiece_processor.h>

#include <string>
#include <utility>

#include "models/byte_level.h"
#include "models/literal_tokens.h"
#include "models/sentencepiece_data.h"

namespace ternfab {
namespace {

constexpr std::string_view kSpace = "\u2581";

class SentencePieceTokenizer final : public Tokenizer {
 public:
  explicit SentencePieceTokenizer(SentencePieceData data) : data_(std::move(data)) {
    for (size_t i = 0; i < data_.pieces.size(); ++i) {
      if (data_.pieces[i].type == kControlToken) control_.Add(data_.pieces[i].text, int(i));
    }
  }

  Expected<void> Load();

  Expected<void> EncodePart(std::string_view text, ControlTokens control,
                            std::vector<int>& ids) const override;
  std::string TokenBytes(int id) const override;
  std::optional<int> FindControl(std::string_view spelling) const override;
  int vocab() const override { return int(data_.pieces.size()); }
  std::optional<int> bos() const override { return data_.bos; }
  std::optional<int> eos() const override { return data_.eos; }
  bool add_bos() const override { return data_.add_bos; }
  std::vector<int> ends() const override { return data_.Ends(); }
  std::string_view chat_template() const override { return data_.chat_template; }
  const SentencePieceData* sentencepiece() const override { return &data_; }

 private:
  Expected<void> EncodeText(std::string_view text, std::vector<int>& ids) const;

  SentencePieceData data_;
  LiteralTokens control_;
  sentencepiece::SentencePieceProcessor processor_;
};

Expected<void> SentencePieceTokenizer::Load() {
  const auto status = processor_.LoadFromSerializedProto(SerializeSentencePiece(data_));
  if (!status.ok()) return Fail("SentencePiece refuses the vocabulary: {}", status.message());
  return {};
}

Expected<void> SentencePieceTokenizer::EncodeText(std::string_view text,
                                                  std::vector<int>& ids) const {
  std::vector<int> part;
  const auto status = processor_.Encode({text.data(), text.size()}, &part);
  if (!status.ok()) return Fail("text: SentencePiece cannot encode it: {}", status.message());
  ids.insert(ids.end(), part.begin(), part.end());
  return {};
}

Expected<void> SentencePieceTokenizer::EncodePart(std::string_view text, ControlTokens control,
                                                  std::vector<int>& ids) const {
  if (const auto bad = FindInvalidUtf8(text)) {
    return Fail("text: byte {}: must be valid UTF-8", *bad);
  }
  if (control == ControlTokens::kAsText) return EncodeText(text, ids);
  return control_.Cut(text, ids, [&](std::string_view part) { return EncodeText(part, ids); });
}

std::optional<int> SentencePieceTokenizer::FindControl(std::string_view spelling) const {
  const int id = control_.Find(spelling);
  return id >= 0 ? std::optional(id) : std::nullopt;
}

std::string SentencePieceTokenizer::TokenBytes(int id) const {
  if (id < 0 || id >= vocab()) return "";
  const SentencePieceData::Piece& piece = data_.pieces[id];
  if (piece.type == kControlToken || piece.type == kUnknownToken) return "";
  if (piece.type == kByteToken) {  // <0xNN>
    return std::string(1, char(std::stoi(piece.text.substr(3, 2), nullptr, 16)));
  }
  std::string bytes = piece.text;
  for (size_t at = 0; (at = bytes.find(kSpace, at)) != std::string::npos; ++at) {
    bytes.replace(at, kSpace.size(), " ");
  }
  return bytes;
}

}  // namespace

Expected<std::shared_ptr<const Tokenizer>> MakeSentencePieceTokenizer(SentencePieceData data) {
  TF_RETURN_IF_ERROR(data.Validate());
  data.add_bos = data.add_bos && data.bos;
  auto tokenizer = std::make_shared<SentencePieceTokenizer>(std::move(data));
  TF_RETURN_IF_ERROR(tokenizer->Load());
  return tokenizer;
}

}  // namespace ternfab
