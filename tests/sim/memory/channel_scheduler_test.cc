// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/channel_scheduler.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace ternfab {
namespace {

using testing::ElementsAre;

/// A channel without refreshes unless asked for; slot numbers name the reads.
class Channel {
 public:
  explicit Channel(const DramConfig& config) : scheduler_(config) {}

  void Read(uint32_t slot, int bank, int32_t row) {
    scheduler_.PushRead({row, int16_t(bank), 0, slot, now_, 0});
  }
  void Write(int bank, int32_t row) { scheduler_.PushWrite({row, int16_t(bank), 0, 0, now_, 0}); }
  /// Up to but not including cycle `end`.
  void RunTo(uint64_t end) {
    while (scheduler_.wake() < end) {
      const ChannelScheduler::Done done = scheduler_.Step(scheduler_.wake());
      if (done.port < 0) continue;
      order_.push_back(done.slot);
      ends_[done.slot] = done.end;
    }
    now_ = end;
  }
  const std::vector<uint32_t>& order() const { return order_; }
  uint64_t end(uint32_t slot) const { return ends_.at(slot); }
  size_t reads() const { return order_.size(); }
  ChannelScheduler& scheduler() { return scheduler_; }

 private:
  ChannelScheduler scheduler_;
  uint64_t now_ = 0;
  std::vector<uint32_t> order_;
  std::map<uint32_t, uint64_t> ends_;
};

DramConfig ConfigOf(const DramPreset& preset) {
  DramConfig config;
  config.timings = preset.timings;
  config.geometry = preset.geometry;
  return config;
}

DramConfig Quiet() {
  DramConfig config = ConfigOf(*FindDramPreset("ddr4-2400"));
  config.timings.tREFI = 1 << 30;
  return config;
}

TEST(ChannelScheduler, NewRowOfOneBankEachTimeIsBoundByTheRowCycle) {
  for (const DramPreset& preset : DramPresets()) {
    DramConfig config = ConfigOf(preset);
    config.timings.tREFI = 1 << 30;
    const uint64_t row_cycle = uint64_t(preset.timings.tRAS + preset.timings.tRP);
    Channel channel(config);
    for (uint32_t i = 0; i < 32; ++i) channel.Read(i, 5, int32_t(i));
    channel.RunTo(10000);
    ASSERT_EQ(channel.reads(), 32u) << preset.name;
    for (uint32_t i = 1; i < 32; ++i) {
      EXPECT_EQ(channel.end(i) - channel.end(i - 1), row_cycle) << preset.name;
    }
    fmt::print("{}: {} cycles an access, tRC = {}\n", preset.name,
               (channel.end(31) - channel.end(0)) / 31, row_cycle);
  }
}

TEST(ChannelScheduler, IdleReadTakesActivateAndRead) {
  Channel channel(Quiet());
  channel.RunTo(100);
  channel.Read(0, 2, 1);
  channel.RunTo(1000);
  EXPECT_EQ(channel.end(0), 100u + 17 + 17 + 4);
}

TEST(ChannelScheduler, RowHitsGoFirst) {
  Channel channel(Quiet());
  channel.Read(0, 0, 1);
  channel.Read(1, 0, 2);
  channel.Read(2, 0, 1);
  channel.RunTo(1000);
  EXPECT_THAT(channel.order(), ElementsAre(0, 2, 1));
}

TEST(ChannelScheduler, OldestOfTheReadyGoesFirst) {
  Channel channel(Quiet());
  channel.Read(0, 0, 1);
  channel.Read(1, 1, 1);
  channel.RunTo(200);
  channel.Read(2, 1, 1);
  channel.Read(3, 0, 1);
  channel.RunTo(1000);
  EXPECT_THAT(channel.order(), ElementsAre(0, 1, 2, 3));
}

TEST(ChannelScheduler, AgeEndsARunOfHits) {
  DramConfig config = Quiet();
  config.age_cap = 300;
  Channel channel(config);
  channel.Read(0, 0, 1);
  channel.Read(1, 0, 2);
  uint32_t next = 2;
  for (uint64_t now = 1; now < 3000; ++now) {
    channel.RunTo(now);
    if (now % 6 == 0 && !channel.scheduler().read_full()) channel.Read(next++, 0, 1);
  }
  // Hits every tCCD_L until the age is reached; then a row change, tCL and the data.
  EXPECT_GT(channel.end(1), 300u);
  EXPECT_LE(channel.end(1), 300u + 6 + 9 + 17 + 17 + 17 + 4);
  EXPECT_GT(channel.reads(), 350u);
}

TEST(ChannelScheduler, WritesWaitForTheirWatermark) {
  DramConfig config = Quiet();
  config.write_queue = 8;
  config.write_drain = 4;
  config.age_cap = 1 << 20;
  Channel channel(config);
  channel.RunTo(100);
  for (uint32_t i = 0; i < 60; ++i) channel.Read(i, 0, 0);
  for (int i = 0; i < 3; ++i) channel.Write(1, 0);
  channel.RunTo(100 + 17 + 6 * 20);
  const size_t before = channel.reads();
  EXPECT_EQ(before, 20u);  // no write in between
  channel.Write(1, 0);     // the fourth
  channel.RunTo(1000);
  ASSERT_EQ(channel.reads(), 60u);
  // The write bank opens, four writes go, the bus turns twice.
  const uint64_t gap = channel.end(uint32_t(before)) - channel.end(uint32_t(before) - 1);
  const uint64_t writes = 17 + 3 * 6 + 12 + 4 + 3;  // tRCD, tCCD_L, tCWL + burst + tWTR_S
  EXPECT_GE(gap, writes - 6);
  EXPECT_LE(gap, writes + 17);
}

TEST(ChannelScheduler, WritesGoWhenNoReadWaits) {
  Channel channel(Quiet());
  for (int i = 0; i < 64; ++i) channel.Write(i % 8, 0);
  EXPECT_TRUE(channel.scheduler().write_full());
  channel.RunTo(1000);
  EXPECT_FALSE(channel.scheduler().write_full());
  channel.RunTo(1000);
  for (int i = 0; i < 64; ++i) channel.Write(i % 8, 0);
  EXPECT_TRUE(channel.scheduler().write_full());
}

TEST(ChannelScheduler, OldWritesGoBeforeReads) {
  DramConfig config = Quiet();
  config.age_cap = 500;
  config.write_queue = 1;
  config.write_drain = 2;  // never reached
  Channel channel(config);
  channel.Write(1, 0);
  uint32_t next = 0;
  for (uint64_t now = 1; now < 2000; ++now) {
    if (!channel.scheduler().read_full()) channel.Read(next++, 0, 0);
    channel.RunTo(now);
    if (now == 480) {
      EXPECT_TRUE(channel.scheduler().write_full());
    }
  }
  EXPECT_FALSE(channel.scheduler().write_full());
}

TEST(ChannelScheduler, RefreshBlocksTheChannelOnceAnInterval) {
  DramConfig config = Quiet();
  config.timings.tREFI = 5000;
  config.timings.tRFC = 400;
  Channel channel(config);
  channel.RunTo(4999);
  channel.Read(0, 0, 1);
  channel.RunTo(5000);
  channel.Read(1, 1, 1);  // too late
  channel.RunTo(9999);
  // The first read fits in the time until its row may close; tRAS, then tRPab, then tRFC.
  EXPECT_EQ(channel.end(0), 4999u + 17 + 17 + 4);
  EXPECT_EQ(channel.end(1), 4999u + 39 + 17 + 400 + 17 + 17 + 4);
  channel.RunTo(10000);
  channel.Read(2, 3, 1);
  channel.RunTo(20000);
  EXPECT_EQ(channel.end(2), 10000u + 17 + 400 + 17 + 17 + 4);  // a row was open
}

TEST(ChannelScheduler, OneBankAtATimeIsRefreshedWhileOthersWork) {
  DramConfig config = Quiet();
  config.timings.per_bank_refresh = true;
  config.timings.tREFI = 8 * 1000;  // a bank every 1000 cycles
  config.timings.tRFC = 400;
  Channel channel(config);
  channel.RunTo(1001);
  channel.Read(0, 0, 1);
  channel.Read(1, 1, 1);
  channel.RunTo(2001);
  EXPECT_EQ(channel.end(0), 1000u + 400 + 17 + 17 + 4);
  EXPECT_EQ(channel.end(1), 1001u + 17 + 17 + 4);
  channel.Read(2, 0, 1);
  channel.Read(3, 1, 1);
  channel.RunTo(3000);
  EXPECT_EQ(channel.end(2), 2001u + 17 + 4);
  EXPECT_GE(channel.end(3), 2000u + 400 + 17 + 17 + 4);
}

}  // namespace
}  // namespace ternfab
