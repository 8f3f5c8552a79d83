// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "host/cli/prompt.h"
#include "models/chat_template.h"

namespace ternfab::cli {

/// `--chat`, `--interactive`, `--system`, `--template`.
struct ChatFlags {
  bool chat = false;
  bool interactive = false;
  std::optional<std::string> system;
  std::optional<std::string> form;

  void AddTo(CLI::App& command);
  /// Whether the prompt is a message of a chat.
  bool any() const { return chat || interactive; }

  /// Errors: a flag of chats without one; a chat with --ids or --context, or without a message.
  Expected<void> Check(const PromptOptions& prompt) const;
  /// The template of a chat with `model`, which outlives it.
  Expected<ChatTemplate> MakeTemplate(const Model& model) const;
  /// The conversation whose first message is the prompt. Errors: as MakePrompt.
  Expected<Prompt> MakePrompt(const PromptOptions& options, const Model& model, int context) const;
};

}  // namespace ternfab::cli
