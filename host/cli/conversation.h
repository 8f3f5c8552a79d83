// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "host/cli/generation.h"
#include "models/chat_template.h"

namespace ternfab::cli {

/// A chat of several turns whose KV cache stays: each turn reads only what is new. The parts are
/// borrowed.
class Conversation {
 public:
  Conversation(LanguageModel& model, const ChatTemplate& chat, Sampler& sampler, std::string system)
      : model_(model), chat_(chat), sampler_(sampler), system_(std::move(system)) {}

  /// Asks `message` and generates the answer; `options.stops` gains the end of the turn. An answer
  /// that was cut short counts as ended for the next turn. Errors: the message is no UTF-8, or does
  /// not fit into what is left of the context; the conversation is then as before.
  Expected<Generated> Ask(const std::string& message, GenerationOptions options);

  /// Forgets all turns but the system's.
  void Reset();

 private:
  LanguageModel& model_;
  const ChatTemplate& chat_;
  Sampler& sampler_;
  std::string system_;
  std::vector<int> sequence_;  ///< all so far; the model has read the first position() of it
};

}  // namespace ternfab::cli
