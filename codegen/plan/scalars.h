// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/plan/isa.h"

// What the planner keeps in which scalar register S.

namespace ternfab {

/// Most query heads of a KV head; their scalars take a slot's share of S.
inline constexpr int kMaxGroup = 8;
/// Registers for the heads of a group, kValueHead and kKeyHead included.
inline constexpr int kMaxGroupHeads = 16;
static_assert(kMaxGroup + 2 <= kMaxGroupHeads);

namespace reg {

// One for each slot.
inline constexpr int kScale = 0;   ///< of the int8 activations
inline constexpr int kAbsMax = 8;  ///< of what they were quantised from
inline constexpr int kGateScale = 16;

// Temporaries of one instruction sequence.
inline constexpr int kReciprocal = 24;
inline constexpr int kQuant = 25;  ///< 127 / absmax
inline constexpr int kSumSquares = 26;
inline constexpr int kMeanSquare = 27;
inline constexpr int kInverse = 28;  ///< 1 / rms
inline constexpr int kT = 29;
inline constexpr int kH = 30;
inline constexpr int kFactor = 31;
inline constexpr int kFactor2 = 32;
inline constexpr int kEmbedding = 34;
// One for each head of a group; RoPE and quantisation use two more, of v and k (kValueHead ...).
inline constexpr int kOut = 40;          ///< 2 x 8: result factors of even and odd jobs
inline constexpr int kProbQuant = 56;    ///< 8
inline constexpr int kHeadMax = 64;      ///< 16: absmax of low halves; score maxima
inline constexpr int kScoreMax = 72;     ///< 8: score maxima, scaled
inline constexpr int kHeadMax2 = 80;     ///< 16: absmax of high halves; absmax of p, then sums
inline constexpr int kHeadRecip = 96;    ///< 16
inline constexpr int kHeadT = 112;       ///< 16
inline constexpr int kHeadQuant = 128;   ///< 2 x 16: 127 / absmax, of even and odd groups of heads
inline constexpr int kScoreScale = 160;  ///< 2 x 16
// One for each slot.
inline constexpr int kSubSquares = 192;  ///< sums of squares of sub norms

}  // namespace reg
}  // namespace ternfab
