// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/kv_cache.h"

#include <algorithm>

namespace ternfab::fast {

KvCache::KvCache(int kv_heads, int head_dim)
    : kv_heads_(kv_heads),
      head_dim_(head_dim),
      value_pitch_(int(RoundUp(head_dim, kLanes))),
      head_floats_(int64_t(kChunk) * (head_dim_ + value_pitch_)) {}

void KvCache::Reserve(int positions) {
  while (int64_t(chunks_.size()) * kChunk < positions) {
    chunks_.emplace_back(size_t(kv_heads_ * head_floats_ / 16), Line{});
  }
}

void KvCache::Set(int position, const float* key, const float* value) {
  const int chunk = position / kChunk, at = position % kChunk;
  for (int h = 0; h < kv_heads_; ++h) {
    float* keys = const_cast<float*>(Keys(chunk, h)) + int64_t(at / kLanes) * head_dim_ * kLanes +
                  at % kLanes;
    for (int i = 0; i < head_dim_; ++i) keys[i * kLanes] = key[h * head_dim_ + i];
    float* values = const_cast<float*>(Values(chunk, h)) + int64_t(at) * value_pitch_;
    std::copy_n(value + int64_t(h) * head_dim_, head_dim_, values);
  }
}

}  // namespace ternfab::fast
