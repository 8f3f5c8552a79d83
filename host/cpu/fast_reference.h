// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "host/cpu/head.h"
#include "host/cpu/integer_trace.h"
#include "host/cpu/language_model.h"
#include "host/cpu/panels.h"
#include "models/model.h"

namespace ternfab {

struct FastOptions {
  int threads = 1;
  const PanelKernels* kernels = nullptr;  ///< null: the fastest that this CPU executes
  HeadKind head = HeadKind::kModel;
  PanelCode storage = PanelCode::kBase3;  ///< of ternary weights; docs/decisions/cpu_weight_storage
  IntegerTrace trace;                     ///< if set, called for every BitLinear of every token
};

/// The arithmetic of MakePlainReference at the speed of the machine: the same integers, logits
/// within 1e-4 for the same head. Weights are repacked for the kernels and taken out of `model`
/// matrix by matrix: pass a moved one where memory counts. Tokens go through in batches of 128.
std::unique_ptr<LanguageModel> MakeFastReference(Model model, const FastOptions& options);

/// The weights of `model`, which keeps its configuration and tokenizer.
Model TakeWeights(Model& model);

/// What one token costs the fast reference at `position` (0-based), from the shapes.
struct TokenWork {
  int64_t weight_bytes = 0;  ///< ternary weights as stored
  int64_t head_bytes = 0;
  int64_t cache_bytes = 0;  ///< keys and values of the positions seen
  int64_t macs = 0;         ///< ternary weights, head, and attention

  int64_t bytes() const { return weight_bytes + head_bytes + cache_bytes; }
};
TokenWork WorkOfToken(const Model& model, HeadKind head, PanelCode storage, int position);

}  // namespace ternfab
