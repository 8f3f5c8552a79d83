// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/fast_reference.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "common/check.h"
#include "host/cpu/affinity.h"
#include "host/cpu/attention.h"
#include "host/cpu/fast_head.h"
#include "host/cpu/float_ops.h"
#include "host/cpu/linear.h"
#include "host/cpu/table_rows.h"
#include "models/gguf_names.h"
#include "models/random.h"

namespace ternfab {
namespace {

using fast::AttentionScratch;
using fast::AttentionTask;
using fast::KvCache;
using fast::LinearOutput;
using fast::PackedLinear;
using fast::Quantised;

constexpr int kBatch = PanelInput::kMaxTokens;
constexpr int kLeastPanels = 8;  // of a range; a multiple of the kernels' tile

struct Layer {
  Layer(LayerWeights& w, const ModelConfig& c, PanelCode code, fast::WeightStore& store,
        ThreadPool& pool)
      : cache(c.kv_heads, c.head_dim) {
    for (auto [to, from] : {std::pair{&q, &w.q},
                            {&k, &w.k},
                            {&v, &w.v},
                            {&o, &w.o},
                            {&gate, &w.gate},
                            {&up, &w.up},
                            {&down, &w.down}}) {
      *to = store.Pack(*from, code, pool);
      *from = {};
    }
    attn_norm = std::move(w.attn_norm);
    attn_sub_norm = std::move(w.attn_sub_norm);
    ffn_norm = std::move(w.ffn_norm);
    ffn_sub_norm = std::move(w.ffn_sub_norm);
  }

  std::vector<float> attn_norm, attn_sub_norm, ffn_norm, ffn_sub_norm;
  PackedLinear q, k, v, o, gate, up, down;
  KvCache cache;
};

int64_t PackedBytes(const ModelConfig& c, PanelCode code) {
  int64_t bytes = 0;
  for (const GgufMatrixName& m : GgufMatrixNames(c)) {
    bytes += PanelMatrix{code, m.rows, m.cols, nullptr}.size();
  }
  return bytes * c.layers;
}

class FastReference : public LanguageModel {
 public:
  FastReference(Model model, const FastOptions& options)
      : c_(model.config),
        trace_(options.trace),
        kernels_(options.kernels ? *options.kernels : BestPanelKernels()),
        pool_(options.threads, true),
        store_(PackedBytes(c_, options.storage)),
        embedding_(std::move(model.embedding)),
        untied_head_(std::move(model.untied_head)),
        output_norm_(std::move(model.output_norm)),
        head_(c_.tied_head ? embedding_ : untied_head_, options.head, pool_) {
    if (options.head != HeadKind::kModel) untied_head_ = {};
    for (LayerWeights& w : model.layers)
      layers_.emplace_back(w, c_, options.storage, store_, pool_);
    for (int i = 0; i < c_.head_dim / 2; ++i) {
      frequencies_.push_back(std::pow(c_.rope_theta, -2.0 * i / c_.head_dim));
    }
  }

  void Reset() override {
    position_ = 0;
    for (Layer& layer : layers_) layer.cache.Clear();
  }
  int vocab() const override { return c_.vocab; }
  int context() const override { return c_.context; }
  int position() const override { return position_; }

 protected:
  Expected<std::vector<float>> Advance(std::span<const int> tokens) override {
    const ScopedPin pin(pool_.caller_cpu());
    for (size_t first = 0; first < tokens.size(); first += kBatch) {
      Decode(tokens.subspan(first, std::min<size_t>(kBatch, tokens.size() - first)));
    }
    std::vector<float> h(size_t(c_.hidden)), logits;
    Norm(x_.data() + int64_t(tokens_ - 1) * c_.hidden, output_norm_, h.data());
    head_.Score(h.data(), kernels_, pool_, logits);
    return logits;
  }

  Expected<void> Fill(int positions, uint64_t seed) override {
    Reset();
    std::vector<float> key(size_t(c_.kv_heads) * c_.head_dim), value = key;
    for (size_t i = 0; i < layers_.size(); ++i) {
      Random random(seed, i);
      layers_[i].cache.Reserve(positions);
      for (int t = 0; t < positions; ++t) {
        for (float& v : key) v = float(int64_t(random.Next() >> 56) - 128) / 128;
        for (float& v : value) v = float(int64_t(random.Next() >> 56) - 128) / 128;
        layers_[i].cache.Set(t, key.data(), value.data());
      }
    }
    position_ = positions;
    return {};
  }

 private:
  /// Runs a batch through all layers; x_ is the residual stream after them.
  void Decode(std::span<const int> tokens) {
    tokens_ = int(tokens.size());
    x_.resize(tokens.size() * size_t(c_.hidden));
    EachToken([&](int t) {
      fast::ReadRowFast(embedding_, tokens[size_t(t)], x_.data() + int64_t(t) * c_.hidden);
    });
    MakeAngles();
    for (size_t i = 0; i < layers_.size(); ++i) {
      Attention(layers_[i], int(i));
      FeedForward(layers_[i], int(i));
    }
    position_ += tokens_;
  }

  void EachToken(const std::function<void(int)>& work) {
    pool_.Split(tokens_, 1, [&](int64_t first, int64_t last) {
      for (int64_t t = first; t < last; ++t) work(int(t));
    });
  }

  /// y = x / rms(x) * weight, [weight.size()].
  void Norm(const float* x, const std::vector<float>& weight, float* y) const {
    const int n = int(weight.size());
    fast::Normalise(x, weight.data(),
                    1.0 / std::sqrt(fast::SumOfSquares(x, n) / double(n) + c_.norm_eps), y, n);
  }

  /// input = quantised x[tokens][pitch], normalised first unless `weight` is empty.
  void QuantiseAll(const float* x, int64_t pitch, int n, const std::vector<float>& weight) {
    input_.Resize(tokens_, n);
    normed_.resize(size_t(tokens_) * size_t(n));
    EachToken([&](int t) {
      const float* row = x + t * pitch;
      float* normed = normed_.data() + int64_t(t) * n;
      if (!weight.empty()) Norm(row, weight, normed);
      input_.Set(t, weight.empty() ? row : normed);
    });
  }

  void MakeAngles() {
    const size_t half = frequencies_.size();
    cosine_.resize(size_t(tokens_) * half);
    sine_.resize(cosine_.size());
    EachToken([&](int t) {
      for (size_t i = 0; i < half; ++i) {
        const double angle = (position_ + t) * frequencies_[i];
        cosine_[size_t(t) * half + i] = float(std::cos(angle));
        sine_[size_t(t) * half + i] = float(std::sin(angle));
      }
    });
  }

  void Trace(int layer, Projection projection, const PackedLinear& linear, const LinearOutput& y) {
    if (!trace_) return;
    const size_t cols = size_t(linear.matrix.cols);
    for (int t = 0; t < tokens_; ++t) {
      trace_(position_ + t, layer, projection,
             std::span(input_.rows).subspan(size_t(t) * cols, cols),
             std::span(y.sums).subspan(size_t(t * y.pitch), size_t(linear.matrix.rows)));
    }
  }

  /// All panels of `linears`, one after the other, as one piece of work; `after` takes ranges of
  /// finished panels of the last one.
  template <size_t kCount>
  void MultiplyAll(const std::array<const PackedLinear*, kCount>& linears,
                   const std::array<LinearOutput*, kCount>& outputs) {
    std::array<int64_t, kCount + 1> begin{};
    for (size_t i = 0; i < kCount; ++i) {
      outputs[i]->Resize(tokens_, linears[i]->matrix);
      begin[i + 1] = begin[i] + linears[i]->matrix.panels();
    }
    pool_.Split(begin[kCount], kLeastPanels, [&](int64_t first, int64_t last) {
      for (size_t i = 0; i < kCount; ++i) {
        const int64_t from = std::max(first, begin[i]), to = std::min(last, begin[i + 1]);
        if (from >= to) continue;
        fast::Multiply(kernels_, *linears[i], input_, int(from - begin[i]), int(to - begin[i]),
                       *outputs[i]);
      }
    });
  }

  void Attention(Layer& layer, int index) {
    QuantiseAll(x_.data(), c_.hidden, c_.hidden, layer.attn_norm);
    MultiplyAll<3>({&layer.q, &layer.k, &layer.v}, {&q_, &k_, &v_});
    Trace(index, Projection::kQ, layer.q, q_);
    Trace(index, Projection::kK, layer.k, k_);
    Trace(index, Projection::kV, layer.v, v_);
    layer.cache.Reserve(position_ + tokens_);
    EachToken([&](int t) { RotateAndStore(layer, t); });
    const int width = c_.heads * c_.head_dim;
    attended_.resize(size_t(tokens_) * size_t(width));
    AttendAll(layer);
    QuantiseAll(attended_.data(), width, width, layer.attn_sub_norm);
    Residual(layer.o);
    Trace(index, Projection::kO, layer.o, y_);
  }

  void RotateAndStore(Layer& layer, int t) {
    const int half = c_.head_dim / 2;
    const float* cosine = cosine_.data() + int64_t(t) * half;
    const float* sine = sine_.data() + int64_t(t) * half;
    for (int h = 0; h < c_.heads; ++h) fast::Rotate(q_.Row(t) + h * 2 * half, cosine, sine, half);
    for (int h = 0; h < c_.kv_heads; ++h) {
      fast::Rotate(k_.Row(t) + h * 2 * half, cosine, sine, half);
    }
    layer.cache.Set(position_ + t, k_.Row(t), v_.Row(t));
  }

  /// Eight queries at a time: heads of a KV group, token after token.
  void AttendAll(const Layer& layer) {
    const int group = c_.heads / c_.kv_heads;
    const int queries = tokens_ * group;
    const int blocks = int(CeilDiv(queries, AttentionTask::kQueries));
    pool_.Split(int64_t(c_.kv_heads) * blocks, 1, [&](int64_t first, int64_t last) {
      AttentionScratch scratch;
      for (int64_t i = first; i < last; ++i) {
        AttentionTask task{&layer.cache, int(i / blocks), 0, {}, {}, {}};
        const int from = int(i % blocks) * AttentionTask::kQueries;
        task.queries = std::min(AttentionTask::kQueries, queries - from);
        for (int n = 0; n < task.queries; ++n) {
          const int t = (from + n) / group;
          const int64_t at = int64_t(task.kv_head * group + (from + n) % group) * c_.head_dim;
          task.query[n] = q_.Row(t) + at;
          task.visible[n] = position_ + t + 1;
          task.out[n] = attended_.data() + int64_t(t) * c_.heads * c_.head_dim + at;
        }
        fast::Attend(task, scratch);
      }
    });
  }

  /// x += linear(input).
  void Residual(const PackedLinear& linear) {
    MultiplyAll<1>({&linear}, {&y_});
    EachToken(
        [&](int t) { fast::AddTo(x_.data() + int64_t(t) * c_.hidden, y_.Row(t), c_.hidden); });
  }

  void FeedForward(Layer& layer, int index) {
    QuantiseAll(x_.data(), c_.hidden, c_.hidden, layer.ffn_norm);
    MultiplyAll<2>({&layer.gate, &layer.up}, {&gate_, &up_});
    Trace(index, Projection::kGate, layer.gate, gate_);
    Trace(index, Projection::kUp, layer.up, up_);
    EachToken([&](int t) {
      if (c_.activation == Activation::kRelu2) {
        fast::GateRelu2(gate_.Row(t), up_.Row(t), c_.ffn);
      } else {
        fast::GateSilu(gate_.Row(t), up_.Row(t), c_.ffn);
      }
    });
    QuantiseAll(gate_.values.data(), gate_.pitch, c_.ffn, layer.ffn_sub_norm);
    Residual(layer.down);
    Trace(index, Projection::kDown, layer.down, y_);
  }

  const ModelConfig c_;
  const IntegerTrace trace_;
  const PanelKernels& kernels_;
  ThreadPool pool_;
  fast::WeightStore store_;
  RowTable embedding_, untied_head_;
  std::vector<float> output_norm_;
  fast::Head head_;
  std::vector<Layer> layers_;
  std::vector<double> frequencies_;  ///< of RoPE
  int position_ = 0;

  // Of the current batch.
  int tokens_ = 0;
  std::vector<float> x_;  ///< [tokens][hidden]
  std::vector<float> normed_, attended_;
  std::vector<float> cosine_, sine_;  ///< [tokens][head_dim / 2]
  Quantised input_;
  LinearOutput q_, k_, v_, gate_, up_, y_;
};

}  // namespace

std::unique_ptr<LanguageModel> MakeFastReference(Model model, const FastOptions& options) {
  return std::make_unique<FastReference>(std::move(model), options);
}

Model TakeWeights(Model& model) {
  Model taken = std::move(model);
  model = {};
  model.config = taken.config;
  model.tokenizer = taken.tokenizer;
  model.tokenizer_error = taken.tokenizer_error;
  model.synthetic = taken.synthetic;
  return taken;
}

TokenWork WorkOfToken(const Model& model, HeadKind head, PanelCode storage, int position) {
  const ModelConfig& c = model.config;
  TokenWork work;
  work.weight_bytes = PackedBytes(c, storage);
  work.head_bytes = HeadBytes(model, head);
  const int64_t seen = position + 1, width = int64_t(c.kv_heads) * c.head_dim;
  work.cache_bytes = c.layers * seen * 2 * width * int64_t(sizeof(float));
  work.macs = TernaryWeights(c) + int64_t(c.vocab) * c.hidden +
              c.layers * seen * 2 * int64_t(c.heads) * c.head_dim;
  return work;
}

}  // namespace ternfab
