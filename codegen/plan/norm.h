// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "codegen/plan/emitter.h"

namespace ternfab {

/// RMSNorm with weights g, then absmax quantisation to int8, of a vector v in VM:
///   am = max(max |v g|, 1e-20), int8 = round(v g * 127 / am), scale = am * inverse rms / 127.
/// The int8 values do not depend on the rms, so it is computed after them, beside the matrix
/// products that use them. Without weights: no norm, scale = am / 127.
struct NormOp {
  int source = 0;                   ///< VM word of v
  int length = 0;                   ///< elements of v, zeros of padded heads included
  int count = 0;                    ///< elements that the mean counts
  std::optional<uint64_t> weights;  ///< wide beat of g, fp32 [length]
  int product = 0;                  ///< VM word of v g
  float epsilon = 0;
};

/// S[kAbsMax + slot] = max |v g|, v g to `product`.
void EmitWeighted(Emitter& emit, const NormOp& op);
/// The same for elements [first, first + length) only: parts come in ascending order and begin at
/// new VM words and, with weights, at new wide beats of them. S[kAbsMax + slot] = max |v g| so far.
void EmitWeightedPart(Emitter& emit, const NormOp& op, int first, int length);
/// S[kAbsMax + slot] = max(S[kAbsMax + slot], S[kPartMax]).
void EmitAbsMaxSoFar(Emitter& emit);
/// S[kAbsMax + slot] = am; int8 values of `word` [length] to `to`.
void EmitQuantise(Emitter& emit, int word, int length, const Target& to);
/// S[kScale + slot] = am * inverse rms / 127. With `factor`, v is S[factor] times too small, and so
/// is what was quantised.
void EmitScale(Emitter& emit, const NormOp& op, std::optional<int> factor = {});

/// EmitWeighted and EmitQuantise.
void EmitNormQuantise(Emitter& emit, const NormOp& op, const Target& to);

/// S[to] = S[from] * value.
void EmitScalarTimes(Emitter& emit, int from, float value, int to, const std::string& note);

}  // namespace ternfab
