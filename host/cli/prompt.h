// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/cli/generation.h"
#include "host/cpu/language_model.h"
#include "models/model.h"

namespace ternfab::cli {

/// `--model`, `--prompt`, `--ids`, `--tokens`: what to generate from.
struct PromptOptions {
  std::string model = "tales";
  std::optional<std::string> prompt;
  std::optional<std::string> ids;
  int tokens = 64;
  std::optional<int> context;   ///< seeded positions in place of a prompt
  bool special_tokens = false;  ///< control tokens that are spelled in the prompt are these tokens

  void AddTo(CLI::App& command);
  /// `--context`, for commands whose model can be given a seeded cache.
  void AddContextTo(CLI::App& command);
  /// `--special-tokens`.
  void AddSpecialTokensTo(CLI::App& command);
};

/// A prompt as tokens. With `--context` the cache holds `context` seeded positions and `ids` is the
/// seeded token that follows them: all steps decode.
struct Prompt {
  std::vector<int> ids;
  std::optional<int> context;
  std::vector<int> stops;  ///< end-of-text tokens; none with --ids

  bool Stops(int id) const { return std::find(stops.begin(), stops.end(), id) != stops.end(); }
};

/// Errors: an id outside the vocabulary, no id, more tokens than the context has room for.
Expected<void> CheckPrompt(const Prompt& prompt, const PromptOptions& options, const Model& model,
                           int context);

/// Token ids of the options; checks them against vocabulary and context.
Expected<Prompt> MakePrompt(const PromptOptions& options, const Model& model, int context);

/// Generates after the prompt or its seeded context, whose end-of-text tokens become the stops.
Expected<Generated> GenerateFrom(LanguageModel& model, const Prompt& prompt, Sampler& sampler,
                                 GenerationOptions options);

/// The same with the most likely token at each step.
Expected<Generated> GenerateGreedy(LanguageModel& model, const Prompt& prompt, int tokens,
                                   const std::function<void(int)>& on_token);

/// Text of ids; "" without a tokenizer.
std::string TextOf(const Model& model, const std::vector<int>& ids);

}  // namespace ternfab::cli
