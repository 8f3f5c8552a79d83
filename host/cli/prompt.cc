// SPDX-License-Identifier: Apache-2.0
#include "host/cli/prompt.h"

#include "host/cli/arguments.h"
#include "host/cli/output.h"
#include "host/cpu/context_fill.h"
#include "host/cpu/evaluate.h"

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
    TF_ASSIGN_OR_RETURN(prompt.ids, model.tokenizer->Encode(*options.prompt));
    prompt.stop = model.tokenizer->eos();
  }
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
  return prompt;
}

Expected<Generated> GenerateGreedy(LanguageModel& model, const Prompt& prompt, int tokens,
                                   const std::function<void(int)>& on_token) {
  Generated out;
  if (prompt.context) TF_RETURN_IF_ERROR(model.FillContext(*prompt.context, kContextSeed));
  Stopwatch prefill;
  TF_ASSIGN_OR_RETURN(std::vector<float> logits, model.Append(prompt.ids));
  out.prefill_seconds = prefill.seconds();
  Stopwatch decode;
  while (int(out.ids.size()) < tokens) {
    const int id = ArgMax(logits);
    if (prompt.stop == id) break;
    out.ids.push_back(id);
    on_token(id);
    if (int(out.ids.size()) == tokens) break;
    TF_ASSIGN_OR_RETURN(logits, model.Append({&id, 1}));
  }
  out.decode_seconds = decode.seconds();
  return out;
}

std::optional<double> Generated::PrefillRate(const Prompt& prompt) const {
  if (prompt.context) return {};
  return double(prompt.ids.size()) / prefill_seconds;
}

std::optional<double> Generated::DecodeRate(const Prompt& prompt) const {
  if (prompt.context) return double(ids.size()) / (prefill_seconds + decode_seconds);
  if (ids.size() < 2) return {};
  return double(ids.size() - 1) / decode_seconds;
}

std::string TextOf(const Model& model, const std::vector<int>& ids) {
  return model.tokenizer ? ValidUtf8(model.tokenizer->Decode(ids)) : "";
}

}  // namespace ternfab::cli
