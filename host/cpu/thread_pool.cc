// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/thread_pool.h"

#include <algorithm>

namespace ternfab {
namespace {

constexpr int kSpins = 4000;  // some 50 us, longer than the vector operations between two products

void Pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/// Until `value` differs from `old`.
template <class T>
void WaitFor(const std::atomic<T>& value, T old) {
  for (int i = 0; i < kSpins; ++i) {
    if (value.load(std::memory_order_acquire) != old) return;
    Pause();
  }
  value.wait(old, std::memory_order_acquire);
}

}  // namespace

ThreadPool::ThreadPool(int threads) {
  for (int i = 1; i < threads; ++i) workers_.emplace_back([this] { Serve(); });
}

ThreadPool::~ThreadPool() {
  stop_ = true;
  epoch_.fetch_add(1);
  epoch_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::TakeParts() {
  for (int i = next_.fetch_add(1); i < parts_; i = next_.fetch_add(1)) (*work_)(i);
}

void ThreadPool::Serve() {
  for (uint32_t seen = 0;; ++seen) {
    WaitFor(epoch_, seen);
    if (stop_) return;
    TakeParts();
    if (active_.fetch_sub(1) == 1) active_.notify_one();
  }
}

void ThreadPool::Run(int parts, const std::function<void(int)>& work) {
  if (workers_.empty() || parts <= 1) {
    for (int i = 0; i < parts; ++i) work(i);
    return;
  }
  work_ = &work;
  parts_ = parts;
  next_ = 0;
  active_ = int(workers_.size());
  epoch_.fetch_add(1);
  epoch_.notify_all();
  TakeParts();
  for (int left = active_; left != 0; left = active_) WaitFor(active_, left);
}

void ThreadPool::Split(int64_t count, int64_t least,
                       const std::function<void(int64_t, int64_t)>& work) {
  const int64_t ranges = std::clamp<int64_t>(count / std::max<int64_t>(1, least), 1, threads());
  Run(int(ranges), [&](int i) { work(count * i / ranges, count * (int64_t(i) + 1) / ranges); });
}

}  // namespace ternfab
