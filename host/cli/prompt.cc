// SPDX-License-Identifier: Apache-2.0
#include "host/cli/prompt.h"

#include "host/cli/arguments.h"
#include "host/cli/output.h"
#include "host/cpu/evaluate.h"

namespace ternfab::cli {

void PromptOptions::AddTo(CLI::App& command) {
  command.add_option("--model", model, "GGUF file, folder, `tales` or synth:<config>[:seed]")
      ->capture_default_str();
  auto* text = command.add_option("--prompt", prompt, "text to continue");
  command.add_option("--ids", ids, "token ids to continue, taken verbatim (1,2,3)")->excludes(text);
  command.add_option("--tokens", tokens, "tokens to generate")->capture_default_str();
}

Expected<Prompt> MakePrompt(const PromptOptions& options, const Model& model, int context) {
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

std::string TextOf(const Model& model, const std::vector<int>& ids) {
  return model.tokenizer ? ValidUtf8(model.tokenizer->Decode(ids)) : "";
}

}  // namespace ternfab::cli
