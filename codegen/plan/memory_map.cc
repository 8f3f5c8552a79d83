// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/memory_map.h"

#include <algorithm>

#include "common/integer.h"

namespace ternfab {
namespace {

/// Gives out named regions one after the other, and parts of the last one.
class RegionAllocator {
 public:
  explicit RegionAllocator(const DesignParams& design) : design_(design) {}

  void Begin(std::string name) { regions_.push_back({std::move(name), next_, 0}); }
  uint64_t Beats(uint64_t beats) {
    const uint64_t first = next_;
    next_ += beats;
    regions_.back().beats += beats;
    return first;
  }
  uint64_t Floats(uint64_t count) { return Beats(CeilDiv(4 * count, design_.wide_bytes())); }
  /// Ternary rows of `row_beats` beats, one row to an engine.
  uint64_t Rows(int rows, int row_beats) {
    return Beats(uint64_t(CeilDiv(rows, design_.ports)) * row_beats);
  }
  uint64_t Program(std::string name, size_t instructions) {
    if (instructions == 0) return 0;
    Begin(std::move(name));
    return Beats((instructions + 1) * design_.instruction_beats());
  }

  uint64_t next() const { return next_; }
  std::vector<MemoryRegion> TakeRegions() { return std::move(regions_); }

 private:
  const DesignParams& design_;
  std::vector<MemoryRegion> regions_;
  uint64_t next_ = 0;
};

LayerMap MapLayer(const ModelConfig& config, const PlanShape& shape, uint64_t head_row_beats,
                  const std::string& name, RegionAllocator& take) {
  LayerMap map;
  take.Begin(name + " norms");
  map.attn_norm = take.Floats(config.hidden);
  if (config.sub_norms) map.attn_sub_norm = take.Beats(config.heads * head_row_beats);
  map.ffn_norm = take.Floats(config.hidden);
  if (config.sub_norms) map.ffn_sub_norm = take.Floats(config.ffn);
  take.Begin(name + " q/k/v weights");
  for (int g = 0; g < config.kv_heads; ++g) {
    map.qkv.push_back(take.Rows(shape.qkv_rows, shape.hidden_beats));
  }
  take.Begin(name + " o weights");
  map.o = take.Rows(config.hidden, shape.concat_beats);
  take.Begin(name + " gate/up weights");
  for (const RowPart& part : shape.ffn_parts) {
    map.gate.push_back(take.Rows(part.rows, shape.hidden_beats));
    map.up.push_back(take.Rows(part.rows, shape.hidden_beats));
  }
  take.Begin(name + " down weights");
  map.down = take.Rows(config.hidden, shape.ffn_beats);
  return map;
}

void MapKv(const ModelConfig& config, const PlanShape& shape, const std::string& name,
           RegionAllocator& take, LayerMap& map) {
  const uint64_t rows = uint64_t(shape.context) * shape.kv_row_beats;
  take.Begin(name + " kv cache");
  for (int g = 0; g < config.kv_heads; ++g) {
    KvMap kv;
    kv.key_rows = take.Beats(rows);
    kv.key_scales = take.Floats(shape.context);
    kv.value_rows = take.Beats(rows);
    kv.value_scales = take.Floats(shape.context);
    map.kv.push_back(kv);
  }
}

void MapTables(const ModelConfig& config, const DesignParams& design, const PlanShape& shape,
               bool with_head, RegionAllocator& take, MemoryMap& map) {
  const uint64_t table_beats = uint64_t(config.vocab) * shape.table_row_beats;
  take.Begin("embedding");
  map.embedding = take.Beats(table_beats);
  take.Begin("embedding scales");
  map.embedding_scale = take.Beats(config.vocab);
  take.Begin("rope");
  map.rope = take.Beats(shape.context * map.head_row_beats);
  if (!with_head) return;
  take.Begin("output norm");
  map.output_norm = take.Floats(config.hidden);
  map.head = map.embedding;
  if (!config.tied_head) {
    take.Begin("head");
    map.head = take.Beats(table_beats);
  }
  if (design.shortlist_rows == 0) {
    take.Begin("head scales");
    map.head_scale = take.Floats(config.vocab);
    return;
  }
  map.head_row_scale = map.embedding_scale;
  if (!config.tied_head) {
    take.Begin("head row scales");
    map.head_row_scale = take.Beats(config.vocab);
  }
  take.Begin("shortlist scales");
  map.shortlist_scale = take.Floats(config.vocab);
  map.shortlist_mask = take.Floats(design.vector_lanes);
  take.Begin("shortlist weights");
  for (int row = 0; row < config.vocab; row += design.shortlist_rows) {
    const int rows = std::min(design.shortlist_rows, config.vocab - row);
    map.shortlist.push_back(take.Rows(rows, shape.hidden_beats));
  }
}

}  // namespace

MemoryMap MakeMemoryMap(const ModelConfig& config, const DesignParams& design,
                        const PlanShape& shape, bool with_head, size_t decode_count,
                        size_t prefill_count) {
  RegionAllocator take(design);
  MemoryMap map;
  map.decode = take.Program("decode program", decode_count);
  map.prefill = take.Program("prefill program", prefill_count);
  map.head_row_beats = CeilDiv(4 * shape.head_width, design.wide_bytes());
  MapTables(config, design, shape, with_head, take, map);
  const auto name = [&](int i) { return fmt::format("layer {}", shape.first_layer + i); };
  for (int i = 0; i < shape.layers(); ++i) {
    map.layers.push_back(MapLayer(config, shape, map.head_row_beats, name(i), take));
  }
  map.image_beats = take.next();
  for (int i = 0; i < shape.layers(); ++i) {
    MapKv(config, shape, name(i), take, map.layers[i]);
  }
  take.Begin(!with_head ? "hidden state" : design.shortlist_rows > 0 ? "shortlist" : "logits");
  const uint64_t bytes =
      with_head ? HeadResultOf(design, config.vocab).bytes() : 4 * uint64_t(config.hidden);
  map.result = take.Beats(CeilDiv(int64_t(bytes), design.wide_bytes()));
  map.total_beats = take.next();
  map.regions = take.TakeRegions();
  return map;
}

}  // namespace ternfab
