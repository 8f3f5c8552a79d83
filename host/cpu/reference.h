// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "host/cpu/head.h"
#include "host/cpu/integer_trace.h"
#include "host/cpu/language_model.h"
#include "models/model.h"

namespace ternfab {

/// The published BitNet arithmetic, written to be read: fp32 values, sums in fp64, integer products
/// exact. BitLinear quantises its input per token (absmax int8) and multiplies with ternary
/// weights; everything else is floating point. Not optimised. `model` outlives the reference.
/// `trace`, if set, sees the integers of every BitLinear.
std::unique_ptr<LanguageModel> MakePlainReference(const Model& model,
                                                  HeadKind head = HeadKind::kModel,
                                                  IntegerTrace trace = {});

}  // namespace ternfab
