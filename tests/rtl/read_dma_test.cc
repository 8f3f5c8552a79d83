// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "Vunit_bench.h"
#include "tests/rtl/dma_driver.h"

namespace ternfab {
namespace {

void SetLatency(DmaDriver& dma, int cycles) {
  for (int p = 0; p < DmaDriver::kPorts; ++p) {
    AxiTiming timing;
    timing.latency_cycles = cycles;
    dma.memory().SetTiming(p, timing);
  }
}

void AskRandom(DmaDriver& dma, std::mt19937_64& random, int descriptors) {
  for (int i = 0; i < descriptors; ++i) {
    const auto client = Client(random() % 4);
    const uint32_t beats = uint32_t(random() % (random() % 4 == 0 ? 700 : 20));
    dma.Ask(client, uint32_t(random() % (DmaDriver::kBeats - 1000)), beats);
  }
}

class RandomReads : public testing::TestWithParam<int> {};

TEST_P(RandomReads, StreamsHoldTheMemory) {
  const int seed = GetParam();
  std::mt19937_64 random(seed);
  DmaDriver dma(seed);
  dma.memory().RandomTiming(seed, seed % 2 == 0 ? 200 : 12, 40);
  for (int c = 0; c < 4; ++c) dma.set_ready_percent(Client(c), 10 + int(random() % 91));
  AskRandom(dma, random, 60);
  ASSERT_TRUE(dma.Finish(200000)) << "seed " << seed << "\n" << dma.Problems();
  EXPECT_EQ(dma.Problems(), "") << "seed " << seed;
  EXPECT_EQ(dma.bench().dma_errors, 0);
}
INSTANTIATE_TEST_SUITE_P(Seeds, RandomReads, testing::Range(1, 25));

TEST(ReadDma, BurstsStopAtPageEnds) {
  DmaDriver dma;
  const uint32_t page = 4096 / 8;
  for (uint32_t beats : {1u, 2u, 63u, 64u, 65u, 511u, 512u, 513u}) {
    dma.Ask(kW, 4 * page - 1, beats);
    dma.Ask(kW, 4 * page, beats);
    dma.Ask(kV, 4 * page - beats % 17, beats);
  }
  ASSERT_TRUE(dma.Finish(20000));
  EXPECT_EQ(dma.Problems(), "");
}

TEST(ReadDma, EmptyDescriptorIsIgnored) {
  DmaDriver dma;
  dma.Ask(kK, 10, 0);
  dma.Ask(kK, 20, 1);
  dma.Ask(kK, 30, 0);
  dma.Ask(kK, 40, 2);
  ASSERT_TRUE(dma.Finish(200));
  EXPECT_EQ(dma.popped(kK), 3);
  EXPECT_EQ(dma.Problems(), "");
}

class SustainedRate : public testing::TestWithParam<int> {};

TEST_P(SustainedRate, OneBeatACycle) {
  DmaDriver dma;
  SetLatency(dma, GetParam());
  // As the weights of many instructions: the next are asked for while the first are read.
  int beats = 0;
  for (int i = 0; i < 24; ++i) {
    const int length = 130 + 37 * i;
    dma.Ask(kW, uint32_t(1000 * i + 5), length);
    beats += length;
  }
  ASSERT_TRUE(dma.Finish(60000));
  EXPECT_EQ(dma.Problems(), "");
  EXPECT_LT(dma.first_pop_cycle(kW), GetParam() + 16);
  EXPECT_EQ(dma.last_pop_cycle(kW) - dma.first_pop_cycle(kW) + 1, beats);
}
INSTANTIATE_TEST_SUITE_P(Latencies, SustainedRate, testing::Values(1, 10, 100, 200, 300));

TEST(ReadDma, SmallBufferCoversItsShareOfTheLatency) {
  DmaDriver dma;
  SetLatency(dma, 40);  // K has 64 beats
  dma.Ask(kK, 5, 2000);
  ASSERT_TRUE(dma.Finish(10000));
  EXPECT_EQ(dma.last_pop_cycle(kK) - dma.first_pop_cycle(kK) + 1, 2000);
}

TEST(ReadDma, InstructionsPassWaitingWeights) {
  DmaDriver dma;
  SetLatency(dma, 20);
  dma.Ask(kW, 0, 5000);
  for (int i = 0; i < 300; ++i) dma.Step();
  const int64_t asked = dma.cycle();
  dma.Ask(kI, 9000, 2);
  ASSERT_TRUE(dma.Finish(20000));
  // Own latency, and the weight bursts that were queued at the memory before.
  EXPECT_LT(dma.first_pop_cycle(kI) - asked, 20 + 512 + 20);
  dma.Ask(kW, 0, 5000);
  dma.set_ready_percent(kW, 0);  // the weight buffer is full: the memory is free
  for (int i = 0; i < 700; ++i) dma.Step();
  const int64_t again = dma.cycle();
  dma.Ask(kI, 9000, 2);
  for (int i = 0; i < 40; ++i) dma.Step();
  EXPECT_LE(dma.last_pop_cycle(kI) - again, 20 + 12);
  EXPECT_EQ(dma.popped(kI), 4);
  EXPECT_EQ(dma.Problems(), "");
}

TEST(ReadDma, DependentDescriptorsWaitForGoAndWrites) {
  for (const Client client : {kV, kK}) {
    DmaDriver dma;
    AxiTiming timing;
    timing.latency_cycles = 3;  // a read that does not wait overtakes the write
    timing.write_latency_cycles = 40;
    for (int p = 0; p < DmaDriver::kPorts; ++p) dma.memory().SetTiming(p, timing);
    dma.Ask(client, 100, 3, true);
    dma.Ask(client, 200, 3, false);
    dma.Ask(client, 300, 3, true);
    for (int i = 0; i < 100; ++i) dma.Step();
    EXPECT_EQ(dma.popped(client), 0);
    // The write is taken in the cycle of the go pulse's predecessor, as when a token is passed.
    dma.Write(101, std::vector<uint8_t>(32, 0x11), 0xffffffff);
    dma.Step();
    dma.set_go(client == kV, client == kK);
    dma.Step();
    dma.set_go(false, false);
    for (int i = 0; i < 30; ++i) dma.Step();
    EXPECT_FALSE(dma.bench().dma_wr_idle);
    EXPECT_EQ(dma.memory().read_beats(0), 0u) << "read before the write was acknowledged";
    for (int i = 0; i < 100; ++i) dma.Step();
    EXPECT_EQ(dma.popped(client), 6);
    EXPECT_EQ(dma.memory().Beat(101), std::vector<uint8_t>(32, 0x11));
    dma.set_go(client == kV, client == kK);
    dma.Step();
    dma.set_go(false, false);
    ASSERT_TRUE(dma.Finish(100));
    EXPECT_EQ(dma.popped(client), 9);
    EXPECT_EQ(dma.Problems(), "");
  }
}

TEST(ReadDma, GoPulsesAreCounted) {
  DmaDriver dma;
  dma.set_go(true, false);
  dma.Step();
  dma.Step();
  dma.set_go(false, false);
  for (int i = 0; i < 3; ++i) dma.Ask(kV, 10 * i, 1, true);
  for (int i = 0; i < 60; ++i) dma.Step();
  EXPECT_EQ(dma.popped(kV), 2);
}

TEST(ReadDma, ErrorsAreKept) {
  for (const auto& [resp, bit] : {std::pair{kAxiSlverr, 1}, std::pair{kAxiDecerr, 2}}) {
    for (int p = 0; p < DmaDriver::kPorts; ++p) {
      DmaDriver dma;
      const uint64_t at = dma.memory().base(p) + 8 * 300;
      dma.memory().port(p).SetFault(at, at + 8, resp);
      dma.Ask(kW, 0, 300);
      ASSERT_TRUE(dma.Finish(2000));
      EXPECT_EQ(dma.bench().dma_errors, 0);
      dma.Ask(kW, 300, 1);
      dma.Ask(kW, 0, 20);
      dma.Finish(2000);
      EXPECT_EQ(dma.bench().dma_errors, bit) << "port " << p;
    }
  }
}

TEST(ReadDma, AddressOutsideTheMemory) {
  DmaDriver dma;
  dma.Ask(kV, uint32_t(DmaDriver::kBeats), 1);
  for (int i = 0; i < 50; ++i) dma.Step();
  EXPECT_EQ(dma.bench().dma_errors, 2);
}

TEST(ReadDma, MisplacedRlast) {
  DmaDriver dma;
  dma.Ask(kW, 0, 30);
  for (int i = 0; i < 10; ++i) dma.Step();
  dma.memory().set_break_rlast(true);
  dma.Step();
  dma.memory().set_break_rlast(false);
  ASSERT_TRUE(dma.Finish(200));
  EXPECT_EQ(dma.bench().dma_errors, 4);
}

class Flush : public testing::TestWithParam<int> {};

TEST_P(Flush, DrainsInMidBurstAndStartsAfresh) {
  const int seed = GetParam();
  std::mt19937_64 random(seed);
  DmaDriver dma(seed);
  dma.memory().RandomTiming(seed, 100, 30);
  for (int round = 0; round < 6; ++round) {
    for (int c = 0; c < 4; ++c) dma.set_ready_percent(Client(c), int(random() % 3) * 50);
    AskRandom(dma, random, 12);
    dma.Ask(kV, 5, 5, true);
    dma.Write(20000, std::vector<uint8_t>(32, 0), 0);
    const int cycles = int(random() % 400);
    for (int i = 0; i < cycles; ++i) dma.Step();
    dma.set_flush(true);
    int waited = 0;
    while (!(dma.bench().dma_rd_flushed && dma.bench().dma_wr_flushed)) {
      dma.Step();
      ASSERT_LT(++waited, 20000) << "seed " << seed;
    }
    EXPECT_TRUE(dma.memory().idle()) << "seed " << seed;
    dma.Forget();
    dma.Step();
    dma.set_flush(false);
    dma.Step();
    dma.Step();
    EXPECT_EQ(dma.bench().dma_rd_flushed, 0);
    EXPECT_EQ(dma.bench().dma_valid, 0);
  }
  for (int c = 0; c < 4; ++c) dma.set_ready_percent(Client(c), 100);
  AskRandom(dma, random, 30);
  ASSERT_TRUE(dma.Finish(100000)) << "seed " << seed;
  EXPECT_EQ(dma.Problems(), "") << "seed " << seed;
}
INSTANTIATE_TEST_SUITE_P(Seeds, Flush, testing::Range(1, 11));

TEST(ReadDma, FlushClearsErrors) {
  DmaDriver dma;
  dma.Ask(kV, uint32_t(DmaDriver::kBeats), 1);
  for (int i = 0; i < 50; ++i) dma.Step();
  EXPECT_NE(dma.bench().dma_errors, 0);
  dma.set_flush(true);
  for (int i = 0; i < 5; ++i) dma.Step();
  EXPECT_EQ(dma.bench().dma_errors, 0);
}

TEST(ReadDma, InjectedFaultIsSeen) {
  DmaDriver dma;
  dma.set_fault(true);
  dma.Ask(kK, 0, 50);
  ASSERT_TRUE(dma.Finish(300));
  EXPECT_EQ(dma.Problems(), "");  // only weights are hit
  dma.Ask(kW, 77, 1);
  ASSERT_TRUE(dma.Finish(300));
  EXPECT_NE(dma.Problems().find("wrong data for beat 77"), std::string::npos);
}

}  // namespace
}  // namespace ternfab
