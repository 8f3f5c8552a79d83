// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/error.h"

namespace ternfab {

/// A decoder with its KV cache: tokens in, logits out.
class LanguageModel {
 public:
  virtual ~LanguageModel() = default;

  /// Appends `tokens` (at least one) at the end of the sequence and returns the logits [vocab]
  /// after the last one. Fails, changing nothing, when a token is outside the vocabulary or the
  /// sequence would be longer than context().
  Expected<std::vector<float>> Append(std::span<const int> tokens);

  /// Makes `positions` seeded positions (host/cpu/context_fill.h), which nothing computes, the
  /// sequence in place of the present one. Fails when they are more than context(), or when the
  /// arithmetic has no such cache.
  Expected<void> FillContext(int positions, uint64_t seed);

  /// Forgets the sequence.
  virtual void Reset() = 0;

  virtual int vocab() const = 0;
  virtual int context() const = 0;   ///< longest sequence, tokens
  virtual int position() const = 0;  ///< tokens in the sequence

 protected:
  /// Append after the checks.
  virtual Expected<std::vector<float>> Advance(std::span<const int> tokens) = 0;

  /// FillContext after the checks; by default refused.
  virtual Expected<void> Fill(int positions, uint64_t seed);
};

}  // namespace ternfab
