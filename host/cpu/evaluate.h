// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "host/cpu/language_model.h"

namespace ternfab {

/// How well a model predicts a text. All figures are over the scored tokens: every token of each
/// window but its first, windows being the model's context, without overlap.
struct TextScore {
  int64_t tokens = 0;          ///< scored
  int64_t bytes = 0;           ///< of the scored tokens
  double nats = 0;             ///< sum of -log p(token)
  double Perplexity() const;   ///< exp(nats / tokens)
  double BitsPerChar() const;  ///< nats / ln 2 / bytes
};

/// Scores of two arithmetics on the same text and the distance between their predictions.
struct EvaluationResult {
  TextScore reference;
  TextScore device;
  double kl = 0;              ///< mean KL(reference || device) of the next-token distribution, nats
  double top1_agreement = 0;  ///< share of positions with the same most likely token
  /// Share of positions whose most likely token of `device` is not in the shortlist.
  std::optional<double> shortlist_miss;
};

/// Called after each position with (positions done, positions in all).
using Progress = std::function<void(int64_t, int64_t)>;

/// Scores `ids` in windows of `window` tokens (at most both contexts). `token_bytes[id]` is the
/// length of a token in bytes. Positions go through the models one by one. `shortlist`, if given,
/// is `device` with a shortlist head; only its misses are counted.
Expected<EvaluationResult> Evaluate(LanguageModel& reference, LanguageModel& device,
                                    std::span<const int> ids, std::span<const int> token_bytes,
                                    int window, const Progress& progress,
                                    LanguageModel* shortlist = nullptr);

/// Index of the greatest logit; the first of equals.
int ArgMax(std::span<const float> logits);

}  // namespace ternfab
