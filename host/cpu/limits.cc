// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/limits.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "host/cpu/affinity.h"
#include "host/cpu/simd.h"
#include "host/cpu/thread_pool.h"
#include "host/cpu/vectors.h"
#include "models/huge_allocator.h"

namespace ternfab {
namespace {

constexpr int64_t kBytes = int64_t{384} << 20;
constexpr double kLeastSeconds = 0.3;  // of repeats: a shared machine has slow moments
constexpr int64_t kRounds = 1 << 21;

double Seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// The sum of all words, four lines at a time.
TF_SIMD uint32_t ReadAll(const uint8_t* bytes, int64_t n) {
  fast::Words sums[4] = {};
  for (int64_t i = 0; i + 256 <= n; i += 256) {
    for (int k = 0; k < 4; ++k) {
      fast::Words v;
      __builtin_prefetch(bytes + i + 64 * k + 2048);
      std::memcpy(&v, bytes + i + 64 * k, sizeof(v));
      sums[k] += v;
    }
  }
  sums[0] += sums[1] + (sums[2] + sums[3]);
  uint32_t total = 0;
  for (int k = 0; k < 16; ++k) total += sums[0][k];
  return total;
}

}  // namespace

CpuLimits MeasureCpuLimits(int threads, const PanelKernels* kernels) {
  if (kernels == nullptr) kernels = &BestPanelKernels();
  ThreadPool pool(threads, true);
  const ScopedPin pin(pool.caller_cpu());
  HugeBytes buffer(kBytes);
  pool.Split(kBytes, 1, [&](int64_t first, int64_t last) {
    std::memset(buffer.data() + first, 1, size_t(last - first));
  });
  std::atomic<uint64_t> sink = 0;  // what is read is used
  double read = 1e9, spin = 1e9;
  std::atomic<int64_t> macs = 0;
  double passed = 0;
  while (passed < kLeastSeconds) {
    const double one_read = Seconds([&] {
      pool.Split(kBytes / 4096, 1, [&](int64_t first, int64_t last) {
        sink += ReadAll(buffer.data() + 4096 * first, 4096 * (last - first));
      });
    });
    macs = 0;
    const double one_spin =
        Seconds([&] { pool.Run(threads, [&](int) { macs += kernels->spin(kRounds); }); });
    read = std::min(read, one_read);
    spin = std::min(spin, one_spin);
    passed += one_read + one_spin;
  }
  return {double(kBytes) / read, double(macs) / spin};
}

}  // namespace ternfab
