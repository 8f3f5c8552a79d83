// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/plan/decoder.h"
#include "codegen/plan/norm.h"

namespace ternfab {

/// Heads [from, to) of KV group g, in the order kValueHead, kKeyHead, query heads. `parity` picks
/// the scalar registers, so that two groups can be under way.
struct RopeHeads {
  int g = 0;
  int from = 0;  ///< kValueHead or kFirstQueryHead
  int to = 0;
  int parity = 0;
};

/// RoPE and quantisation of heads of one slot (the emitter's): k and v as int8 to the cache, q as
/// fp32 in place, 127 / absmax to S[kHeadQuant].
void EmitRope(const PlanContext& plan, Emitter& emit, int layer, const RopeHeads& heads);
/// The query heads' S[kScoreScale]. Comes after EmitRope, and before that of other heads.
void EmitScoreScales(const PlanContext& plan, Emitter& emit, int layer, const RopeHeads& heads);

/// Attention of query heads [first, first + heads) of KV head `g` of one slot.
struct HeadJob {
  int slot = 0;
  int g = 0;
  int first = 0;  ///< within the group
  int heads = 0;
  int parity = 0;        ///< picks the buffers, so that two jobs can be under way
  int group_parity = 0;  ///< of RopeHeads
};

/// Scales of k and v of the job's KV head to VM.
void EmitLoadScales(const PlanContext& plan, Emitter& emit, int layer, const HeadJob& job);
/// The three stages of a job; others' stages may come between. EmitSoftmax reads VM's k and v
/// scales.
void EmitScores(const PlanContext& plan, Emitter& emit, int layer, const HeadJob& job);
void EmitSoftmax(const PlanContext& plan, Emitter& emit, int layer, const HeadJob& job);
/// With the part of the sub norm that the job's heads are.
void EmitResult(const PlanContext& plan, Emitter& emit, const HeadJob& job, const SubNorm& norm);

}  // namespace ternfab
