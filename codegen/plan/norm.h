// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "codegen/plan/emitter.h"

namespace ternfab {

// RMSNorm with weights g, then absmax quantisation to int8, of a vector v:
//   am = max(max |v g|, 1e-20), int8 = round(v g * 127 / am), scale = am * inverse rms / 127.
// The int8 values do not depend on the rms, so it is computed after them, beside the matrix
// products that use them.

/// The least absmax that is divided by.
inline constexpr float kLeastAbsMax = 1e-20f;

/// The norm of a vector v that stays in VM: x.
struct NormOp {
  int source = 0;        ///< VM word of v
  int length = 0;        ///< elements of v
  uint64_t weights = 0;  ///< wide beat of g, fp32 [length]
  int product = 0;       ///< VM word of v g
  float epsilon = 0;
};

/// A sub norm: the passes that compute v do the norm's part too, so v itself is nowhere stored.
struct SubNorm {
  int product = 0;  ///< VM word of v g
  int length = 0;   ///< elements of v, zeros of padded heads included
  int count = 0;    ///< elements that the mean counts
  /// Wide beat of g, fp32 [length / row][row], rows at new beats. Without: no norm, v g is v and
  /// scale = am / 127.
  std::optional<uint64_t> weights;
  int row = 0;
  uint64_t row_beats = 0;  ///< wide beats of a row; of a single one not needed
  float epsilon = 0;
};

/// S[kAbsMax + slot] = am, v g to `product`.
void EmitWeighted(Emitter& emit, const NormOp& op);
/// The same for elements [first, first + length) only: parts come in ascending order and begin at
/// new VM words and at new wide beats of the weights. S[kAbsMax + slot] = am so far.
void EmitWeightedPart(Emitter& emit, const NormOp& op, int first, int length);
/// `part` computes elements of v from `first` on; emits it so that it leaves v g in `product`,
/// S[kAbsMax + slot] = am so far, and at v's end S[kSubSquares + slot] = the sum of v's
/// squares. Parts as above; a part of several segments has one for each row of the weights.
void EmitSubNormPart(Emitter& emit, const SubNorm& op, VectorOp part, int first,
                     const std::string& note);
/// With S[kAbsMax + slot] = am: int8 values of `word` [length] to `to`.
void EmitQuantise(Emitter& emit, int word, int length, const Target& to);
/// S[kScale + slot] = am * inverse rms / 127.
void EmitScale(Emitter& emit, const NormOp& op);
/// The same; with `factor`, v is S[factor] times too small, and so is what was quantised.
void EmitScale(Emitter& emit, const SubNorm& op, std::optional<int> factor = {});

/// S[to] = S[from] * value.
void EmitScalarTimes(Emitter& emit, int from, float value, int to, const std::string& note);

}  // namespace ternfab
