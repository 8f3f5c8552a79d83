// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/integer.h"

namespace ternfab::fast {

/// Keys (after RoPE) and values of one layer in fp32, in chunks of 128 positions. Within a chunk
/// and KV head, eight positions of a key element lie side by side, so that eight scores are one
/// vector; values are rows, padded to eight elements with 0.
class KvCache {
 public:
  static constexpr int kChunk = 128;  ///< positions
  static constexpr int kLanes = 8;

  KvCache(int kv_heads, int head_dim);

  void Clear() { chunks_.clear(); }
  /// Makes room for positions below `positions`; keeps what is there.
  void Reserve(int positions);
  /// Stores `key` and `value`, [kv_heads * head_dim], of one position; different positions may be
  /// stored by different threads.
  void Set(int position, const float* key, const float* value);

  int head_dim() const { return head_dim_; }
  int value_pitch() const { return value_pitch_; }
  /// [kChunk / 8][head_dim][8]
  const float* Keys(int chunk, int kv_head) const {
    return chunks_[size_t(chunk)].data()->floats + kv_head * head_floats_;
  }
  /// [kChunk][value_pitch()]
  const float* Values(int chunk, int kv_head) const {
    return Keys(chunk, kv_head) + int64_t(kChunk) * head_dim_;
  }

 private:
  struct alignas(64) Line {
    float floats[16];
  };
  int kv_heads_, head_dim_, value_pitch_;
  int64_t head_floats_;  ///< of a chunk and KV head
  std::vector<std::vector<Line>> chunks_;
};

}  // namespace ternfab::fast
