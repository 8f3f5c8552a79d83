// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "host/cpu/language_model.h"
#include "host/cpu/sampler.h"

namespace ternfab::cli {

/// Why a generation ended.
enum class StopReason { kTokens, kEndOfText, kContext, kInterrupt };

/// "tokens", "end_of_text", "context", "interrupt".
const char* StopName(StopReason reason);

/// When a generation ends, and who watches it. Functions may be empty.
struct GenerationOptions {
  int tokens = 64;                    ///< at most
  std::vector<int> stops;             ///< tokens that end the text, without being part of it
  std::function<void(int)> on_token;  ///< each token as it is made
  std::function<void(int64_t, int64_t)> on_prompt;  ///< prompt tokens read, in all
  std::function<bool()> interrupted;                ///< asked between tokens
};

/// A generated sequence and how long its parts took on the wall clock.
struct Generated {
  std::vector<int> prompt_ids;  ///< what was read before the first token
  std::vector<int> ids;
  StopReason stopped = StopReason::kTokens;
  double prefill_seconds = 0;  ///< to the first logits
  int decode_steps = 0;        ///< steps of one token after the prompt
  double decode_seconds = 0;   ///< of these
  int64_t positions = 0;       ///< sum of the positions (0-based) at which they ran
  bool seeded = false;         ///< after a seeded context: all steps decode, nothing is a prompt

  /// Tokens a second: of the prompt, and of the steps after the first token. None when there was no
  /// such step.
  std::optional<double> PrefillRate() const;
  std::optional<double> DecodeRate() const;
  /// Mean of the positions of the decode steps; none without one.
  std::optional<double> MeanPosition() const;
  /// Seconds from the prompt to the first token; none without one.
  std::optional<double> TimeToFirstToken() const;
};

/// Appends `prompt` to the sequence of `model`, then tokens that `sampler` draws. Of a generation
/// that ended by tokens, context or interrupt the last id is not in the sequence of `model` yet.
Expected<Generated> Generate(LanguageModel& model, std::span<const int> prompt, Sampler& sampler,
                             const GenerationOptions& options);

}  // namespace ternfab::cli
