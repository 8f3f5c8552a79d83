// SPDX-License-Identifier: Apache-2.0
#define PCRE2_CODE_UNIT_WIDTH 8
#include "models/pre_tokenizer.h"

#include <pcre2.h>

#include <string>
#include <utility>

#include "common/check.h"

namespace ternfab {
namespace {

// The expressions are those of llama.cpp for the same names.
constexpr const char* kGpt2 =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S))";
constexpr const char* kLlama =
    R"((?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|)"
    R"(\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr const char* kPunctuation = R"([\p{P}\$\+<=>\^~\|]+)";
constexpr const char* kNumber = R"(\p{N}+)";
constexpr const char* kThreeDigits = "[0-9][0-9][0-9]";

bool IsLlama(std::string_view name) {
  return name == "llama-bpe" || name == "falcon3" || name == "llama3" || name == "llama-v3";
}

std::vector<const char*> Expressions(std::string_view name) {
  if (IsLlama(name)) return {kLlama};
  if (name == "gpt-2") return {kGpt2};
  if (name == "default") return {kPunctuation, kGpt2, kNumber, kThreeDigits};
  return {};
}

struct MatchDataDeleter {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

/// Cuts `text` into the matches of `code` and what lies between them.
Expected<void> Cut(const pcre2_code* code, std::string_view text,
                   std::vector<std::string_view>& pieces) {
  const std::unique_ptr<pcre2_match_data, MatchDataDeleter> match(
      pcre2_match_data_create(1, nullptr));
  TF_CHECK(match != nullptr, "out of memory");
  const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
  size_t done = 0;
  while (done < text.size()) {
    const int result =
        pcre2_match(code, subject, text.size(), done, PCRE2_NO_UTF_CHECK, match.get(), nullptr);
    if (result == PCRE2_ERROR_NOMATCH) break;
    if (result < 0) return Fail("text: byte {}: cannot be split (PCRE2 error {})", done, result);
    const PCRE2_SIZE* range = pcre2_get_ovector_pointer(match.get());
    TF_CHECK(range[1] > range[0], "empty match at byte {}", range[0]);
    if (range[0] > done) pieces.push_back(text.substr(done, range[0] - done));
    pieces.push_back(text.substr(range[0], range[1] - range[0]));
    done = range[1];
  }
  if (done < text.size()) pieces.push_back(text.substr(done));
  return {};
}

}  // namespace

bool PreTokenizer::AddsBos(std::string_view name) { return IsLlama(name); }

Expected<PreTokenizer> PreTokenizer::Make(std::string_view name) {
  PreTokenizer out;
  out.ignores_merges_ = IsLlama(name);
  for (const char* expression : Expressions(name)) {
    int error = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code* code =
        pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression), PCRE2_ZERO_TERMINATED,
                      PCRE2_UTF | PCRE2_UCP, &error, &offset, nullptr);
    TF_CHECK(code != nullptr, "{}: error {} at {}", expression, error, offset);
    out.stages_.emplace_back(code, pcre2_code_free);
  }
  if (out.stages_.empty()) {
    return Fail(
        "tokenizer.ggml.pre = {}: must be gpt-2, default, llama-bpe, llama3, llama-v3 or falcon3",
        name);
  }
  return out;
}

Expected<void> PreTokenizer::Split(std::string_view text,
                                   std::vector<std::string_view>& pieces) const {
  std::vector<std::string_view> current = {text};
  for (const Code& code : stages_) {
    std::vector<std::string_view> next;
    for (const std::string_view piece : current) {
      TF_RETURN_IF_ERROR(Cut(code.get(), piece, next));
    }
    current = std::move(next);
  }
  pieces.insert(pieces.end(), current.begin(), current.end());
  return {};
}

}  // namespace ternfab
