// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <queue>
#include <string>
#include <unordered_map>
#include <utility>

#include "common/printable.h"
#include "models/byte_level.h"
#include "models/literal_tokens.h"
#include "models/pre_tokenizer.h"
#include "models/tokenizer.h"

namespace ternfab {
namespace {

/// Byte strings that merging can make, numbered: tokens by their id, others behind them.
class BpeTokenizer final : public Tokenizer {
 public:
  static Expected<std::shared_ptr<const Tokenizer>> Make(BpeData data);

  Expected<void> EncodePart(std::string_view text, ControlTokens control,
                            std::vector<int>& ids) const override;
  std::string TokenBytes(int id) const override;
  std::optional<int> FindControl(std::string_view spelling) const override;
  int vocab() const override { return int(data_.tokens.size()); }
  std::optional<int> bos() const override { return data_.bos; }
  std::optional<int> eos() const override { return data_.eos; }
  bool add_bos() const override { return data_.add_bos; }
  std::vector<int> ends() const override { return data_.Ends(); }
  std::string_view chat_template() const override { return data_.chat_template; }
  const BpeData* bpe() const override { return &data_; }

 private:
  struct Merge {
    int rank;
    int symbol;
  };

  BpeTokenizer(BpeData data, PreTokenizer pre)
      : data_(std::move(data)),
        pre_(std::move(pre)),
        ignore_merges_(data_.ignore_merges.value_or(PreTokenizer::IgnoresMerges(data_.pre))) {}

  int TypeOf(int id) const {
    return data_.token_type.empty() ? int(kNormalToken) : data_.token_type[id];
  }
  int SymbolOf(const std::string& bytes);
  void ReadTokens();
  Expected<void> ReadMerges();

  Expected<void> EncodeText(std::string_view text, std::vector<int>& ids) const;
  Expected<void> EncodePiece(std::string_view piece, std::vector<int>& ids) const;
  std::vector<int> MergeSymbols(std::vector<int> symbols) const;
  const Merge* FindMerge(int left, int right) const;
  Expected<int> ByteToken(uint8_t byte) const;

  BpeData data_;
  PreTokenizer pre_;
  bool ignore_merges_;
  std::vector<std::string> bytes_;  ///< of each symbol; tokens first
  std::unordered_map<std::string, int> symbols_;
  std::unordered_map<uint64_t, Merge> merges_;  ///< by left << 32 | right
  LiteralTokens user_defined_;
  LiteralTokens control_;
  LiteralTokens all_literals_;         ///< both
  std::array<int, 256> byte_symbols_;  ///< -1: no token is this one byte
};

uint64_t PairKey(int left, int right) { return uint64_t(uint32_t(left)) << 32 | uint32_t(right); }

int BpeTokenizer::SymbolOf(const std::string& bytes) {
  const auto [it, added] = symbols_.emplace(bytes, int(bytes_.size()));
  if (added) bytes_.push_back(bytes);
  return it->second;
}

void BpeTokenizer::ReadTokens() {
  for (int id = 0; id < vocab(); ++id) {
    const std::string& text = data_.tokens[id];
    const int type = TypeOf(id);
    const auto bytes = type == kNormalToken ? BytesFromByteLevel(text) : std::nullopt;
    bytes_.push_back(bytes.value_or(text));
    if (bytes && !bytes->empty()) symbols_.emplace(*bytes, id);  // of duplicates, the first
    if (FindInvalidUtf8(text)) continue;
    if (type == kUserDefinedToken) user_defined_.Add(text, id);
    if (type == kControlToken) control_.Add(text, id);
    if (type == kUserDefinedToken || type == kControlToken) all_literals_.Add(text, id);
  }
  for (int byte = 0; byte < 256; ++byte) {
    const auto it = symbols_.find(std::string(1, char(byte)));
    byte_symbols_[byte] = it == symbols_.end() ? -1 : it->second;
  }
}

Expected<void> BpeTokenizer::ReadMerges() {
  merges_.reserve(data_.merges.size());
  for (size_t rank = 0; rank < data_.merges.size(); ++rank) {
    const std::string& line = data_.merges[rank];
    const size_t space = line.find(' ', 1);
    const bool two = space != std::string::npos && space + 1 < line.size();
    const auto left = two ? BytesFromByteLevel(line.substr(0, space)) : std::nullopt;
    const auto right = two ? BytesFromByteLevel(line.substr(space + 1)) : std::nullopt;
    if (!left || !right) {
      return Fail("tokenizer.ggml.merges: element {} = {}: must be two byte-level strings", rank,
                  Printable(line));
    }
    const uint64_t key = PairKey(SymbolOf(*left), SymbolOf(*right));
    merges_.emplace(key, Merge{int(rank), SymbolOf(*left + *right)});
  }
  return {};
}

Expected<std::shared_ptr<const Tokenizer>> BpeTokenizer::Make(BpeData data) {
  TF_ASSIGN_OR_RETURN(PreTokenizer pre, data.splits.empty() ? PreTokenizer::Make(data.pre)
                                                            : PreTokenizer::Make(data.splits));
  const int size = int(data.tokens.size());
  if (!data.token_type.empty() && int(data.token_type.size()) != size) {
    return Fail("tokenizer.ggml.token_type: {} elements: must be as many as the {} tokens",
                data.token_type.size(), size);
  }
  for (size_t i = 0; i < data.token_type.size(); ++i) {
    const int type = data.token_type[i];
    if (type < kNormalToken || type > kByteToken) {
      return Fail("tokenizer.ggml.token_type: element {} = {}: must be 1 to {}", i, type,
                  int(kByteToken));
    }
  }
  TF_RETURN_IF_ERROR(data.Validate(size));
  data.add_bos = data.add_bos && data.bos;
  std::shared_ptr<BpeTokenizer> tokenizer(new BpeTokenizer(std::move(data), std::move(pre)));
  tokenizer->ReadTokens();
  TF_RETURN_IF_ERROR(tokenizer->ReadMerges());
  return tokenizer;
}

std::string BpeTokenizer::TokenBytes(int id) const {
  if (id < 0 || id >= vocab() || TypeOf(id) == kControlToken || TypeOf(id) == kUnknownToken)
    return "";
  return bytes_[id];
}

const BpeTokenizer::Merge* BpeTokenizer::FindMerge(int left, int right) const {
  const auto it = merges_.find(PairKey(left, right));
  return it == merges_.end() ? nullptr : &it->second;
}

/// Applies the best-ranked merge, the leftmost of equals, until none applies.
std::vector<int> BpeTokenizer::MergeSymbols(std::vector<int> symbols) const {
  struct Candidate {
    int rank, at, left, right;
    bool operator>(const Candidate& other) const {
      return rank != other.rank ? rank > other.rank : at > other.at;
    }
  };
  const int size = int(symbols.size());
  constexpr int kGone = -1;
  std::vector<int> next(size), previous(size);
  for (int i = 0; i < size; ++i) next[i] = i + 1, previous[i] = i - 1;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
  const auto offer = [&](int at) {
    if (at < 0 || next[at] >= size) return;
    const int left = symbols[at], right = symbols[next[at]];
    if (const Merge* merge = FindMerge(left, right)) queue.push({merge->rank, at, left, right});
  };
  for (int i = 0; i + 1 < size; ++i) offer(i);
  while (!queue.empty()) {
    const Candidate best = queue.top();
    queue.pop();
    const int second = symbols[best.at] == best.left ? next[best.at] : size;
    if (second >= size || symbols[second] != best.right) continue;  // merged away meanwhile
    symbols[best.at] = FindMerge(best.left, best.right)->symbol;
    symbols[second] = kGone;
    next[best.at] = next[second];
    if (next[second] < size) previous[next[second]] = best.at;
    offer(previous[best.at]);
    offer(best.at);
  }
  std::erase(symbols, kGone);
  return symbols;
}

Expected<int> BpeTokenizer::ByteToken(uint8_t byte) const {
  const int symbol = byte_symbols_[byte];
  if (symbol >= 0) return symbol;
  return Fail("text: byte 0x{:02x}: the model's vocabulary has no token for it", byte);
}

Expected<void> BpeTokenizer::EncodePiece(std::string_view piece, std::vector<int>& ids) const {
  if (ignore_merges_) {
    const auto it = symbols_.find(std::string(piece));
    if (it != symbols_.end() && it->second < vocab()) {
      ids.push_back(it->second);
      return {};
    }
  }
  std::vector<int> symbols;
  for (const char c : piece) {
    TF_ASSIGN_OR_RETURN(const int symbol, ByteToken(uint8_t(c)));
    symbols.push_back(symbol);
  }
  for (const int symbol : MergeSymbols(std::move(symbols))) {
    if (symbol < vocab()) {
      ids.push_back(symbol);
      continue;
    }
    for (const char c : bytes_[symbol]) {  // merged to a string that is no token
      TF_ASSIGN_OR_RETURN(const int id, ByteToken(uint8_t(c)));
      ids.push_back(id);
    }
  }
  return {};
}

Expected<void> BpeTokenizer::EncodeText(std::string_view text, std::vector<int>& ids) const {
  std::vector<std::string_view> pieces;
  TF_RETURN_IF_ERROR(pre_.Split(text, pieces));
  for (const std::string_view piece : pieces) TF_RETURN_IF_ERROR(EncodePiece(piece, ids));
  return {};
}

Expected<void> BpeTokenizer::EncodePart(std::string_view text, ControlTokens control,
                                        std::vector<int>& ids) const {
  if (const auto bad = FindInvalidUtf8(text)) {
    return Fail("text: byte {}: must be valid UTF-8", *bad);
  }
  const LiteralTokens& literals =
      control == ControlTokens::kRecognise ? all_literals_ : user_defined_;
  return literals.Cut(text, ids, [&](std::string_view part) { return EncodeText(part, ids); });
}

std::optional<int> BpeTokenizer::FindControl(std::string_view spelling) const {
  const int id = control_.Find(spelling);
  return id >= 0 ? std::optional(id) : std::nullopt;
}

}  // namespace

Expected<std::shared_ptr<const Tokenizer>> MakeBpeTokenizer(BpeData data) {
  return BpeTokenizer::Make(std::move(data));
}

}  // namespace ternfab
