// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/thread_pool.h"

#include <algorithm>

#include "common/check.h"
#include "host/cpu/affinity.h"

namespace ternfab {
namespace {

// A ticket: works in the upper 24 bits, then 20 bits of parts, 20 of the next part.
constexpr uint64_t kParts = uint64_t{1} << 20;
constexpr uint64_t kEpoch = kParts * kParts;
constexpr int kRangesPerThread = 4;  // of Split
constexpr int kSpins = 4000;  // some 50 us, longer than the vector operations between two products

uint64_t PartsOf(uint64_t ticket) { return ticket / kParts % kParts; }
uint64_t NextOf(uint64_t ticket) { return ticket % kParts; }

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

ThreadPool::ThreadPool(int threads, bool pin) {
  const std::vector<int> cpus = pin ? AllowedCpus() : std::vector<int>{};
  const bool bound = threads > 1 && int(cpus.size()) == threads;
  if (bound) caller_cpu_ = cpus[0];
  for (int i = 1; i < threads; ++i) {
    workers_.emplace_back([this, cpu = bound ? cpus[size_t(i)] : -1] { Serve(cpu); });
  }
}

ThreadPool::~ThreadPool() {
  stop_ = true;
  ticket_.fetch_add(kEpoch);
  ticket_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

/// Works on parts until none is left; returns the ticket that says so.
uint64_t ThreadPool::TakeParts() {
  uint64_t ticket = ticket_.load();
  while (NextOf(ticket) < PartsOf(ticket)) {
    if (!ticket_.compare_exchange_weak(ticket, ticket + 1)) continue;
    (*work_)(int(NextOf(ticket)));
    if (done_.fetch_add(1) + 1 == PartsOf(ticket)) done_.notify_one();
    ticket = ticket_.load();
  }
  return ticket;
}

void ThreadPool::Serve(int cpu) {
  const ScopedPin pin(cpu);
  while (true) {
    const uint64_t ticket = TakeParts();
    if (stop_) return;  // set before the last change of the ticket
    WaitFor(ticket_, ticket);
  }
}

void ThreadPool::Run(int parts, const std::function<void(int)>& work) {
  if (workers_.empty() || parts <= 1) {
    for (int i = 0; i < parts; ++i) work(i);
    return;
  }
  TF_CHECK(parts < int(kParts), "{} parts", parts);
  work_ = &work;
  done_ = 0;
  ticket_ = (ticket_.load() / kEpoch + 1) * kEpoch + uint64_t(parts) * kParts;
  ticket_.notify_all();
  TakeParts();
  for (uint32_t done = done_; done != uint32_t(parts); done = done_) WaitFor(done_, done);
}

void ThreadPool::Split(int64_t count, int64_t least,
                       const std::function<void(int64_t, int64_t)>& work) {
  const int64_t most = threads() == 1 ? 1 : kRangesPerThread * threads();
  const int64_t ranges = std::clamp<int64_t>(count / std::max<int64_t>(1, least), 1, most);
  Run(int(ranges), [&](int i) { work(count * i / ranges, count * (int64_t(i) + 1) / ranges); });
}

}  // namespace ternfab
