// SPDX-License-Identifier: Apache-2.0
#include "models/hf_splits.h"

#include <string>
#include <utility>

#include "common/printable.h"
#include "models/hf_json.h"

namespace ternfab {
namespace {

using Json = nlohmann::json;

// What the pre-tokenizers of the same names do (documentation of the tokenizers library), as
// expressions. ByteLevel has that of GPT-2.
constexpr const char* kByteLevel =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
constexpr const char* kPunctuation = R"([\p{P}!-/:-@\[-`{-~])";
constexpr const char* kDigit = R"(\p{N})";

/// The steps so far, and whether ByteLevel was among them.
struct Steps {
  std::vector<SplitStep> list;
  bool byte_level = false;

  void Add(std::string expression) { list.push_back({std::move(expression), byte_level}); }
};

/// An expression that matches `text` itself.
std::string Literally(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool ascii_sign = c > 0 && !std::isalnum(static_cast<unsigned char>(c));
    if (ascii_sign) out += '\\';
    out += c;
  }
  return out;
}

/// The behaviour of a pre-tokenizer; only those that keep every character are built.
Expected<std::string> ReadBehavior(const Json& step, const char* kind) {
  TF_ASSIGN_OR_RETURN(const auto behavior, FindJsonString(step, "behavior"));
  const std::string name = behavior.value_or("Isolated");
  if (name == "Isolated" || name == "Contiguous") return name;
  return Fail("{}.behavior {}: must be Isolated or Contiguous", kind, Printable(name));
}

Expected<void> AddSplit(const Json& step, Steps& steps) {
  TF_ASSIGN_OR_RETURN(const auto invert, FindJsonBool(step, "invert"));
  if (invert.value_or(false)) return Fail("Split.invert: must be false");
  TF_ASSIGN_OR_RETURN(const std::string behavior, ReadBehavior(step, "Split"));
  if (behavior != "Isolated") return Fail("Split.behavior {}: must be Isolated", behavior);
  const Json* pattern = FindMember(step, "pattern");
  if (pattern == nullptr) return Fail("Split.pattern: missing");
  TF_ASSIGN_OR_RETURN(const auto regex, FindJsonString(*pattern, "Regex"));
  TF_ASSIGN_OR_RETURN(const auto text, FindJsonString(*pattern, "String"));
  if (!regex && !text) return Fail("Split.pattern: must have Regex or String");
  if ((regex ? *regex : *text).empty()) return Fail("Split.pattern: must not be empty");
  steps.Add(regex ? *regex : Literally(*text));
  return {};
}

Expected<void> AddByteLevel(const Json& step, Steps& steps) {
  if (steps.byte_level) return Fail("ByteLevel: must come once");
  TF_ASSIGN_OR_RETURN(const auto prefix, FindJsonBool(step, "add_prefix_space"));
  if (prefix.value_or(true)) return Fail("ByteLevel.add_prefix_space: must be false");
  TF_ASSIGN_OR_RETURN(const auto use_regex, FindJsonBool(step, "use_regex"));
  if (use_regex.value_or(true)) steps.Add(kByteLevel);
  steps.byte_level = true;
  return {};
}

Expected<void> AddStep(const Json& step, Steps& steps) {
  TF_ASSIGN_OR_RETURN(const auto type, FindJsonString(step, "type"));
  if (type == "Split") return AddSplit(step, steps);
  if (type == "ByteLevel") return AddByteLevel(step, steps);
  if (type == "Digits") {
    TF_ASSIGN_OR_RETURN(const auto individual, FindJsonBool(step, "individual_digits"));
    steps.Add(std::string(kDigit) + (individual.value_or(false) ? "" : "+"));
    return {};
  }
  if (type == "Punctuation") {
    TF_ASSIGN_OR_RETURN(const std::string behavior, ReadBehavior(step, "Punctuation"));
    steps.Add(std::string(kPunctuation) + (behavior == "Contiguous" ? "+" : ""));
    return {};
  }
  return Fail("type {}: must be Split, ByteLevel, Digits or Punctuation",
              type ? Printable(*type) : "is missing");
}

}  // namespace

Expected<std::vector<SplitStep>> ReadHfSplits(const Json& pre_tokenizer) {
  Steps steps;
  TF_ASSIGN_OR_RETURN(const auto type, FindJsonString(pre_tokenizer, "type"));
  if (type == "Sequence") {
    const Json* list = FindMember(pre_tokenizer, "pretokenizers");
    if (list == nullptr || !list->is_array()) return Fail("pretokenizers: must be a list");
    for (const Json& step : *list) TF_RETURN_IF_ERROR(AddStep(step, steps));
  } else {
    TF_RETURN_IF_ERROR(AddStep(pre_tokenizer, steps));
  }
  if (!steps.byte_level) return Fail("must have a ByteLevel (byte-level BPE)");
  return std::move(steps.list);
}

}  // namespace ternfab
