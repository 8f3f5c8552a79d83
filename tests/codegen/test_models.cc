// SPDX-License-Identifier: Apache-2.0
#include "tests/codegen/test_models.h"

#include <cmath>
#include <cstring>
#include <random>

#include "common/check.h"

namespace ternfab {
namespace {

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  /// From [low, high); the distributions of the standard library differ between libraries.
  float Uniform(float low, float high) {
    return low + (high - low) * float(random_() >> 40) * 0x1p-24f;
  }
  std::vector<float> Floats(int count, float low, float high) {
    std::vector<float> values(count);
    for (float& value : values) value = Uniform(low, high);
    return values;
  }
  TernaryMatrix Ternary(int rows, int cols) {
    TernaryMatrix matrix(rows, cols, Uniform(0.5f, 1.5f) / std::sqrt(float(cols)));
    std::vector<int8_t> row(cols);
    for (int r = 0; r < rows; ++r) {
      for (int8_t& trit : row) trit = int8_t(int(random_() >> 33) % 3) - 1;
      matrix.PackRow(r, row);
    }
    return matrix;
  }
  RowTable Table(int rows, int cols) {
    const std::vector<float> values = Floats(rows * cols, -1, 1);
    std::vector<uint8_t> bytes(values.size() * 4);
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return RowTable(TableType::kF32, rows, cols, std::move(bytes));
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace

Model RandomModel(const ModelConfig& config, uint64_t seed) {
  TF_CHECK(Validate(config).has_value());
  Generator random(seed);
  const int query = config.heads * config.head_dim;
  const int key = config.kv_heads * config.head_dim;
  Model model;
  model.config = config;
  model.tokenizer_error = "a random model has no tokenizer";
  model.synthetic = true;
  model.embedding = random.Table(config.vocab, config.hidden);
  if (!config.tied_head) model.untied_head = random.Table(config.vocab, config.hidden);
  model.output_norm = random.Floats(config.hidden, 0.5f, 1.5f);
  for (int i = 0; i < config.layers; ++i) {
    LayerWeights w;
    w.attn_norm = random.Floats(config.hidden, 0.5f, 1.5f);
    w.ffn_norm = random.Floats(config.hidden, 0.5f, 1.5f);
    if (config.sub_norms) {
      w.attn_sub_norm = random.Floats(query, 0.5f, 1.5f);
      w.ffn_sub_norm = random.Floats(config.ffn, 0.5f, 1.5f);
    }
    w.q = random.Ternary(query, config.hidden);
    w.k = random.Ternary(key, config.hidden);
    w.v = random.Ternary(key, config.hidden);
    w.o = random.Ternary(config.hidden, query);
    w.gate = random.Ternary(config.ffn, config.hidden);
    w.up = random.Ternary(config.ffn, config.hidden);
    w.down = random.Ternary(config.hidden, config.ffn);
    model.layers.push_back(std::move(w));
  }
  return model;
}

ModelConfig SmallConfig() {
  ModelConfig config;
  config.name = "small";
  config.hidden = 64;
  config.ffn = 160;
  config.layers = 2;
  config.heads = 4;
  config.kv_heads = 2;
  config.head_dim = 16;
  config.vocab = 96;
  config.context = 40;
  return config;
}

}  // namespace ternfab
