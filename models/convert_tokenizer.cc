// SPDX-License-Identifier: Apache-2.0
#include "models/convert_tokenizer.h"

#include <system_error>

#include "models/hf_tokenizer_writer.h"
#include "models/sentencepiece_data.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;

/// Files of a checkpoint's folder that belong to its tokenizer and to how it is used.
constexpr const char* kTokenizerFiles[] = {
    "tokenizer.json",    "tokenizer.model",     "tokenizer_config.json", "special_tokens_map.json",
    "added_tokens.json", "chat_template.jinja", "generation_config.json"};

/// The folder of tokenizer files of a model read from `in`; empty when `in` is no safetensors.
fs::path TokenizerFolder(const std::string& in) {
  std::error_code error;
  if (in.ends_with(".safetensors") || in.ends_with(".safetensors.index.json")) {
    return fs::absolute(in, error).parent_path();
  }
  const bool folder =
      fs::is_directory(in, error) && fs::exists(fs::path(in) / "config.json", error);
  return folder ? fs::path(in) : fs::path();
}

}  // namespace

Expected<void> CarryTokenizer(const Model& model, const std::string& in, const fs::path& folder,
                              std::vector<std::string>& lost) {
  const fs::path from = TokenizerFolder(in);
  bool found = false;
  for (const char* name : kTokenizerFiles) {
    std::error_code error;
    if (from.empty() || !fs::is_regular_file(from / name, error)) continue;
    fs::copy_file(from / name, folder / name, error);
    if (error) return Fail("{}: {}", (folder / name).string(), error.message());
    found = true;
  }
  if (found || !model.tokenizer) return {};
  const BpeData* bpe = model.tokenizer->bpe();
  const SentencePieceData* pieces = model.tokenizer->sentencepiece();
  if (const auto reason = bpe ? LostInTokenizerJson(*bpe) : LostInTokenizerConfig(*pieces)) {
    lost.push_back(*reason + ": not written");
    return {};
  }
  return bpe ? SaveHfTokenizer(*bpe, folder) : SaveHfSentencePiece(*pieces, folder);
}

std::optional<std::string> TokenizerLostInGguf(const Model& model) {
  if (!model.tokenizer) return std::nullopt;
  if (const SentencePieceData* pieces = model.tokenizer->sentencepiece()) {
    if (!pieces->bpe) return "tokenizer: a unigram model, which has no form in GGUF: not written";
    if (pieces->treat_whitespace_as_suffix) {
      return "tokenizer: spaces at the ends of words, which have no form in GGUF: not written";
    }
    return std::nullopt;
  }
  if (model.tokenizer->bpe()->pre.empty()) {
    return "tokenizer: its pre-tokenizer has no name in GGUF: not written";
  }
  return std::nullopt;
}

}  // namespace ternfab
