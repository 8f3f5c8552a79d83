// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "codegen/plan/decoder.h"
#include "codegen/plan/norm.h"

namespace ternfab {

/// The last product of a block, o or down, added to x; and of the norm that comes next what can be
/// done part by part. So little is left to do after the last part of the product.
struct BlockOutput {
  std::string context;  ///< "layer 3"
  ModelPlace place;
  std::string name;  ///< "o"
  std::string sum;   ///< "x + attention"
  MatvecOp product;  ///< of all rows, without their number
  std::vector<RowPart> parts;
  std::function<void(int)> scale;  ///< emits S[kScale + slot], the scale of slot's results
  /// Of a slot: what is normalised next; then EmitWeighted is done for it.
  std::function<std::optional<NormOp>(int)> next;
};

void EmitBlockOutput(const PlanContext& plan, const SlotLoop& loop, const BlockOutput& output);

/// Norms of the residual stream x of slot b: before attention, before the feed-forward network of
/// `layer` (from 0 at shape.first_layer), and before the head (decode).
NormOp AttentionNorm(const PlanContext& plan, int layer, int b);
NormOp FfnNorm(const PlanContext& plan, int layer, int b);
NormOp HeadNorm(const PlanContext& plan);

}  // namespace ternfab
