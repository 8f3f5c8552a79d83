// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/attention.h"

#include <algorithm>
#include <cmath>

#include "host/cpu/float_ops.h"
#include "host/cpu/simd.h"
#include "host/cpu/vectors.h"

// Compiled with contraction: products and sums are fused (CMakeLists.txt).

namespace ternfab::fast {
namespace {

constexpr int kLanes = KvCache::kLanes;
constexpr int kQueries = AttentionTask::kQueries;

/// Scores of eight positions: keys[i][lane] times queries[i][q]; scores[q * pitch + lane].
/// Meanwhile the values of these positions are fetched, which lie a chunk of keys behind.
template <int kCount>
TF_INLINE void ScoreEight(const float* keys, const double* queries, int head_dim, double* scores,
                          int64_t pitch) {
  Doubles sums[kCount] = {};
  const float* values = keys + int64_t(KvCache::kChunk) * head_dim;
  for (int i = 0; i < head_dim; ++i) {
    __builtin_prefetch(values + i * kLanes, 0, 2);
    Doubles k;
    LoadDoubles(keys + i * kLanes, k);
    for (int q = 0; q < kCount; ++q) sums[q] += k * queries[i * kQueries + q];
  }
  for (int q = 0; q < kCount; ++q) std::memcpy(scores + q * pitch, &sums[q], sizeof(Doubles));
}

/// Adds weights[q * pitch + t] * values[t] of `count` positions to the eight elements sums[q].
template <int kCount>
TF_INLINE void WeighEight(const float* values, int64_t value_pitch, int count,
                          const double* weights, int64_t pitch, Doubles* sums) {
  Doubles local[kCount];
  for (int q = 0; q < kCount; ++q) local[q] = sums[q];
  for (int t = 0; t < count; ++t) {
    Doubles v;
    LoadDoubles(values + t * value_pitch, v);
    for (int q = 0; q < kCount; ++q) local[q] += v * weights[q * pitch + t];
  }
  for (int q = 0; q < kCount; ++q) sums[q] = local[q];
}

TF_SIMD void ScoreChunk(const float* keys, const double* queries, int count, int head_dim,
                        int blocks, double* scores, int64_t pitch) {
  for (int b = 0; b < blocks; ++b, keys += head_dim * kLanes, scores += kLanes) {
    if (count > 4) ScoreEight<8>(keys, queries, head_dim, scores, pitch);
    if (count == 3 || count == 4) ScoreEight<4>(keys, queries, head_dim, scores, pitch);
    if (count == 2) ScoreEight<2>(keys, queries, head_dim, scores, pitch);
    if (count == 1) ScoreEight<1>(keys, queries, head_dim, scores, pitch);
  }
}

/// `count` is 1, 2, 4 or 8: weights of absent queries are 0.
TF_SIMD void WeighChunk(const float* values, int64_t value_pitch, int positions,
                        const double* weights, int count, int64_t pitch, double* sums) {
  Doubles local[kQueries] = {};
  for (int q = 0; q < count; ++q) std::memcpy(&local[q], sums + q * kLanes, sizeof(Doubles));
  if (count == 8) WeighEight<8>(values, value_pitch, positions, weights, pitch, local);
  if (count == 4) WeighEight<4>(values, value_pitch, positions, weights, pitch, local);
  if (count == 2) WeighEight<2>(values, value_pitch, positions, weights, pitch, local);
  if (count == 1) WeighEight<1>(values, value_pitch, positions, weights, pitch, local);
  for (int q = 0; q < count; ++q) std::memcpy(sums + q * kLanes, &local[q], sizeof(Doubles));
}

TF_SIMD double MaxOf(const double* x, int n) {
  double most[8];
  for (double& m : most) m = -INFINITY;
  int i = 0;
  for (; i + 8 <= n; i += 8) {
    for (int k = 0; k < 8; ++k) most[k] = x[i + k] > most[k] ? x[i + k] : most[k];
  }
  for (; i < n; ++i) most[0] = x[i] > most[0] ? x[i] : most[0];
  for (int k = 1; k < 8; ++k) most[0] = most[k] > most[0] ? most[k] : most[0];
  return most[0];
}

TF_SIMD void ShiftScale(double* x, int n, double most, double scale) {
  for (int i = 0; i < n; ++i) x[i] = (x[i] - most) * scale;
}

TF_SIMD double SumOf(const double* x, int n) {
  Doubles sums = {};
  int i = 0;
  for (; i + 8 <= n; i += 8) {
    Doubles v;
    std::memcpy(&v, x + i, sizeof(v));
    sums += v;
  }
  double total = 0;
  for (int k = 0; k < 8; ++k) total += sums[k];
  for (; i < n; ++i) total += x[i];
  return total;
}

/// Unnormalised probabilities of the first `visible` scores, 0 beyond; returns their sum.
double Softmax(double* scores, int visible, int64_t pitch, double scale) {
  ShiftScale(scores, visible, MaxOf(scores, visible), scale);
  ExpAll(scores, visible);
  std::fill(scores + visible, scores + pitch, 0.0);
  return SumOf(scores, visible);
}

}  // namespace

void Attend(const AttentionTask& task, AttentionScratch& scratch) {
  const KvCache& cache = *task.cache;
  const int dim = cache.head_dim();
  const int positions = *std::max_element(task.visible, task.visible + task.queries);
  const int64_t pitch = RoundUp(positions, kLanes);
  const int count = task.queries > 4 ? 8 : task.queries > 2 ? 4 : task.queries;
  scratch.queries.assign(size_t(dim) * kQueries, 0.0);
  scratch.scores.assign(size_t(pitch) * kQueries, 0.0);
  for (int q = 0; q < task.queries; ++q) {
    for (int i = 0; i < dim; ++i)
      scratch.queries[size_t(i) * kQueries + size_t(q)] = task.query[q][i];
  }
  for (int t = 0; t < positions; t += KvCache::kChunk) {
    const int blocks = int(CeilDiv(std::min(positions - t, KvCache::kChunk), kLanes));
    ScoreChunk(cache.Keys(t / KvCache::kChunk, task.kv_head), scratch.queries.data(), count, dim,
               blocks, &scratch.scores[size_t(t)], pitch);
  }
  double totals[kQueries] = {};
  for (int q = 0; q < task.queries; ++q) {
    totals[q] = Softmax(&scratch.scores[size_t(q * pitch)], task.visible[q], pitch,
                        1 / std::sqrt(double(dim)));
  }
  for (int first = 0; first < dim; first += kLanes) {
    double sums[kQueries * kLanes] = {};
    for (int t = 0; t < positions; t += KvCache::kChunk) {
      WeighChunk(cache.Values(t / KvCache::kChunk, task.kv_head) + first, cache.value_pitch(),
                 std::min(positions - t, KvCache::kChunk), &scratch.scores[size_t(t)], count, pitch,
                 sums);
    }
    for (int q = 0; q < task.queries; ++q) {
      for (int k = 0; k < std::min(kLanes, dim - first); ++k) {
        task.out[q][first + k] = float(sums[q * kLanes + k] / totals[q]);
      }
    }
  }
}

}  // namespace ternfab::fast
