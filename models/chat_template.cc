// SPDX-License-Identifier: Apache-2.0
#include "models/chat_template.h"

#include <optional>

namespace ternfab {
namespace {

constexpr const char* kEndOfTurn = "<|eot_id|>";
constexpr const char* kStartHeader = "<|start_header_id|>";
constexpr const char* kEndHeader = "<|end_header_id|>";

bool Has(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

/// The form of a model's own template (Jinja), by words that only that form has. GGUF files of
/// 2B4T exist whose template is that of another program; the model was trained with one form.
std::optional<ChatForm> FormOf(std::string_view chat_template) {
  if (Has(chat_template, kStartHeader)) return ChatForm::kLlama3;
  if (Has(chat_template, "BITNETAssistant")) return ChatForm::kBitnet2b4t;
  if (Has(chat_template, "Assistant: ") && Has(chat_template, kEndOfTurn)) {
    return ChatForm::kBitnet2b4t;
  }
  return std::nullopt;
}

Expected<ChatForm> FindForm(std::string_view form, const ModelConfig& config,
                            const Tokenizer& tokenizer) {
  if (form == "bitnet-2b4t") return ChatForm::kBitnet2b4t;
  if (form == "llama3") return ChatForm::kLlama3;
  const std::string_view own = tokenizer.chat_template();
  if (const auto known = FormOf(own)) return *known;
  if (!own.empty()) {
    return Fail(
        "chat: the model's own template is not built in: must be that of bitnet-2b4t or "
        "llama3 (--template)");
  }
  if (!tokenizer.FindControl(kStartHeader) || !tokenizer.FindControl(kEndOfTurn)) {
    return Fail("chat: model {} has no template and no {}: must be a chat model (--template)",
                config.name, kEndOfTurn);
  }
  const bool is_2b4t = config.sub_norms && config.activation == Activation::kRelu2;
  return is_2b4t ? ChatForm::kBitnet2b4t : ChatForm::kLlama3;
}

std::string_view Trim(std::string_view text) {
  constexpr const char* kSpaces = " \t\n\v\f\r";
  const size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

}  // namespace

Expected<ChatTemplate> ChatTemplate::Make(std::string_view form, const ModelConfig& config,
                                          const Tokenizer& tokenizer) {
  TF_ASSIGN_OR_RETURN(const ChatForm known, FindForm(form, config, tokenizer));
  ChatTemplate out(known, tokenizer);
  TF_RETURN_IF_ERROR(out.FindControlTokens());
  return out;
}

Expected<void> ChatTemplate::FindControlTokens() {
  const auto find = [this](const char* spelling, int& id) -> Expected<void> {
    const auto found = tokenizer_->FindControl(spelling);
    if (!found) return Fail("chat: the vocabulary has no control token {}", spelling);
    id = *found;
    return {};
  };
  TF_RETURN_IF_ERROR(find(kEndOfTurn, end_of_turn_));
  if (form_ != ChatForm::kLlama3) return {};
  TF_RETURN_IF_ERROR(find(kStartHeader, start_header_));
  return find(kEndHeader, end_header_);
}

Expected<void> ChatTemplate::AppendTurn(std::string_view role, const std::string* text,
                                        std::vector<int>& ids) const {
  std::string words(role);
  if (form_ == ChatForm::kLlama3) {
    ids.push_back(start_header_);
    TF_RETURN_IF_ERROR(tokenizer_->EncodePart(role, ControlTokens::kAsText, ids));
    ids.push_back(end_header_);
    words = "\n\n";
  } else {
    words[0] = char(words[0] - 'a' + 'A');
    words += ": ";
  }
  if (text != nullptr) words += Trim(*text);
  TF_RETURN_IF_ERROR(tokenizer_->EncodePart(words, ControlTokens::kAsText, ids));
  if (text != nullptr) ids.push_back(end_of_turn_);
  return {};
}

Expected<std::vector<int>> ChatTemplate::Begin(std::string_view system) const {
  std::vector<int> ids;
  if (const auto bos = tokenizer_->bos()) ids.push_back(*bos);
  if (system.empty()) return ids;
  const std::string text(system);
  TF_RETURN_IF_ERROR(AppendTurn("system", &text, ids));
  return ids;
}

Expected<std::vector<int>> ChatTemplate::Ask(std::string_view message) const {
  std::vector<int> ids;
  const std::string text(message);
  TF_RETURN_IF_ERROR(AppendTurn("user", &text, ids));
  TF_RETURN_IF_ERROR(AppendTurn("assistant", nullptr, ids));
  return ids;
}

}  // namespace ternfab
