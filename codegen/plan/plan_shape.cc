// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>

#include "codegen/plan/memories.h"
#include "codegen/plan/memory_map.h"
#include "codegen/plan/scalars.h"
#include "common/integer.h"

namespace ternfab {
namespace {

/// Gate and up are split so that the vector unit works on one chunk while the next is multiplied.
constexpr int kFfnChunks = 8;
constexpr int kLeastFfnChunk = 64;

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
  // A chunk begins at a new wide beat of the fp32 norm weights and at a new VM word.
  const int step = std::max(16, design.wide_bytes() / 4);
  const int most = MakeVmMap(design).buffer_elements / step * step;
  const int wanted = std::max<int>(kLeastFfnChunk, int(CeilDiv(config.ffn, kFfnChunks)));
  s.ffn_chunk = std::min<int>(int(RoundUp(wanted, step)), most);
  return s;
}

int FfnChunkRows(const PlanShape& shape, int ffn, int chunk) {
  return std::min(shape.ffn_chunk, ffn - chunk * shape.ffn_chunk);
}

}  // namespace ternfab
