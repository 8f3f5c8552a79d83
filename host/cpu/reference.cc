// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/reference.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "codegen/plan/image.h"
#include "host/cpu/kernels.h"

namespace ternfab {
namespace {

using Vector = std::vector<float>;

/// x[i] / sqrt(mean(x^2) + eps) * weight[i].
Vector RmsNorm(const Vector& x, const Vector& weight, double eps) {
  double squares = 0;
  for (float v : x) squares += double(v) * v;
  const double inverse = 1.0 / std::sqrt(squares / double(x.size()) + eps);
  Vector y(x.size());
  for (size_t i = 0; i < x.size(); ++i) y[i] = float(x[i] * inverse) * weight[i];
  return y;
}

/// s = 127 / max(absmax, 1e-5), q = round_half_even(x s) in -128..127.
struct Quantised {
  explicit Quantised(const Vector& x) : q(x.size()) {
    float absmax = 1e-5f;
    for (float v : x) absmax = std::max(absmax, std::fabs(v));
    s = 127.0f / absmax;
    for (size_t i = 0; i < x.size(); ++i) {
      q[i] = int8_t(std::clamp(std::nearbyint(x[i] * s), -128.0f, 127.0f));
    }
  }
  std::vector<int8_t> q;
  float s;
};

/// Ternary weights as one int8 a trit.
struct Linear {
  explicit Linear(const TernaryMatrix& w)
      : rows(w.rows()), cols(w.cols()), scale(w.scale()), trits(size_t(w.rows()) * w.cols()) {
    for (int r = 0; r < rows; ++r) {
      w.UnpackRow(r, std::span<int8_t>(trits).subspan(size_t(r) * cols, cols));
    }
  }

  /// y = (q . T) scale / s; `see` gets the integers.
  template <class See>
  Vector Apply(const Vector& x, const See& see) const {
    const Quantised in(x);
    Vector y(rows);
    std::vector<int32_t> sums(rows);
    BestKernels().dot(trits.data(), cols, rows, in.q.data(), sums.data());
    for (int r = 0; r < rows; ++r) y[r] = float(sums[r]) * scale / in.s;
    see(in.q, sums);
    return y;
  }

  int rows;
  int cols;
  float scale;
  std::vector<int8_t> trits;
};

struct Layer {
  explicit Layer(const LayerWeights& w)
      : q(w.q), k(w.k), v(w.v), o(w.o), gate(w.gate), up(w.up), down(w.down) {}
  Linear q, k, v, o, gate, up, down;
  std::vector<Vector> keys, values;  ///< [position], after RoPE
};

class PlainReference : public LanguageModel {
 public:
  PlainReference(const Model& model, HeadKind head, IntegerTrace trace)
      : model_(model),
        c_(model.config),
        head_(head),
        trace_(std::move(trace)),
        layers_(model.layers.begin(), model.layers.end()) {}

  void Reset() override {
    position_ = 0;
    for (Layer& layer : layers_) {
      layer.keys.clear();
      layer.values.clear();
    }
  }
  int vocab() const override { return c_.vocab; }
  int context() const override { return c_.context; }
  int position() const override { return position_; }

 protected:
  Expected<Vector> Advance(std::span<const int> tokens) override {
    Vector x;
    for (int token : tokens) {
      x = Decode(token);
      ++position_;
    }
    return Head(x);
  }

 private:
  /// The residual stream after the last layer.
  Vector Decode(int token) {
    Vector x(c_.hidden);
    model_.embedding.ReadRow(token, x);
    for (size_t i = 0; i < layers_.size(); ++i) {
      const LayerWeights& w = model_.layers[i];
      AddTo(x, Attention(int(i), RmsNorm(x, w.attn_norm, c_.norm_eps)));
      AddTo(x, FeedForward(int(i), RmsNorm(x, w.ffn_norm, c_.norm_eps)));
    }
    return x;
  }

  static void AddTo(Vector& x, const Vector& y) {
    for (size_t i = 0; i < x.size(); ++i) x[i] += y[i];
  }

  /// NEOX rotation of each head: pairs (i, i + head_dim/2).
  void Rotate(Vector& x) const {
    const int half = c_.head_dim / 2;
    for (size_t head = 0; head < x.size() / c_.head_dim; ++head) {
      float* h = &x[head * c_.head_dim];
      for (int i = 0; i < half; ++i) {
        const double angle = position_ * std::pow(c_.rope_theta, -2.0 * i / c_.head_dim);
        const float cosine = float(std::cos(angle)), sine = float(std::sin(angle));
        const float lo = h[i], hi = h[i + half];
        h[i] = lo * cosine - hi * sine;
        h[i + half] = hi * cosine + lo * sine;
      }
    }
  }

  /// Passes a BitLinear's integers to the trace.
  auto See(int layer, Projection projection) const {
    return [this, layer, projection](const auto& activations, const auto& sums) {
      if (trace_) trace_(position_, layer, projection, activations, sums);
    };
  }

  Vector Attention(int index, const Vector& h) {
    Layer& layer = layers_[index];
    const LayerWeights& w = model_.layers[index];
    Vector q = layer.q.Apply(h, See(index, Projection::kQ));
    Vector k = layer.k.Apply(h, See(index, Projection::kK));
    Rotate(q);
    Rotate(k);
    layer.keys.push_back(std::move(k));
    layer.values.push_back(layer.v.Apply(h, See(index, Projection::kV)));
    Vector out(size_t(c_.heads) * c_.head_dim);
    for (int head = 0; head < c_.heads; ++head) AttendHead(layer, q, head, out);
    return layer.o.Apply(c_.sub_norms ? RmsNorm(out, w.attn_sub_norm, c_.norm_eps) : out,
                         See(index, Projection::kO));
  }

  void AttendHead(const Layer& layer, const Vector& q, int head, Vector& out) const {
    const int n = c_.head_dim;
    const int from = head / (c_.heads / c_.kv_heads) * n;
    std::vector<double> p(layer.keys.size());
    double most = -INFINITY, total = 0;
    for (size_t t = 0; t < p.size(); ++t) {
      double dot = 0;
      for (int i = 0; i < n; ++i) dot += double(q[head * n + i]) * layer.keys[t][from + i];
      p[t] = dot / std::sqrt(double(n));
      most = std::max(most, p[t]);
    }
    for (double& v : p) total += v = std::exp(v - most);
    for (int i = 0; i < n; ++i) {
      double sum = 0;
      for (size_t t = 0; t < p.size(); ++t) sum += p[t] / total * layer.values[t][from + i];
      out[head * n + i] = float(sum);
    }
  }

  Vector FeedForward(int index, const Vector& h) const {
    const Layer& layer = layers_[index];
    const LayerWeights& w = model_.layers[index];
    Vector gate = layer.gate.Apply(h, See(index, Projection::kGate));
    const Vector up = layer.up.Apply(h, See(index, Projection::kUp));
    for (size_t i = 0; i < gate.size(); ++i) {
      const float g = gate[i];
      const float relu = std::max(g, 0.0f);
      const float silu = float(g / (1 + std::exp(-double(g))));
      gate[i] = (c_.activation == Activation::kRelu2 ? relu * relu : silu) * up[i];
    }
    return layer.down.Apply(c_.sub_norms ? RmsNorm(gate, w.ffn_sub_norm, c_.norm_eps) : gate,
                            See(index, Projection::kDown));
  }

  Vector Head(const Vector& x) const {
    const Vector h = RmsNorm(x, model_.output_norm, c_.norm_eps);
    const Quantised in(h);  // of the int8 head
    if (head_ == HeadKind::kSplit) return SplitLogits(in);
    Vector row(c_.hidden), logits(c_.vocab);
    for (int token = 0; token < c_.vocab; ++token) {
      model_.head().ReadRow(token, row);
      logits[token] = head_ == HeadKind::kInt8 ? Int8Logit(in, row) : FloatLogit(h, row);
    }
    return logits;
  }

  float FloatLogit(const Vector& h, const Vector& row) const {
    double sum = 0;
    for (int i = 0; i < c_.hidden; ++i) {
      sum += double(h[i]) * (head_ == HeadKind::kBf16 ? RoundToBf16(row[i]) : row[i]);
    }
    return float(sum);
  }

  /// Sum of a row's int8 times in.q with `part` of each weight, and the row's scale.
  template <class Part>
  static std::pair<int32_t, float> Int8Sum(const Quantised& in, const Vector& row, Part part) {
    std::vector<int8_t> values(row.size());
    const float scale = QuantiseRow(row, values);
    int32_t sum = 0;
    for (size_t i = 0; i < row.size(); ++i) sum += in.q[i] * part(values[i]);
    return {sum, scale};
  }

  static float Int8Logit(const Quantised& in, const Vector& row) {
    const auto [sum, scale] = Int8Sum(in, row, [](int8_t w) { return int(w); });
    return float(sum) / in.s * scale;
  }

  Vector SplitLogits(const Quantised& in) const {
    Vector row(c_.hidden), logits(c_.vocab);
    const int32_t x = std::accumulate(in.q.begin(), in.q.end(), 0);
    for (int token = 0; token < c_.vocab; ++token) {
      model_.head().ReadRow(token, row);
      const auto [high, scale] = Int8Sum(in, row, SplitHead::High);
      logits[token] = float(SplitHead::Rough(high, x)) / in.s * scale;
    }
    for (const int group : SplitHead::ExactGroups(logits)) {
      const int first = group * SplitHead::kGroupRows;
      for (int token = first; token < std::min(first + SplitHead::kGroupRows, c_.vocab); ++token) {
        model_.head().ReadRow(token, row);
        logits[token] = Int8Logit(in, row);
      }
    }
    return logits;
  }

  const Model& model_;
  const ModelConfig& c_;
  HeadKind head_;
  IntegerTrace trace_;
  std::vector<Layer> layers_;
  int position_ = 0;
};

}  // namespace

std::unique_ptr<LanguageModel> MakePlainReference(const Model& model, HeadKind head,
                                                  IntegerTrace trace) {
  return std::make_unique<PlainReference>(model, head, std::move(trace));
}

}  // namespace ternfab
