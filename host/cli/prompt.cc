// SPDX-License-Identifier: Apache-2.0
#include "host/cli/prompt.h"

#include "host/cli/arguments.h"
#include "host/cli/utf8_stream.h"
#include "host/cpu/context_fill.h"

namespace ternfab::cli {

void PromptOptions::AddTo(CLI::App& command) {
  command.add_option("--model", model, "GGUF file, folder, `tales` or synth:<config>[:seed]")
      ->capture_default_str();
  auto* text = command.add_option("--prompt", prompt, "text to continue");
  command.add_option("--ids", ids, "token ids to continue, taken verbatim (1,2,3)")->excludes(text);
  command.add_option("--tokens", tokens, "tokens to generate")->capture_default_str();
}

void PromptOptions::AddContextTo(CLI::App& command) {
  command
      .add_option("--context", context,
                  "no prompt: fill the KV cache with this many seeded positions, then decode")
      ->excludes(command.get_option("--prompt"))
      ->excludes(command.get_option("--ids"));
}

void PromptOptions::AddSpecialTokensTo(CLI::App& command) {
  command
      .add_flag("--special-tokens", special_tokens,
                "special tokens spelled in the prompt (<|eot_id|>) are these tokens, not text")
      ->excludes(command.get_option("--ids"));
}

namespace {

/// A seeded context and its first token.
Expected<Prompt> MakeContext(const PromptOptions& options, int vocab, int context) {
  const int positions = *options.context;
  if (positions < 1) return Fail("--context {}: must be at least 1", positions);
  if (options.tokens < 1) {
    return Fail("--tokens {}: must be at least 1 with --context", options.tokens);
  }
  if (int64_t(positions) + options.tokens > context) {
    return Fail("--context {} and --tokens {}: must be at most {} together (the context)",
                positions, options.tokens, context);
  }
  return Prompt{{ContextToken(vocab, kContextSeed)}, positions, {}};
}

}  // namespace

Expected<Prompt> MakePrompt(const PromptOptions& options, const Model& model, int context) {
  if (options.context) return MakeContext(options, model.config.vocab, context);
  Prompt prompt;
  if (options.tokens < 0) return Fail("--tokens {}: must be at least 0", options.tokens);
  if (options.ids) {
    auto ids = ParseInts(*options.ids, ",");
    if (!ids) return Fail("--ids {}: must be token ids with commas between them", *options.ids);
    prompt.ids = std::move(*ids);
  } else if (!options.prompt) {
    return Fail("give --prompt TEXT or --ids 1,2,3");
  } else if (!model.tokenizer) {
    return Fail("--prompt: model {} has no tokenizer: {}: use --ids", model.config.name,
                model.tokenizer_error);
  } else {
    const auto control =
        options.special_tokens ? ControlTokens::kRecognise : ControlTokens::kAsText;
    TF_ASSIGN_OR_RETURN(prompt.ids, model.tokenizer->Encode(*options.prompt, control));
    prompt.stops = model.tokenizer->ends();
  }
  TF_RETURN_IF_ERROR(CheckPrompt(prompt, options, model, context));
  return prompt;
}

Expected<void> CheckPrompt(const Prompt& prompt, const PromptOptions& options, const Model& model,
                           int context) {
  if (prompt.ids.empty()) return Fail("--prompt \"\": must give at least one token");
  for (const int id : prompt.ids) {
    if (id < 0 || id >= model.config.vocab) {
      return Fail("--ids {}: must be in 0..{} (vocabulary of {})", id, model.config.vocab - 1,
                  model.config.name);
    }
  }
  const int64_t longest = int64_t(prompt.ids.size()) + options.tokens;
  if (longest > context) {
    return Fail("{} prompt tokens and --tokens {}: must be at most {} together (the context)",
                prompt.ids.size(), options.tokens, context);
  }
  return {};
}

Expected<Generated> GenerateFrom(LanguageModel& model, const Prompt& prompt, Sampler& sampler,
                                 GenerationOptions options) {
  if (prompt.context) TF_RETURN_IF_ERROR(model.FillContext(*prompt.context, kContextSeed));
  options.stops = prompt.stops;
  TF_ASSIGN_OR_RETURN(Generated out, Generate(model, prompt.ids, sampler, options));
  out.seeded = prompt.context.has_value();
  return out;
}

Expected<Generated> GenerateGreedy(LanguageModel& model, const Prompt& prompt, int tokens,
                                   const std::function<void(int)>& on_token) {
  Sampler greedy({});
  GenerationOptions options;
  options.tokens = tokens;
  options.on_token = on_token;
  return GenerateFrom(model, prompt, greedy, std::move(options));
}

std::string TextOf(const Model& model, const std::vector<int>& ids) {
  return model.tokenizer ? ValidUtf8(model.tokenizer->Decode(ids)) : "";
}

}  // namespace ternfab::cli
