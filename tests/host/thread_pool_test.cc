// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/thread_pool.h"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace ternfab {
namespace {

TEST(ThreadPool, EveryPartOnce) {
  for (const int threads : {1, 2, 3, 8}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (const int parts : {0, 1, 2, 7, 100}) {
      for (int repeat = 0; repeat < 50; ++repeat) {
        std::vector<std::atomic<int>> calls(static_cast<size_t>(parts));
        pool.Run(parts, [&](int i) { ++calls[size_t(i)]; });
        for (const auto& count : calls) EXPECT_EQ(count, 1);
      }
    }
  }
}

TEST(ThreadPool, WakesUpAfterASleep) {
  ThreadPool pool(2);
  for (int repeat = 0; repeat < 5; ++repeat) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::atomic<int> sum = 0;
    pool.Run(10, [&](int i) { sum += i; });
    EXPECT_EQ(sum, 45);
  }
}

TEST(ThreadPool, RangesDivideTheCount) {
  ThreadPool pool(3);
  for (const int64_t count : {0, 1, 2, 3, 10, 1000}) {
    for (const int64_t least : {0, 1, 4, 400}) {
      std::vector<std::atomic<int>> calls(static_cast<size_t>(count));
      std::atomic<int> ranges = 0;
      pool.Split(count, least, [&](int64_t from, int64_t to) {
        ++ranges;
        for (int64_t i = from; i < to; ++i) ++calls[size_t(i)];
      });
      for (const auto& c : calls) EXPECT_EQ(c, 1);
      EXPECT_LE(ranges, 12);
      if (least > 0 && count < 2 * least) {
        EXPECT_EQ(ranges, 1);
      }
    }
  }
}

TEST(ThreadPool, RangesAreAsLongAsAsked) {
  ThreadPool pool(3);
  std::atomic<int> ranges = 0;
  pool.Split(9, 4, [&](int64_t from, int64_t to) {
    ++ranges;
    EXPECT_GE(to - from, 4);
  });
  EXPECT_EQ(ranges, 2);
}

}  // namespace
}  // namespace ternfab
