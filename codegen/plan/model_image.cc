// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "codegen/plan/image.h"
#include "common/parallel.h"

namespace ternfab {
namespace {

/// A key below that of any row.
constexpr float kNoRow = -3e38f;

/// The weights of one model, in the order and padding of docs/isa.md.
class ModelImage {
 public:
  ModelImage(const PlanContext& plan, ImageWriter& writer)
      : plan_(plan), config_(plan.config()), shape_(plan.shape), writer_(writer) {}

  void Write() {
    Table(plan_.model.embedding, plan_.map.embedding);
    for (int row = 0; row < config_.vocab; ++row) {
      writer_.Floats(plan_.map.embedding_scale + row, std::span(&scales_[row], 1));
    }
    if (plan_.with_head) {
      if (!config_.tied_head) Table(plan_.model.untied_head, plan_.map.head);
      writer_.Floats(plan_.map.output_norm, plan_.model.output_norm);
      if (plan_.design.shortlist_rows > 0) {
        Shortlist(config_.tied_head ? plan_.model.embedding : plan_.model.untied_head);
      } else {
        writer_.Floats(plan_.map.head_scale, scales_);
      }
    }
    Rope();
    ParallelFor(shape_.layers(), [&](int layer) { Layer(layer); });
  }

 private:
  /// int8 rows; their scales to scales_.
  void Table(const RowTable& table, uint64_t beat) {
    constexpr int kChunk = 256;  // rows
    scales_.assign(config_.vocab, 0);
    ParallelFor(int(CeilDiv(config_.vocab, kChunk)), [&](int chunk) {
      std::vector<float> row(config_.hidden);
      for (int r = chunk * kChunk; r < std::min((chunk + 1) * kChunk, config_.vocab); ++r) {
        table.ReadRow(r, row);
        const std::span<uint8_t> bytes =
            writer_.Bytes(beat + uint64_t(r) * shape_.table_row_beats, config_.hidden);
        scales_[r] =
            QuantiseRow(row, std::span(reinterpret_cast<int8_t*>(bytes.data()), bytes.size()));
      }
    });
  }

  /// The ternary projection of the head, and the scales of its int8 rows once for each row.
  void Shortlist(const RowTable& table) {
    if (!config_.tied_head) {
      for (int row = 0; row < config_.vocab; ++row) {
        writer_.Floats(plan_.map.head_row_scale + row, std::span(&scales_[row], 1));
      }
    }
    std::vector<float> row(config_.hidden);
    std::vector<float> scales(config_.vocab);
    const int step = plan_.design.shortlist_rows;
    for (size_t c = 0; c < plan_.map.shortlist.size(); ++c) {
      const int first = int(c) * step;
      writer_.TernaryRows(plan_.map.shortlist[c], std::min(step, config_.vocab - first),
                          shape_.hidden_beats, [&](int r, std::span<int8_t> trits) {
                            table.ReadRow(first + r, row);
                            scales[first + r] = TernariseRow(row, trits.first(config_.hidden));
                          });
    }
    writer_.Floats(plan_.map.shortlist_scale, scales);
    std::vector<float> mask(plan_.design.vector_lanes, kNoRow);
    std::fill_n(mask.begin(), config_.vocab % plan_.design.vector_lanes, 0.0f);
    writer_.Floats(plan_.map.shortlist_mask, mask);
  }

  /// cos and sin of position * theta^(-2i / head_dim), each half padded with zeros.
  void Rope() {
    const int half = config_.head_dim / 2;
    std::vector<float> row(shape_.head_width, 0.0f);
    for (int position = 0; position < shape_.context; ++position) {
      for (int i = 0; i < half; ++i) {
        const double angle = position * std::pow(config_.rope_theta, -2.0 * i / config_.head_dim);
        row[i] = float(std::cos(angle));
        row[shape_.head_width / 2 + i] = float(std::sin(angle));
      }
      writer_.Floats(plan_.map.rope + position * plan_.map.head_row_beats, row);
    }
  }

  void Layer(int layer) {
    const LayerMap& map = plan_.map.layers[layer];
    const LayerWeights& w = plan_.weights(layer);
    writer_.Floats(map.attn_norm, w.attn_norm);
    writer_.Floats(map.ffn_norm, w.ffn_norm);
    if (config_.sub_norms) {
      std::vector<float> padded(shape_.concat, 0.0f);
      for (size_t i = 0; i < w.attn_sub_norm.size(); ++i) {
        padded[ConcatElement(int(i))] = w.attn_sub_norm[i];
      }
      for (int head = 0; head < config_.heads; ++head) {
        writer_.Floats(map.attn_sub_norm + head * plan_.map.head_row_beats,
                       std::span(padded).subspan(head * shape_.head_width, shape_.head_width));
      }
      writer_.Floats(map.ffn_sub_norm, w.ffn_sub_norm);
    }
    for (int g = 0; g < config_.kv_heads; ++g) Group(w, g, map.qkv[g]);
    std::vector<int8_t> row(size_t(config_.heads) * config_.head_dim);
    writer_.TernaryRows(map.o, config_.hidden, shape_.concat_beats,
                        [&](int r, std::span<int8_t> trits) {
                          w.o.UnpackRow(r, row);
                          for (size_t i = 0; i < row.size(); ++i) {
                            trits[ConcatElement(int(i))] = row[i];
                          }
                        });
    for (size_t c = 0; c < map.gate.size(); ++c) {
      Plain(w.gate, shape_.ffn_parts[c], map.gate[c]);
      Plain(w.up, shape_.ffn_parts[c], map.up[c]);
    }
    writer_.TernaryRows(
        map.down, config_.hidden, shape_.ffn_beats,
        [&](int r, std::span<int8_t> trits) { w.down.UnpackRow(r, trits.first(config_.ffn)); });
  }

  /// Element of the padded attention result that holds element i of [heads][head_dim].
  int ConcatElement(int i) const {
    return i / config_.head_dim * shape_.head_width +
           shape_.PaddedElement(i % config_.head_dim, config_.head_dim);
  }

  /// Value head, key head, query heads of group g; rows of padding stay zeros.
  void Group(const LayerWeights& w, int g, uint64_t beat) {
    std::vector<int> element_of_row(shape_.head_width, -1);
    for (int i = 0; i < config_.head_dim; ++i) {
      element_of_row[shape_.PaddedElement(i, config_.head_dim)] = i;
    }
    writer_.TernaryRows(
        beat, shape_.qkv_rows, shape_.hidden_beats, [&](int r, std::span<int8_t> trits) {
          const int head = r / shape_.head_width;
          const int element = element_of_row[r % shape_.head_width];
          if (element < 0) return;
          const bool query = head >= kFirstQueryHead;
          const TernaryMatrix& matrix = query ? w.q : (head == kKeyHead ? w.k : w.v);
          const int model_head = query ? g * shape_.group + head - kFirstQueryHead : g;
          matrix.UnpackRow(model_head * config_.head_dim + element, trits.first(config_.hidden));
        });
  }

  /// A part of gate or up.
  void Plain(const TernaryMatrix& matrix, const RowPart& part, uint64_t beat) {
    writer_.TernaryRows(beat, part.rows, shape_.hidden_beats, [&](int r, std::span<int8_t> trits) {
      matrix.UnpackRow(part.first + r, trits.first(config_.hidden));
    });
  }

  const PlanContext& plan_;
  const ModelConfig& config_;
  const PlanShape& shape_;
  ImageWriter& writer_;
  std::vector<float> scales_;  // of the last table
};

}  // namespace

void WriteModel(const PlanContext& plan, ImageWriter& writer) { ModelImage(plan, writer).Write(); }

}  // namespace ternfab
