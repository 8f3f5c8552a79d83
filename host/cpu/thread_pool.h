// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace ternfab {

/// A few threads that share short pieces of work: they spin for some microseconds between pieces
/// and sleep after that. A thread that comes late finds its parts done by the others: on a busy
/// machine nobody waits for a thread that has not begun.
class ThreadPool {
 public:
  /// `threads` in all, the caller of Run among them: 1 starts none. With `pin` and as many threads
  /// as CPUs each thread is bound to a CPU of its own; callers bind themselves to caller_cpu() for
  /// as long as they work with the pool (ScopedPin).
  explicit ThreadPool(int threads, bool pin = false);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return int(workers_.size()) + 1; }
  int caller_cpu() const { return caller_cpu_; }  ///< -1: threads are not bound

  /// Calls work(i) once for every i < parts, on any thread, and returns when all have returned.
  /// One caller at a time; `work` does not throw.
  void Run(int parts, const std::function<void(int)>& work);

  /// Run with ranges that divide 0 .. count - 1 evenly: a few a thread, but none of fewer than
  /// `least` elements unless it is the only one.
  void Split(int64_t count, int64_t least, const std::function<void(int64_t, int64_t)>& work);

 private:
  void Serve(int cpu);
  uint64_t TakeParts();

  std::vector<std::thread> workers_;
  int caller_cpu_ = -1;
  const std::function<void(int)>* work_ = nullptr;  ///< fixed while a part is not done
  std::atomic<uint64_t> ticket_{0};                 ///< count of works, parts, next part
  std::atomic<uint32_t> done_{0};                   ///< parts of the current work
  std::atomic<bool> stop_{false};
};

}  // namespace ternfab
