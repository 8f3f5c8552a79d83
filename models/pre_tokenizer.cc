// SPDX-License-Identifier: Apache-2.0
#define PCRE2_CODE_UNIT_WIDTH 8
#include "models/pre_tokenizer.h"

#include <pcre2.h>

#include <algorithm>
#include <string>
#include <utility>

#include "common/check.h"
#include "common/printable.h"
#include "models/byte_level.h"

namespace ternfab {
namespace {

// The expressions are those of llama.cpp for the same names.
constexpr const char* kGpt2 =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S))";
constexpr const char* kLlama =
    R"((?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|)"
    R"(\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
// The same as tokenizer.json files have them: letters of contractions folded, the gaps spelled out.
constexpr const char* kGpt2Spaces =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
constexpr const char* kLlamaFolded =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|)"
    R"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
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

bool IsFirstByteOfCharacter(char c) { return (uint8_t(c) & 0xc0) != 0x80; }

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
    const int result = pcre2_match(code, subject, text.size(), done,
                                   PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY, match.get(), nullptr);
    if (result == PCRE2_ERROR_NOMATCH) break;
    if (result < 0) return Fail("text: byte {}: cannot be split (PCRE2 error {})", done, result);
    const PCRE2_SIZE* range = pcre2_get_ovector_pointer(match.get());
    if (range[0] < done || range[1] <= range[0]) {  // \K can do that
      return Fail("text: byte {}: the pre-tokenizer's expression matches nothing there", done);
    }
    if (range[0] > done) pieces.push_back(text.substr(done, range[0] - done));
    pieces.push_back(text.substr(range[0], range[1] - range[0]));
    done = range[1];
  }
  if (done < text.size()) pieces.push_back(text.substr(done));
  return {};
}

/// Cuts where `code` cuts the byte-level characters of `text`, of which each is one of its bytes.
Expected<void> CutByteLevel(const pcre2_code* code, std::string_view text,
                            std::vector<std::string_view>& pieces) {
  const std::string characters = ByteLevelFromBytes(text);
  std::vector<std::string_view> parts;
  TF_RETURN_IF_ERROR(Cut(code, characters, parts));
  for (const std::string_view part : parts) {
    const auto bytes = size_t(std::count_if(part.begin(), part.end(), IsFirstByteOfCharacter));
    pieces.push_back(text.substr(0, bytes));
    text.remove_prefix(bytes);
  }
  return {};
}

}  // namespace

bool PreTokenizer::AddsBos(std::string_view name) { return IsLlama(name); }

bool PreTokenizer::IgnoresMerges(std::string_view name) { return IsLlama(name); }

std::string_view PreTokenizer::NameOf(std::string_view expression) {
  if (expression == kLlama || expression == kLlamaFolded) return "llama-bpe";
  if (expression == kGpt2 || expression == kGpt2Spaces) return "gpt-2";
  return "";
}

Expected<PreTokenizer> PreTokenizer::Make(const std::vector<SplitStep>& steps) {
  PreTokenizer out;
  for (const SplitStep& step : steps) {
    int error = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code* code =
        pcre2_compile(reinterpret_cast<PCRE2_SPTR>(step.expression.data()), step.expression.size(),
                      PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &error, &offset, nullptr);
    if (code == nullptr) {
      return Fail("pre-tokenizer: expression {}: PCRE2 error {} at byte {}",
                  Printable(step.expression), error, offset);
    }
    out.stages_.push_back({{code, pcre2_code_free}, step.byte_level});
  }
  return out;
}

Expected<PreTokenizer> PreTokenizer::Make(std::string_view name) {
  std::vector<SplitStep> steps;
  for (const char* expression : Expressions(name)) steps.push_back({expression, false});
  if (steps.empty()) {
    return Fail(
        "tokenizer.ggml.pre = {}: must be gpt-2, default, llama-bpe, llama3, llama-v3 or falcon3",
        Printable(name));
  }
  return Make(steps);
}

Expected<void> PreTokenizer::Split(std::string_view text,
                                   std::vector<std::string_view>& pieces) const {
  std::vector<std::string_view> current = {text};
  if (text.empty()) current.clear();
  for (const Stage& stage : stages_) {
    std::vector<std::string_view> next;
    for (const std::string_view piece : current) {
      TF_RETURN_IF_ERROR(stage.byte_level ? CutByteLevel(stage.code.get(), piece, next)
                                          : Cut(stage.code.get(), piece, next));
    }
    current = std::move(next);
  }
  pieces.insert(pieces.end(), current.begin(), current.end());
  return {};
}

}  // namespace ternfab
