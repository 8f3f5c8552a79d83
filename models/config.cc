// SPDX-License-Identifier: Apache-2.0
#include "models/config.h"

#include <cmath>
#include <string_view>

namespace ternfab {
namespace {

constexpr int kMaxWidth = 1 << 19;  // what the CPU kernels can sum (host/cpu/panels.h)
constexpr int kMaxLayers = 1024;
constexpr int kMaxVocab = 1 << 22;
constexpr int kMaxContext = 1 << 22;

Expected<void> InRange(const ModelConfig& config, std::string_view field, int value, int most) {
  if (value < 1 || value > most) {
    return Fail("model {}: {} = {}: must be 1 to {}", config.name, field, value, most);
  }
  return {};
}

Expected<void> Positive(const ModelConfig& config, std::string_view field, double value) {
  if (!std::isfinite(value) || value <= 0) {
    return Fail("model {}: {} = {}: must be finite and above 0", config.name, field, value);
  }
  return {};
}

}  // namespace

Expected<void> Validate(const ModelConfig& config) {
  TF_RETURN_IF_ERROR(InRange(config, "hidden", config.hidden, kMaxWidth));
  TF_RETURN_IF_ERROR(InRange(config, "ffn", config.ffn, kMaxWidth));
  TF_RETURN_IF_ERROR(InRange(config, "layers", config.layers, kMaxLayers));
  TF_RETURN_IF_ERROR(InRange(config, "heads", config.heads, kMaxWidth));
  TF_RETURN_IF_ERROR(InRange(config, "kv_heads", config.kv_heads, kMaxWidth));
  TF_RETURN_IF_ERROR(InRange(config, "head_dim", config.head_dim, kMaxWidth));
  TF_RETURN_IF_ERROR(InRange(config, "vocab", config.vocab, kMaxVocab));
  TF_RETURN_IF_ERROR(InRange(config, "context", config.context, kMaxContext));
  if (config.heads % config.kv_heads != 0) {
    return Fail("model {}: kv_heads = {}: must divide heads = {}", config.name, config.kv_heads,
                config.heads);
  }
  if (config.head_dim % 2 != 0) {
    return Fail("model {}: head_dim = {}: must be even", config.name, config.head_dim);
  }
  if (int64_t(config.heads) * config.head_dim > kMaxWidth) {
    return Fail("model {}: heads * head_dim = {} * {}: must be at most {}", config.name,
                config.heads, config.head_dim, kMaxWidth);
  }
  TF_RETURN_IF_ERROR(Positive(config, "rope_theta", config.rope_theta));
  return Positive(config, "norm_eps", config.norm_eps);
}

int64_t TernaryWeights(const ModelConfig& config) {
  const int64_t query = int64_t(config.heads) * config.head_dim;
  const int64_t key = int64_t(config.kv_heads) * config.head_dim;
  const int64_t attention = config.hidden * (2 * query + 2 * key);
  const int64_t feed_forward = int64_t(3) * config.hidden * config.ffn;
  return config.layers * (attention + feed_forward);
}

}  // namespace ternfab
