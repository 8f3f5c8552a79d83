// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/error.h"
#include "models/config.h"
#include "models/tokenizer.h"

namespace ternfab {

/// Forms of a conversation that are built in; `BOS` where the tokenizer begins texts so.
enum class ChatForm {
  /// microsoft/bitnet-b1.58-2B-4T, chat_template of its tokenizer_config.json:
  /// BOS System: ...<|eot_id|>User: ...<|eot_id|>Assistant: ...<|eot_id|>
  kBitnet2b4t,
  /// Meta Llama 3, its model card: BOS, then each turn
  /// <|start_header_id|>role<|end_header_id|>\n\n...<|eot_id|>
  kLlama3,
};

/// Makes tokens of a conversation. What people write is text: control tokens are never matched in
/// it, so no message can end its turn or begin another's.
class ChatTemplate {
 public:
  /// `form` is `bitnet-2b4t`, `llama3` or `auto`: the form that the model's own template has, and
  /// without one that of the model's shape (sub-norms and ReLU^2: BitNet 2B4T).
  /// `tokenizer` outlives the template. Errors: the vocabulary lacks a token of the form; `auto`
  /// knows no form for this model.
  static Expected<ChatTemplate> Make(std::string_view form, const ModelConfig& config,
                                     const Tokenizer& tokenizer);

  /// The beginning of a conversation: BOS, and the system's turn unless `system` is empty.
  Expected<std::vector<int>> Begin(std::string_view system) const;
  /// A turn of the user and the beginning of the answer.
  Expected<std::vector<int>> Ask(std::string_view message) const;

  /// The token that ends each turn: the answer's end, too.
  int end_of_turn() const { return end_of_turn_; }
  ChatForm form() const { return form_; }

 private:
  ChatTemplate(ChatForm form, const Tokenizer& tokenizer) : form_(form), tokenizer_(&tokenizer) {}

  Expected<void> FindControlTokens();
  /// "User", "user": what stands before the text of a turn, and the text, if the turn is complete.
  Expected<void> AppendTurn(std::string_view role, const std::string* text,
                            std::vector<int>& ids) const;

  ChatForm form_;
  const Tokenizer* tokenizer_;
  int end_of_turn_ = -1;
  int start_header_ = -1;  ///< Llama 3
  int end_header_ = -1;
};

}  // namespace ternfab
