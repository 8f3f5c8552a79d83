// SPDX-License-Identifier: Apache-2.0
#include "models/gguf_tokenizer.h"

#include <limits>
#include <string>
#include <utility>

#include "models/pre_tokenizer.h"

namespace ternfab {
namespace {

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

}  // namespace

Expected<std::shared_ptr<const Tokenizer>> ReadGgufTokenizer(const GgufFile& file, int vocab) {
  TF_ASSIGN_OR_RETURN(const auto kind, file.FindString("tokenizer.ggml.model"));
  if (!kind) return Fail("{}: key tokenizer.ggml.model: missing", file.path());
  if (*kind != "gpt2") {
    return Fail("{}: key tokenizer.ggml.model = {}: must be gpt2 (byte-level BPE)", file.path(),
                Printable(*kind));
  }
  BpeData data;
  TF_ASSIGN_OR_RETURN(data.pre, ReadPre(file, vocab));
  TF_ASSIGN_OR_RETURN(auto tokens, file.FindStrings("tokenizer.ggml.tokens"));
  TF_ASSIGN_OR_RETURN(auto merges, file.FindStrings("tokenizer.ggml.merges"));
  if (!tokens || !merges) {
    return Fail("{}: key tokenizer.ggml.{}: missing", file.path(), tokens ? "merges" : "tokens");
  }
  if (tokens->size() > size_t(vocab)) {
    return Fail("{}: key tokenizer.ggml.tokens: {} tokens: must be at most the {} of the model",
                file.path(), tokens->size(), vocab);
  }
  data.tokens = std::move(*tokens);
  data.merges = std::move(*merges);
  TF_ASSIGN_OR_RETURN(auto types, file.FindInts("tokenizer.ggml.token_type"));
  if (types) data.token_type = std::move(*types);
  const int size = int(data.tokens.size());
  TF_ASSIGN_OR_RETURN(data.bos, ReadId(file, "tokenizer.ggml.bos_token_id", size));
  TF_ASSIGN_OR_RETURN(data.eos, ReadId(file, "tokenizer.ggml.eos_token_id", size));
  TF_ASSIGN_OR_RETURN(const auto add_bos, file.FindBool("tokenizer.ggml.add_bos_token"));
  data.add_bos = add_bos.value_or(PreTokenizer::AddsBos(data.pre));
  auto tokenizer = MakeBpeTokenizer(std::move(data));
  if (!tokenizer) return Fail("{}: {}", file.path(), tokenizer.error().message);
  return *tokenizer;
}

}  // namespace ternfab
