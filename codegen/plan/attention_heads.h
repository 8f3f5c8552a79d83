// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/plan/decoder.h"

namespace ternfab {

/// RoPE and int8 quantisation of q, k and v of KV head `g` of one slot (the emitter's): k and v to
/// the cache, q as fp32 in place, its scales to S[kQueryQuant], S[kScoreScale].
void EmitRope(const PlanContext& plan, Emitter& emit, int layer, int g);

/// Attention of query heads [first, first + heads) of KV head `g` of one slot. `parity` picks the
/// buffers, so that two jobs can be under way.
struct HeadJob {
  int slot = 0;
  int g = 0;
  int first = 0;  ///< within the group
  int heads = 0;
  int parity = 0;
  bool load_scales = true;  ///< the scales of k and v are not in VM yet
};
/// The three stages of a job; others' stages may come between.
void EmitScores(const PlanContext& plan, Emitter& emit, int layer, const HeadJob& job);
void EmitSoftmax(const PlanContext& plan, Emitter& emit, int layer, const HeadJob& job);
void EmitResult(const PlanContext& plan, Emitter& emit, const HeadJob& job);

/// RoPE, caching and attention of KV head `g`, all slots.
void EmitGroup(const PlanContext& plan, const SlotLoop& loop, int layer, int g);

}  // namespace ternfab
