// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/error.h"
#include "models/random.h"

namespace ternfab {

/// How the next token is chosen from the logits.
struct SamplingOptions {
  double temperature = 0;  ///< logits are divided by it; 0: greedy, the other fields are not used
  int top_k = 0;           ///< only the k greatest logits stay; 0: all
  double top_p = 1;        ///< only the fewest tokens that hold this probability together stay
  uint64_t seed = 0;       ///< of the random numbers

  /// Errors: temperature below 0 or no number, top_k below 0, top_p outside (0, 1].
  Expected<void> Validate() const;
};

/// A token and its probability.
struct TokenProbability {
  int id;
  double probability;
};

/// The distribution that a token is drawn from, in the order of ids: (1) divide the logits by the
/// temperature, (2) keep the `top_k` greatest, (3) softmax in double, (4) keep the shortest row of
/// most probable tokens whose sum reaches `top_p`, (5) scale to a sum of 1. Of equal logits the
/// smaller id comes first. A NaN counts as minus infinity. `temperature` is above 0, `logits` not
/// empty.
std::vector<TokenProbability> SamplingDistribution(std::span<const float> logits,
                                                   const SamplingOptions& options);

/// Draws tokens: with one seed the same tokens from the same logits.
class Sampler {
 public:
  explicit Sampler(const SamplingOptions& options)
      : options_(options), random_(options.seed, kStream) {}

  /// Greedy: the greatest logit, the smaller id of equals, and no random number is used. Otherwise
  /// the first id, in ascending order, where the sum of SamplingDistribution exceeds the next
  /// random number of [0, 1), a multiple of 2^-53.
  int Next(std::span<const float> logits);

 private:
  static constexpr uint64_t kStream = 0x73616d706c65;  // "sample"

  SamplingOptions options_;
  Random random_;
};

}  // namespace ternfab
