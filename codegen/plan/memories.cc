// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/memories.h"

#include <algorithm>

#include "common/integer.h"

namespace ternfab {
namespace {

/// Gives out consecutive regions of whole words.
class Allocator {
 public:
  explicit Allocator(int word_elements) : word_elements_(word_elements) {}
  int Take(int64_t elements) {
    const int first = next_;
    next_ += int(CeilDiv(elements, word_elements_));
    return first;
  }
  int words() const { return next_; }

 private:
  int word_elements_;
  int next_ = 0;
};

}  // namespace

VmMap MakeVmMap(const DesignParams& design) {
  const DesignLimits& limits = design.limits;
  Allocator allocator(design.vector_lanes);
  VmMap map;
  // Raw q, k, v of all groups take at most 3 hidden (heads * padded head_dim <= hidden), attention
  // results another; gate and up take 2 ffn.
  const int64_t work = std::max<int64_t>(4 * limits.hidden, 2 * limits.ffn);
  for (int b = 0; b < design.batch; ++b) map.x[b] = allocator.Take(limits.hidden);
  for (int b = 0; b < design.batch; ++b) map.rope[b] = allocator.Take(kMaxHeadWidth);
  for (int b = 0; b < design.batch; ++b) map.work[b] = allocator.Take(work);
  map.work_pitch = int(CeilDiv(work, design.vector_lanes));
  map.norm = allocator.Take(limits.hidden);
  map.last = allocator.Take(limits.hidden);
  // RoPE's temporaries are (heads of a group + 1) half heads: at most hidden.
  map.buffer_elements =
      std::max({int(RoundUp(limits.context, 16)) * design.queries, limits.hidden, kMaxHeadWidth});
  for (int& buffer : map.buffer) buffer = allocator.Take(map.buffer_elements);
  map.key_scale = allocator.Take(limits.context);
  map.value_scale = allocator.Take(limits.context);
  for (int& out : map.out) out = allocator.Take(int64_t(design.queries) * kMaxHeadWidth);
  for (int& logits : map.logits) logits = allocator.Take(kHeadChunkRows);
  map.best = allocator.Take(design.shortlist_rows);
  map.picked = allocator.Take(int64_t(design.shortlist_rows) * design.vector_lanes);
  map.words = allocator.words();
  return map;
}

AmMap MakeAmMap(const DesignParams& design) {
  Allocator allocator(design.lanes);
  AmMap map;
  map.attention = allocator.Take(design.limits.hidden);
  map.output = allocator.Take(design.limits.hidden);
  map.ffn = allocator.Take(design.limits.ffn);
  map.words = allocator.words();
  return map;
}

QmMap MakeQmMap(const DesignParams& design) {
  Allocator allocator(design.int8_lanes());
  QmMap map;
  for (int& query : map.query) query = allocator.Take(kMaxHeadWidth);
  for (int& probability : map.probability) probability = allocator.Take(design.limits.context);
  map.head = allocator.Take(design.limits.hidden);
  map.words = allocator.words();
  return map;
}

}  // namespace ternfab
