// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <string_view>

#include "codegen/plan/memories.h"
#include "codegen/plan/memory_map.h"
#include "codegen/plan/scalars.h"
#include "common/integer.h"

namespace ternfab {
namespace {

// How products are split, so that the vector unit works on one part while the next is multiplied
// and little is left to do after the last one. A VM word is read or written each cycle.

constexpr int kLeastFfnPart = 64;
constexpr int kMostFfnParts = 8;
constexpr double kLeastGrowth = 1.5;
/// Words of VM that are read for a word of the residual stream: residual (2) and norm weights.
constexpr double kOutputReads = 3;
/// Cycles of a word of the feed-forward vector: its non-linearity, then product with up and norm.
constexpr double kRelu2Cycles = 5;
constexpr double kSiluCycles = 43;
/// Part of a product's time that is counted on; the rest is the vector unit's start and end.
constexpr double kUsefulTime = 0.75;

Expected<void> AtMost(const ModelConfig& config, std::string_view field, int64_t value,
                      int64_t most, const DesignParams& design, std::string_view limit) {
  if (value <= most) return {};
  return Fail("model {}: {} = {}: must be at most {} ({} of spec {})", config.name, field, value,
              most, limit, design.name);
}

Expected<void> CheckLimits(const ModelConfig& config, const DesignParams& design,
                           const PlanShape& shape) {
  const DesignLimits& limits = design.limits;
  TF_RETURN_IF_ERROR(
      AtMost(config, "hidden", config.hidden, limits.hidden, design, "limits.hidden"));
  TF_RETURN_IF_ERROR(AtMost(config, "ffn", config.ffn, limits.ffn, design, "limits.ffn"));
  TF_RETURN_IF_ERROR(AtMost(config, "vocab", config.vocab, limits.vocab, design, "limits.vocab"));
  TF_RETURN_IF_ERROR(AtMost(config, "heads * padded head_dim", shape.concat, limits.hidden, design,
                            "limits.hidden"));
  if (shape.head_width > kMaxHeadWidth) {
    return Fail("model {}: head_dim = {}: must be at most {}", config.name, config.head_dim,
                kMaxHeadWidth);
  }
  if (shape.group > kMaxGroup) {
    return Fail("model {}: heads / kv_heads = {}: must be at most {}", config.name, shape.group,
                kMaxGroup);
  }
  return {};
}

Expected<int> ChooseContext(const ModelConfig& config, const DesignParams& design, int asked) {
  const int most = std::min(config.context, design.limits.context);
  if (asked == 0) return most;
  if (asked < 1 || asked > most) {
    return Fail("context = {}: must be 1 to {} (model {}: {}, limits.context of spec {}: {})",
                asked, most, config.name, config.context, design.name, design.limits.context);
  }
  return asked;
}

/// Rows of parts begin at new wide beats of fp32 norm weights and at new VM words.
int RowStep(const DesignParams& design) { return std::max(16, design.wide_bytes() / 4); }

/// Two parts of a product of `rows` rows of `beats` beats, of whose results kOutputReads are made.
std::vector<RowPart> OutputParts(int rows, int beats, const DesignParams& design) {
  const double product = double(beats) / design.ports;  // cycles of a row
  const double vector = design.batch * kOutputReads / design.vector_lanes;
  const int step = RowStep(design);
  const int last = int(RoundUp(int64_t(rows * vector / (kUsefulTime * product + vector)), step));
  const int first = int((rows - last) / step) * step;
  if (first < step) return {{0, rows}};
  return {{0, first}, {first, rows - first}};
}

/// Parts of gate and up: the last one small, the others as much greater as the vector unit is
/// faster.
std::vector<RowPart> FfnParts(const ModelConfig& config, int beats, const DesignParams& design) {
  const double product = 2.0 * beats / design.ports;
  const double cycles = config.activation == Activation::kRelu2 ? kRelu2Cycles : kSiluCycles;
  const double growth = kUsefulTime * product / (design.batch * cycles / design.vector_lanes);
  const bool slow = growth < kLeastGrowth;  // then equal parts do as well
  const int step = RowStep(design);
  const int64_t most = MakeVmMap(design).buffer_elements / step;  // steps of a part
  const int equal = int(CeilDiv(config.ffn, kMostFfnParts));
  double wanted = double(std::max(slow ? equal : 0, kLeastFfnPart)) / step;
  std::vector<int64_t> steps;  // from the last part to the first
  for (int64_t left = CeilDiv(config.ffn, step); left > 0; left -= steps.back()) {
    int64_t size = std::max<int64_t>(1, int64_t(std::ceil(std::min(wanted, double(left)))));
    if (2 * left <= 3 * size) size = left;  // no small rest
    steps.push_back(std::min({size, most, left}));
    if (!slow) wanted *= growth;
  }
  std::vector<RowPart> parts;
  for (int first = 0; !steps.empty(); steps.pop_back()) {
    parts.push_back({first, std::min(int(steps.back()) * step, config.ffn - first)});
    first += parts.back().rows;
  }
  return parts;
}

}  // namespace

Expected<PlanShape> MakePlanShape(const ModelConfig& config, const DesignParams& design,
                                  const PlanOptions& options) {
  TF_RETURN_IF_ERROR(Validate(config));
  PlanShape s;
  s.group = config.heads / config.kv_heads;
  s.head_width = int(2 * RoundUp(config.head_dim / 2, 16));
  s.concat = config.heads * s.head_width;
  TF_RETURN_IF_ERROR(CheckLimits(config, design, s));
  TF_ASSIGN_OR_RETURN(s.context, ChooseContext(config, design, options.context));
  s.first_layer = options.first_layer;
  s.last_layer = options.last_layer < 0 ? config.layers : options.last_layer;
  if (s.first_layer < 0 || s.first_layer >= s.last_layer || s.last_layer > config.layers) {
    return Fail("layers {}..{}: must be a range within 0..{} of model {}", s.first_layer,
                s.last_layer, config.layers, config.name);
  }
  s.qkv_rows = (s.group + 2) * s.head_width;
  s.hidden_beats = int(CeilDiv(config.hidden, design.lanes));
  s.concat_beats = int(CeilDiv(s.concat, design.lanes));
  s.ffn_beats = int(CeilDiv(config.ffn, design.lanes));
  s.kv_row_beats = int(CeilDiv(s.head_width, design.wide_bytes()));
  s.table_row_beats = int(CeilDiv(config.hidden, design.wide_bytes()));
  s.ffn_parts = FfnParts(config, s.hidden_beats, design);
  s.o_parts = OutputParts(config.hidden, s.concat_beats, design);
  s.down_parts = OutputParts(config.hidden, s.ffn_beats, design);
  return s;
}

}  // namespace ternfab
