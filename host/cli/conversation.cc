// SPDX-License-Identifier: Apache-2.0
#include "host/cli/conversation.h"

#include <utility>

namespace ternfab::cli {

Expected<Generated> Conversation::Ask(const std::string& message, GenerationOptions options) {
  std::vector<int> sequence = sequence_;
  if (sequence.empty()) {
    TF_ASSIGN_OR_RETURN(sequence, chat_.Begin(system_));
  }
  TF_ASSIGN_OR_RETURN(const std::vector<int> turn, chat_.Ask(message));
  sequence.insert(sequence.end(), turn.begin(), turn.end());
  if (sequence.size() > size_t(model_.context())) {
    return Fail("the conversation and this message are {} tokens: must be at most {} (the context)",
                sequence.size(), model_.context());
  }
  options.stops.push_back(chat_.end_of_turn());
  const std::span<const int> unread = std::span(sequence).subspan(model_.position());
  TF_ASSIGN_OR_RETURN(Generated answer, Generate(model_, unread, sampler_, options));
  sequence.insert(sequence.end(), answer.ids.begin(), answer.ids.end());
  sequence.push_back(chat_.end_of_turn());
  sequence_ = std::move(sequence);
  return answer;
}

void Conversation::Reset() {
  model_.Reset();
  sequence_.clear();
}

}  // namespace ternfab::cli
