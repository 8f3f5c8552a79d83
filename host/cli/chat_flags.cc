// SPDX-License-Identifier: Apache-2.0
#include "host/cli/chat_flags.h"

#include <utility>

namespace ternfab::cli {

void ChatFlags::AddTo(CLI::App& command) {
  command.add_flag("--chat", chat, "the prompt is a message to a chat model; answer it");
  command.add_flag("--interactive", interactive,
                   "chat: a message a line until the end of input; /clear begins again");
  command.add_option("--system", system, "chat: what the model is told before the first message");
  command
      .add_option("--template", form,
                  "chat: form of the conversation (default: what the model says)")
      ->check(CLI::IsMember({"bitnet-2b4t", "llama3"}));
}

Expected<void> ChatFlags::Check(const PromptOptions& prompt) const {
  if (!any()) {
    if (system) return Fail("--system: must be with --chat or --interactive");
    if (form) return Fail("--template: must be with --chat or --interactive");
    return {};
  }
  const char* flag = interactive ? "--interactive" : "--chat";
  if (prompt.ids) return Fail("{}: must be with --prompt, not --ids", flag);
  if (prompt.context) return Fail("{}: must be without --context", flag);
  if (chat && !interactive && !prompt.prompt) {
    return Fail("--chat: give a message with --prompt, or chat with --interactive");
  }
  return {};
}

Expected<ChatTemplate> ChatFlags::MakeTemplate(const Model& model) const {
  if (!model.tokenizer) {
    return Fail("chat: model {} has no tokenizer: {}", model.config.name, model.tokenizer_error);
  }
  return ChatTemplate::Make(form.value_or("auto"), model.config, *model.tokenizer);
}

Expected<Prompt> ChatFlags::MakePrompt(const PromptOptions& options, const Model& model,
                                       int context) const {
  TF_ASSIGN_OR_RETURN(const ChatTemplate chat_template, MakeTemplate(model));
  Prompt prompt;
  TF_ASSIGN_OR_RETURN(prompt.ids, chat_template.Begin(system.value_or("")));
  TF_ASSIGN_OR_RETURN(const std::vector<int> turn, chat_template.Ask(*options.prompt));
  prompt.ids.insert(prompt.ids.end(), turn.begin(), turn.end());
  prompt.stops = model.tokenizer->ends();
  prompt.stops.push_back(chat_template.end_of_turn());
  TF_RETURN_IF_ERROR(CheckPrompt(prompt, options, model, context));
  return prompt;
}

}  // namespace ternfab::cli
