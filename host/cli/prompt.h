// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/cpu/language_model.h"
#include "models/model.h"

namespace ternfab::cli {

/// `--model`, `--prompt`, `--ids`, `--tokens`: what to generate from.
struct PromptOptions {
  std::string model = "tales";
  std::optional<std::string> prompt;
  std::optional<std::string> ids;
  int tokens = 64;
  std::optional<int> context;  ///< seeded positions in place of a prompt

  void AddTo(CLI::App& command);
  /// `--context`, for commands whose model can be given a seeded cache.
  void AddContextTo(CLI::App& command);
};

/// A prompt as tokens. With `--context` the cache holds `context` seeded positions and `ids` is the
/// seeded token that follows them: all steps decode.
struct Prompt {
  std::vector<int> ids;
  std::optional<int> context;
  std::optional<int> stop;  ///< end-of-text token; none with --ids
};

/// Token ids of the options; checks them against vocabulary and context.
Expected<Prompt> MakePrompt(const PromptOptions& options, const Model& model, int context);

/// A generated sequence and how long its parts took on the wall clock.
struct Generated {
  std::vector<int> ids;
  double prefill_seconds = 0;  ///< to the first logits
  double decode_seconds = 0;   ///< after the first token

  /// Tokens a second: of the prompt, and of the steps after the first token (with a seeded context
  /// all steps decode, and nothing is a prompt). None when there was no such step.
  std::optional<double> PrefillRate(const Prompt& prompt) const;
  std::optional<double> DecodeRate(const Prompt& prompt) const;
};

/// Greedy decoding after the prompt or its seeded context. `on_token` sees each token as it is
/// made.
Expected<Generated> GenerateGreedy(LanguageModel& model, const Prompt& prompt, int tokens,
                                   const std::function<void(int)>& on_token);

/// Text of ids; "" without a tokenizer.
std::string TextOf(const Model& model, const std::vector<int>& ids);

}  // namespace ternfab::cli
