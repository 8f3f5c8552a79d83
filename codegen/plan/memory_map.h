// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "codegen/plan/design.h"
#include "codegen/plan/program.h"
#include "common/error.h"
#include "models/config.h"

namespace ternfab {

/// Which part of a model a Program computes.
struct PlanOptions {
  int first_layer = 0;
  int last_layer = -1;  ///< exclusive; -1: all layers
  bool with_head = true;
  int context = 0;  ///< positions of the KV cache; 0: the lesser of model's and design's
};

/// Heads of a KV group, in the order of its weight rows and of its raw results.
inline constexpr int kValueHead = 0;
inline constexpr int kKeyHead = 1;
inline constexpr int kFirstQueryHead = 2;

/// Rows [first, first + rows) of a product, multiplied by one MATVEC.
struct RowPart {
  int first = 0;
  int rows = 0;
};

/// Sizes of a model on a design. Heads are padded: [low half | high half], each half to a multiple
/// of 16 elements with zeros, in q, k, v and the attention result.
struct PlanShape {
  int group = 0;         ///< query heads of a KV head
  int head_width = 0;    ///< padded head_dim
  int qkv_rows = 0;      ///< weight rows of a KV group: value head, key head, query heads
  int concat = 0;        ///< heads * head_width
  int hidden_beats = 0;  ///< ternary beats of a row of `hidden` trits
  int concat_beats = 0;
  int ffn_beats = 0;
  int kv_row_beats = 0;            ///< wide beats of a K or V row
  int table_row_beats = 0;         ///< wide beats of an embedding or head row
  std::vector<RowPart> ffn_parts;  ///< of gate and of up, that are computed together
  std::vector<RowPart> o_parts;
  std::vector<RowPart> down_parts;
  int context = 0;
  int first_layer = 0;
  int last_layer = 0;

  int layers() const { return last_layer - first_layer; }
  /// Element of a padded head that holds element i of a head of `head_dim`.
  int PaddedElement(int i, int head_dim) const {
    const int half = head_dim / 2;
    return i < half ? i : head_width / 2 + i - half;
  }
};

/// Checks that the model fits the design's limits. Errors name field, value and rule.
Expected<PlanShape> MakePlanShape(const ModelConfig& config, const DesignParams& design,
                                  const PlanOptions& options);

/// One KV head's cache, first wide beats: rows [context][kv_row_beats], scales fp32 [context].
struct KvMap {
  uint64_t key_rows = 0;
  uint64_t key_scales = 0;
  uint64_t value_rows = 0;
  uint64_t value_scales = 0;
};

/// First wide beats of what a layer streams; 0 where the model has none.
struct LayerMap {
  uint64_t attn_norm = 0;
  uint64_t attn_sub_norm = 0;  ///< [heads][head_width], heads at new beats
  uint64_t ffn_norm = 0;
  uint64_t ffn_sub_norm = 0;
  std::vector<uint64_t> qkv;  ///< by KV head
  uint64_t o = 0;
  std::vector<uint64_t> gate;  ///< by part
  std::vector<uint64_t> up;
  uint64_t down = 0;
  std::vector<KvMap> kv;  ///< by KV head
};

/// Where everything lies in main memory, in wide beats. The image ends where the KV cache begins.
struct MemoryMap {
  uint64_t decode = 0;
  uint64_t prefill = 0;
  uint64_t embedding = 0;        ///< int8 [vocab][table_row_beats]
  uint64_t embedding_scale = 0;  ///< [vocab]: a wide beat each, fp32 in its first element
  uint64_t rope = 0;             ///< fp32 [context][head_width], cos half then sin half
  uint64_t head_row_beats = 0;   ///< of head_width fp32: a row of rope, a head of attn_sub_norm
  uint64_t head = 0;             ///< int8 [vocab][table_row_beats]; the embedding when tied
  uint64_t head_scale = 0;       ///< fp32 [vocab]
  uint64_t output_norm = 0;
  std::vector<uint64_t> shortlist;  ///< ternary head, by chunk of shortlist_rows rows
  uint64_t shortlist_scale = 0;     ///< fp32 [vocab]: of the ternary rows
  uint64_t shortlist_mask = 0;   ///< fp32 [VL]: kNoRow behind the rows of the last VM word, else 0
  uint64_t head_row_scale = 0;   ///< [vocab]: a wide beat each, fp32 in its first element
  std::vector<LayerMap> layers;  ///< of first_layer .. last_layer - 1
  /// HeadResult, or without head x [hidden], fp32.
  uint64_t result = 0;
  std::vector<MemoryRegion> regions;
  uint64_t image_beats = 0;
  uint64_t total_beats = 0;
};

/// `decode_count` and `prefill_count`: instructions of the two programs (0: no such program).
MemoryMap MakeMemoryMap(const ModelConfig& config, const DesignParams& design,
                        const PlanShape& shape, bool with_head, size_t decode_count,
                        size_t prefill_count);

}  // namespace ternfab
