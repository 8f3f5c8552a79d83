// SPDX-License-Identifier: Apache-2.0
#include "models/gguf_tokenizer.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "common/printable.h"
#include "models/pre_tokenizer.h"
#include "models/sentencepiece_data.h"

namespace ternfab {
namespace {

using Made = Expected<std::shared_ptr<const Tokenizer>>;

constexpr int kLlama3Vocab = 128256;

/// The pre-tokenizer's name. Files of bitnet-b1.58-2B-4T exist without the key: theirs is
/// llama-bpe.
Expected<std::string> ReadPre(const GgufFile& file, int vocab) {
  TF_ASSIGN_OR_RETURN(const auto pre, file.FindString("tokenizer.ggml.pre"));
  if (pre) return *pre;
  if (vocab == kLlama3Vocab) return std::string("llama-bpe");
  return Fail("{}: key tokenizer.ggml.pre: missing", file.path());
}

Expected<std::optional<int>> ReadId(const GgufFile& file, std::string_view key, int vocab) {
  TF_ASSIGN_OR_RETURN(const auto id, file.FindInt(key));
  if (!id) return std::nullopt;
  if (*id < 0 || *id >= vocab) {
    return Fail("{}: key {} = {}: must be below the {} tokens", file.path(), key, *id, vocab);
  }
  return int(*id);
}

Expected<void> ReadRoles(const GgufFile& file, int vocab, bool adds_bos, TokenRoles& roles) {
  TF_ASSIGN_OR_RETURN(roles.bos, ReadId(file, "tokenizer.ggml.bos_token_id", vocab));
  TF_ASSIGN_OR_RETURN(roles.eos, ReadId(file, "tokenizer.ggml.eos_token_id", vocab));
  TF_ASSIGN_OR_RETURN(const auto end_of_turn, ReadId(file, "tokenizer.ggml.eot_token_id", vocab));
  if (end_of_turn) roles.more_ends.push_back(*end_of_turn);
  TF_ASSIGN_OR_RETURN(const auto add_bos, file.FindBool("tokenizer.ggml.add_bos_token"));
  roles.add_bos = add_bos.value_or(adds_bos);
  TF_ASSIGN_OR_RETURN(auto chat_template, file.FindString("tokenizer.chat_template"));
  if (chat_template) roles.chat_template = std::move(*chat_template);
  return {};
}

/// Control tokens that end a text by their name. A file has one id for the end of a text; chat
/// models that end their turns with another token are run without knowing that it is one.
void AddEndsByName(const std::vector<std::string>& tokens, const std::vector<int>& types,
                   TokenRoles& roles) {
  constexpr std::string_view kNames[] = {"<|eot_id|>", "<|end_of_text|>", "<|endoftext|>",
                                         "<|im_end|>", "<end_of_turn>",   "</s>"};
  for (size_t i = 0; i < std::min(tokens.size(), types.size()); ++i) {
    const bool named =
        std::find(std::begin(kNames), std::end(kNames), tokens[i]) != std::end(kNames);
    if (types[i] == kControlToken && named) roles.more_ends.push_back(int(i));
  }
}

/// The tokens, of which there may be fewer than the model's `vocab`.
Expected<std::vector<std::string>> ReadTokens(const GgufFile& file, int vocab) {
  TF_ASSIGN_OR_RETURN(auto tokens, file.FindStrings("tokenizer.ggml.tokens"));
  if (!tokens) return Fail("{}: key tokenizer.ggml.tokens: missing", file.path());
  if (tokens->size() > size_t(vocab)) {
    return Fail("{}: key tokenizer.ggml.tokens: {} tokens: must be at most the {} of the model",
                file.path(), tokens->size(), vocab);
  }
  return std::move(*tokens);
}

/// `tokenizer.ggml.scores`, one for each token.
Expected<std::vector<float>> ReadScores(const GgufFile& file, size_t tokens) {
  const auto it = file.values().find("tokenizer.ggml.scores");
  if (it == file.values().end()) {
    return Fail("{}: key tokenizer.ggml.scores: missing", file.path());
  }
  const auto* array = std::get_if<GgufArray>(&it->second);
  if (array == nullptr || array->type != GgufValueType::kF32 || array->count != tokens) {
    return Fail("{}: key tokenizer.ggml.scores: must be as many F32 as the {} tokens", file.path(),
                tokens);
  }
  std::vector<float> scores(tokens);
  std::memcpy(scores.data(), array->bytes.data(), tokens * sizeof(float));
  return scores;
}

Made InFile(const GgufFile& file, Made made) {
  if (made) return made;
  return Fail("{}: {}", file.path(), made.error().message);
}

Made ReadBpe(const GgufFile& file, int vocab) {
  BpeData data;
  TF_ASSIGN_OR_RETURN(data.pre, ReadPre(file, vocab));
  TF_ASSIGN_OR_RETURN(data.tokens, ReadTokens(file, vocab));
  TF_ASSIGN_OR_RETURN(auto merges, file.FindStrings("tokenizer.ggml.merges"));
  if (!merges) return Fail("{}: key tokenizer.ggml.merges: missing", file.path());
  data.merges = std::move(*merges);
  TF_ASSIGN_OR_RETURN(auto types, file.FindInts("tokenizer.ggml.token_type"));
  if (types) data.token_type = std::move(*types);
  TF_RETURN_IF_ERROR(
      ReadRoles(file, int(data.tokens.size()), PreTokenizer::AddsBos(data.pre), data));
  AddEndsByName(data.tokens, data.token_type, data);
  return InFile(file, MakeBpeTokenizer(std::move(data)));
}

/// A SentencePiece vocabulary, whose scores rank the merges of pairs.
Made ReadSentencePiece(const GgufFile& file, int vocab) {
  SentencePieceData data;
  TF_ASSIGN_OR_RETURN(std::vector<std::string> tokens, ReadTokens(file, vocab));
  TF_ASSIGN_OR_RETURN(const std::vector<float> scores, ReadScores(file, tokens.size()));
  TF_ASSIGN_OR_RETURN(const auto types, file.FindInts("tokenizer.ggml.token_type"));
  if (!types || types->size() != tokens.size()) {
    return Fail("{}: key tokenizer.ggml.token_type: must be as many as the {} tokens", file.path(),
                tokens.size());
  }
  AddEndsByName(tokens, *types, data);
  for (size_t i = 0; i < tokens.size(); ++i) {
    data.pieces.push_back({std::move(tokens[i]), scores[i], (*types)[i]});
  }
  TF_ASSIGN_OR_RETURN(const auto prefix, file.FindBool("tokenizer.ggml.add_space_prefix"));
  data.add_dummy_prefix = prefix.value_or(true);
  TF_ASSIGN_OR_RETURN(const auto remove, file.FindBool("tokenizer.ggml.remove_extra_whitespaces"));
  data.remove_extra_whitespaces = remove.value_or(false);
  TF_RETURN_IF_ERROR(ReadRoles(file, int(data.pieces.size()), /*adds_bos=*/true, data));
  return InFile(file, MakeSentencePieceTokenizer(std::move(data)));
}

}  // namespace

Made ReadGgufTokenizer(const GgufFile& file, int vocab) {
  TF_ASSIGN_OR_RETURN(const auto kind, file.FindString("tokenizer.ggml.model"));
  if (!kind) return Fail("{}: key tokenizer.ggml.model: missing", file.path());
  if (*kind == "gpt2") return ReadBpe(file, vocab);
  if (*kind == "llama") return ReadSentencePiece(file, vocab);
  return Fail(
      "{}: key tokenizer.ggml.model = {}: must be gpt2 (byte-level BPE) or llama "
      "(SentencePiece)",
      file.path(), Printable(*kind));
}

}  // namespace ternfab
