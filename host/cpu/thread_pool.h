// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace ternfab {

/// A few threads that share short pieces of work: they spin for some microseconds between pieces
/// and sleep after that.
class ThreadPool {
 public:
  /// `threads` in all, the caller of Run among them: 1 starts none.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return int(workers_.size()) + 1; }

  /// Calls work(i) once for every i < parts, on any thread, and returns when all have returned.
  /// One caller at a time; `work` does not throw.
  void Run(int parts, const std::function<void(int)>& work);

  /// Run with ranges that divide 0 .. count - 1 evenly, one a thread; a single range when they
  /// would have fewer than `least` elements.
  void Split(int64_t count, int64_t least, const std::function<void(int64_t, int64_t)>& work);

 private:
  void Serve();
  void TakeParts();

  std::vector<std::thread> workers_;
  const std::function<void(int)>* work_ = nullptr;
  int parts_ = 0;
  std::atomic<int> next_{0};        ///< part
  std::atomic<int> active_{0};      ///< workers that have not finished the current work
  std::atomic<uint32_t> epoch_{0};  ///< counts works
  std::atomic<bool> stop_{false};
};

}  // namespace ternfab
