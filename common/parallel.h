// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace ternfab {

/// Calls work(i) once for every i < count on the threads of this machine and returns when all have
/// returned. The calls are independent of each other and do not throw.
template <class Work>
void ParallelFor(int count, const Work& work) {
  std::atomic<int> next = 0;
  const auto take = [&] {
    for (int i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> threads;
  const int all = std::min(count, int(std::thread::hardware_concurrency()));
  for (int i = 1; i < all; ++i) threads.emplace_back(take);
  take();
}

}  // namespace ternfab
