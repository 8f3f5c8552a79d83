// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "Vunit_bench.h"
#include "tests/rtl/dma_driver.h"

namespace ternfab {
namespace {

/// Main memory as the writes should leave it.
class Mirror {
 public:
  explicit Mirror(const DmaDriver& dma, AxiHarness& memory) {
    for (int p = 0; p < dma.kPorts; ++p) images_.push_back(memory.image(p));
  }
  void Write(uint32_t beat, const std::vector<uint8_t>& data, uint32_t strobe) {
    for (size_t i = 0; i < data.size(); ++i) {
      if ((strobe >> i & 1) != 0) images_[i / 8][beat * 8 + i % 8] = data[i];
    }
  }
  bool Equals(AxiHarness& memory) const {
    for (size_t p = 0; p < images_.size(); ++p) {
      if (images_[p] != memory.image(int(p))) return false;
    }
    return true;
  }

 private:
  std::vector<std::vector<uint8_t>> images_;
};

std::vector<uint8_t> RandomBeat(std::mt19937_64& random) {
  std::vector<uint8_t> data(DmaDriver::kWideBytes);
  for (uint8_t& byte : data) byte = uint8_t(random());
  return data;
}

class RandomWrites : public testing::TestWithParam<int> {};

TEST_P(RandomWrites, LeaveTheMemoryAsTheyShould) {
  const int seed = GetParam();
  std::mt19937_64 random(seed);
  DmaDriver dma(seed);
  dma.memory().RandomTiming(seed, 100, 60);
  Mirror mirror(dma, dma.memory());
  for (int i = 0; i < 300; ++i) {
    const auto beat = uint32_t(random() % 40);  // many to the same beat: order matters
    const std::vector<uint8_t> data = RandomBeat(random);
    uint32_t strobe = uint32_t(random());
    if (random() % 4 == 0) strobe = 0xfu << (4 * (random() % 8));  // one element
    if (random() % 8 == 0) strobe = random() % 2 == 0 ? 0xffffffffu : 0;
    dma.Write(beat, data, strobe);
    mirror.Write(beat, data, strobe);
  }
  ASSERT_TRUE(dma.Finish(100000)) << "seed " << seed;
  EXPECT_TRUE(dma.memory().idle());
  EXPECT_TRUE(mirror.Equals(dma.memory())) << "seed " << seed;
  EXPECT_EQ(dma.Problems(), "") << "seed " << seed;
  EXPECT_EQ(dma.bench().dma_errors, 0);
}
INSTANTIATE_TEST_SUITE_P(Seeds, RandomWrites, testing::Range(1, 13));

TEST(WriteDma, OneBeatACycleWhenResponsesComeInTime) {
  DmaDriver dma;
  for (int p = 0; p < DmaDriver::kPorts; ++p) {
    AxiTiming timing;
    timing.latency_cycles = 8;
    dma.memory().SetTiming(p, timing);
  }
  for (int i = 0; i < 500; ++i) dma.Write(uint32_t(i), std::vector<uint8_t>(32, 1), 0xffffffffu);
  ASSERT_TRUE(dma.Finish(2000));
  EXPECT_LT(dma.cycle(), 500 + 16);
}

TEST(WriteDma, SixteenBeatsAreOutstanding) {
  DmaDriver dma;
  for (int p = 0; p < DmaDriver::kPorts; ++p) {
    AxiTiming timing;
    timing.latency_cycles = 200;
    dma.memory().SetTiming(p, timing);
  }
  for (int i = 0; i < 20; ++i) dma.Write(uint32_t(i), std::vector<uint8_t>(32, 1), 0xffffffffu);
  for (int i = 0; i < 100; ++i) dma.Step();
  EXPECT_EQ(dma.memory().port(0).write_beats(), 16u);
  EXPECT_FALSE(dma.bench().dma_wr_idle);
  ASSERT_TRUE(dma.Finish(2000));
}

TEST(WriteDma, PortsWithoutStrobesAreLeftAlone) {
  DmaDriver dma;
  dma.Write(7, std::vector<uint8_t>(32, 9), 0x00f00000);  // bytes 20..23: port 2
  ASSERT_TRUE(dma.Finish(200));
  for (int p = 0; p < DmaDriver::kPorts; ++p) {
    EXPECT_EQ(dma.memory().port(p).write_beats(), p == 2 ? 1u : 0u);
  }
}

TEST(WriteDma, IdleOnlyAfterTheResponse) {
  DmaDriver dma;
  AxiTiming timing;
  timing.latency_cycles = 50;
  dma.memory().SetTiming(1, timing);
  dma.Write(7, std::vector<uint8_t>(32, 9), 0x0000ff00);
  dma.Step();
  EXPECT_FALSE(dma.bench().dma_wr_idle);
  while (!dma.bench().dma_wr_idle) {
    EXPECT_NE(dma.memory().image(1)[56], 9) << "cycle " << dma.cycle();
    dma.Step();
    ASSERT_LT(dma.cycle(), 100);
    if (dma.memory().port(1).response().bvalid) break;
  }
  EXPECT_GE(dma.cycle(), 50);
  ASSERT_TRUE(dma.Finish(100));
}

TEST(WriteDma, ErrorsAreKeptUntilAFlush) {
  for (const auto& [resp, bit] : {std::pair{kAxiSlverr, 8}, std::pair{kAxiDecerr, 16}}) {
    DmaDriver dma;
    const uint64_t at = dma.memory().base(3) + 8 * 100;
    dma.memory().port(3).SetFault(at, at + 8, resp);
    dma.Write(99, std::vector<uint8_t>(32, 9), 0xffffffffu);
    ASSERT_TRUE(dma.Finish(100));
    EXPECT_EQ(dma.bench().dma_errors, 0);
    dma.Write(100, std::vector<uint8_t>(32, 9), 0xffffffffu);
    dma.Write(101, std::vector<uint8_t>(32, 9), 0xffffffffu);
    ASSERT_TRUE(dma.Finish(100));
    EXPECT_EQ(dma.bench().dma_errors, bit);
    dma.set_flush(true);
    for (int i = 0; i < 4; ++i) dma.Step();
    EXPECT_EQ(dma.bench().dma_errors, 0);
  }
}

TEST(WriteDma, FlushTakesNothingAndDrains) {
  DmaDriver dma;
  dma.memory().RandomTiming(5, 80, 50);
  for (int i = 0; i < 40; ++i) dma.Write(uint32_t(i), std::vector<uint8_t>(32, 1), 0xffffffffu);
  for (int i = 0; i < 10; ++i) dma.Step();
  dma.set_flush(true);
  dma.Step();
  const uint32_t next = dma.bench().dma_wr_addr;
  while (!dma.bench().dma_wr_flushed) {
    dma.Step();
    ASSERT_LT(dma.cycle(), 5000);
  }
  EXPECT_EQ(dma.bench().dma_wr_addr, next);
  EXPECT_TRUE(dma.memory().idle());
  dma.set_flush(false);
  ASSERT_TRUE(dma.Finish(5000));
  EXPECT_EQ(dma.memory().Beat(39), std::vector<uint8_t>(32, 1));
  EXPECT_EQ(dma.Problems(), "");
}

}  // namespace
}  // namespace ternfab
