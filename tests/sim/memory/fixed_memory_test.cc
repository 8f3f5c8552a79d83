// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/memory/memory_driver.h"

namespace ternfab {
namespace {

using testing::ElementsAre;

MemoryConfig Fixed(int latency) {
  MemoryConfig config;
  config.latency_cycles = latency;
  return config;
}

TEST(FixedMemory, BeatsFollowTheLatencyOneACycle) {
  for (const int latency : {1, 2, 100}) {
    MemoryTiming memory(Fixed(latency));
    std::vector<uint64_t> cycles;
    for (int i = 0; i < latency + 10; ++i) {
      MemoryPortIn in;
      in.arvalid = i == 0 || i == 1;
      in.arbeats = 2;
      in.rready = true;
      if (memory.out(0).rvalid) cycles.push_back(memory.cycle());
      EXPECT_EQ(memory.out(0).rlast, cycles.size() % 2 == 0 && memory.out(0).rvalid);
      memory.Tick({&in, 1});
    }
    const uint64_t l = uint64_t(latency);
    EXPECT_THAT(cycles, ElementsAre(l, l + 1, l + 2, l + 3));
  }
}

TEST(FixedMemory, WritesAreAnsweredAfterTheLatencyOfTheirLastPart) {
  MemoryTiming memory(Fixed(7));
  for (int i = 0; i < 30; ++i) {
    MemoryPortIn in;
    in.awvalid = i == 0;
    in.awbeats = 2;
    in.wvalid = i == 3 || i == 5;
    in.bready = true;
    EXPECT_EQ(memory.out(0).bvalid, i == 5 + 7) << i;
    memory.Tick({&in, 1});
  }
}

TEST(FixedMemory, ReadyFallsWhenAllIsTaken) {
  MemoryConfig config = Fixed(50);
  config.max_outstanding = 3;
  MemoryTiming memory(config);
  int taken = 0;
  for (int i = 0; i < 20; ++i) {
    MemoryPortIn in;
    in.arvalid = true;
    taken += memory.out(0).arready;
    memory.Tick({&in, 1});
  }
  EXPECT_EQ(taken, 3);
}

TEST(FixedMemory, DigestIsThatOfTheStateNotOfTheCycle) {
  MemoryTiming a(Fixed(5)), b(Fixed(5));
  MemoryPortIn idle, read;
  read.arvalid = true;
  idle.rready = true;
  for (int i = 0; i < 9; ++i) b.Tick({&idle, 1});
  EXPECT_EQ(a.Digest(), b.Digest());
  a.Tick({&read, 1});
  EXPECT_NE(a.Digest(), b.Digest());
  b.Tick({&read, 1});
  EXPECT_EQ(a.Digest(), b.Digest());
  b.Tick({&idle, 1});
  EXPECT_NE(a.Digest(), b.Digest());
}

}  // namespace
}  // namespace ternfab
