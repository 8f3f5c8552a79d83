// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "host/cpu/kv_cache.h"

namespace ternfab::fast {

/// Up to eight queries that look at one KV head: query i sees positions 0 .. visible[i] - 1 (at
/// least one). out[i] = softmax(query[i] . keys / sqrt(head_dim)) . values, [head_dim] each; all
/// arithmetic in fp64, rounded once at the end.
struct AttentionTask {
  static constexpr int kQueries = 8;

  const KvCache* cache = nullptr;
  int kv_head = 0;
  int queries = 0;
  const float* query[kQueries] = {};
  int visible[kQueries] = {};
  float* out[kQueries] = {};
};

/// Working memory of one thread.
struct AttentionScratch {
  std::vector<double> queries;  ///< [head_dim][kQueries]
  std::vector<double> scores;   ///< [kQueries][positions]
};

void Attend(const AttentionTask& task, AttentionScratch& scratch);

}  // namespace ternfab::fast
