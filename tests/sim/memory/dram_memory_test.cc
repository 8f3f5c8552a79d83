// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>

#include "tests/sim/memory/memory_driver.h"

namespace ternfab {
namespace {

MemoryConfig Kv260() { return ConfigOfKind("ddr4-2400", 4, 128, 250, 1, 4096); }

/// Cycles from a lone read's address in cycle `start` to its first beat.
uint64_t LoneRead(const MemoryConfig& config, uint64_t start) {
  MemoryTiming memory(config);
  std::vector<MemoryPortIn> in(size_t(config.ports));
  while (!memory.out(0).rvalid) {
    in[0].arvalid = memory.cycle() == start;
    in[0].araddr = 0x40000000;
    memory.Tick(in);
  }
  return memory.cycle() - start;
}

TEST(DramMemory, ALoneReadTakesTheLatency) {
  for (const DramPreset& preset : DramPresets()) {
    const MemoryConfig config =
        ConfigOfKind(std::string(preset.name).c_str(), 4, 128, 250, 1, 4096);
    for (uint64_t start = 0; start < 20; ++start) {
      const uint64_t cycles = LoneRead(config, start);
      EXPECT_GE(cycles, 64u) << preset.name << " in cycle " << start;
      EXPECT_LE(cycles, 65u) << preset.name << " in cycle " << start;
    }
  }
}

TEST(DramMemory, ALoneWriteIsAnsweredAfterTheLatency) {
  MemoryTiming memory(Kv260());
  std::vector<MemoryPortIn> in(4);
  for (int i = 0; i < 100; ++i) {
    in[2].awvalid = i == 3;
    in[2].awbeats = 2;
    in[2].wvalid = i == 4 || i == 6;
    in[2].wlast = i == 6;
    in[2].bready = true;
    EXPECT_EQ(memory.out(2).bvalid, i == 6 + 64) << i;
    memory.Tick(in);
  }
}

TEST(DramMemory, EveryBeatComesOnceAndInItsBurst) {
  for (const int burst : {1, 3, 4, 5, 16, 100}) {
    for (const uint64_t offset : {0, 16, 48}) {
      StreamReader reader(Kv260(), burst, 512);
      for (size_t p = 0; p < 4; ++p) {
        reader.streams[p].address = (p << 20) + offset;
        reader.streams[p].end = (p << 20) + offset + uint64_t(burst) * 16 * 10;
      }
      reader.Run(3000);
      for (const auto& stream : reader.streams) {
        EXPECT_EQ(stream.beats, uint64_t(burst) * 10);
        EXPECT_EQ(stream.last_beats, 10u);
      }
    }
  }
}

TEST(DramMemory, BeatsWiderThanAnAccess) {
  StreamReader reader(ConfigOfKind("ddr3", 1, 512, 100, 1, 1024), 8, 64);
  reader.streams[0].end = 64 * 8 * 20;
  reader.Run(4000);
  EXPECT_EQ(reader.streams[0].beats, 160u);
  EXPECT_EQ(reader.streams[0].last_beats, 20u);
}

TEST(DramMemory, NoMoreIsReadAheadThanTheResponseBufferHolds) {
  MemoryConfig config = ConfigOfKind("ddr4-2400", 1, 128, 250, 1, 256);
  config.dram->timings.tCL = 1000;  // what is read later comes later than the test looks
  StreamReader reader(config, 64, 512);
  reader.Run(1000);
  // Nobody takes beats any more: four accesses are there, then nothing moves.
  MemoryTiming memory = reader.memory;
  std::vector<MemoryPortIn> in(1);
  for (int i = 0; i < 1000; ++i) memory.Tick(in);
  int in_a_row = 0;
  in[0].rready = true;
  while (memory.out(0).rvalid) {
    memory.Tick(in);
    ++in_a_row;
  }
  EXPECT_EQ(in_a_row, 16);
}

/// Cycles without a beat on some port in `cycles`, four ports in lockstep.
uint64_t Starved(int response_bytes, bool refresh, uint64_t cycles) {
  MemoryConfig config = ConfigOfKind("ddr4-2400", 4, 128, 250, 1, response_bytes);
  if (!refresh) config.dram->timings.tREFI = 1 << 30;
  StreamReader reader(config, 128, 512);
  for (size_t p = 0; p < 4; ++p) reader.streams[p].address = p * 0x2345000;
  reader.Run(4000);
  uint64_t starved = 0;
  for (uint64_t i = 0; i < cycles; ++i) {
    starved += !reader.memory.out(0).rvalid;
    reader.Cycle();
  }
  return starved;
}

TEST(DramMemory, TheResponseBufferHidesRefreshes) {
  EXPECT_EQ(Starved(4096, true, 40000), 0u);
  const uint64_t refreshes = 40000 * 4 / 7800;  // of 4 ns cycles
  EXPECT_GT(Starved(512, true, 40000), refreshes * 40);
}

/// Drives all ports at random; equal seeds give equal requests.
class RandomTraffic {
 public:
  explicit RandomTraffic(uint64_t seed) : random_(seed) {}

  void Cycle(MemoryTiming& memory) {
    for (MemoryPortIn& in : in_) {
      in.arvalid = Chance(20);
      in.araddr = random_() % (1 << 24) / 16 * 16;
      in.arbeats = 1 + int(random_() % 64);
      in.rready = Chance(80);
      in.awvalid = in.wvalid = in.wlast = Chance(5);
      in.awaddr = random_() % (1 << 24) / 16 * 16;
      in.bready = Chance(50);
    }
    memory.Tick(in_);
  }

 private:
  bool Chance(int percent) { return int(random_() % 100) < percent; }

  std::mt19937_64 random_;
  std::vector<MemoryPortIn> in_ = std::vector<MemoryPortIn>(4);
};

TEST(DramMemory, ACopyGoesOnIdentically) {
  for (const DramPreset& preset : DramPresets()) {
    MemoryTiming a(ConfigOfKind(std::string(preset.name).c_str(), 4, 128, 250, 2, 4096));
    RandomTraffic traffic(7);
    for (int i = 0; i < 5000; ++i) traffic.Cycle(a);
    MemoryTiming b = a;
    EXPECT_EQ(a.Digest(), b.Digest());
    RandomTraffic same = traffic;
    for (int i = 0; i < 5000; ++i) {
      traffic.Cycle(a);
      same.Cycle(b);
      for (int p = 0; p < 4; ++p) ASSERT_EQ(a.out(p), b.out(p)) << i;
    }
    EXPECT_EQ(a.Digest(), b.Digest());
    traffic.Cycle(a);
    EXPECT_NE(a.Digest(), b.Digest());
  }
}

TEST(DramMemory, TheSameCallsGiveTheSameAnswers) {
  uint64_t digests[2];
  for (uint64_t& digest : digests) {
    MemoryTiming memory(Kv260());
    RandomTraffic traffic(3);
    for (int i = 0; i < 20000; ++i) traffic.Cycle(memory);
    digest = memory.Digest();
  }
  EXPECT_EQ(digests[0], digests[1]);
}

TEST(DramMemory, DigestRepeatsWithTheRefreshes) {
  // tREFI = 9360 memory cycles of 5/24 are 1950 fabric cycles; the four ports take turns.
  constexpr int kPeriod = 2 * 1950;
  MemoryTiming memory(Kv260());
  std::vector<MemoryPortIn> in(4);
  std::vector<uint64_t> digests;
  for (int i = 0; i < 3 * kPeriod; ++i) {
    memory.Tick(in);
    digests.push_back(memory.Digest());
  }
  for (size_t i = kPeriod; i < 2 * kPeriod; ++i) {
    EXPECT_EQ(digests[i], digests[i + kPeriod]);
    EXPECT_NE(digests[i], digests[i + 1]);
  }
}

}  // namespace
}  // namespace ternfab
