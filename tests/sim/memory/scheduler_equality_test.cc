// SPDX-License-Identifier: Apache-2.0
// ChannelScheduler against the same rules written down plainly, over random traffic.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>

#include "sim/memory/channel_scheduler.h"
#include "tests/sim/memory/plain_scheduler.h"

namespace ternfab {
namespace {

constexpr uint64_t kCycles = 60'000;

/// Traffic of changing kind: streams that share banks, random rows, now and then writes.
class Traffic {
 public:
  Traffic(const DramConfig& config, uint32_t seed) : config_(config), random_(seed) {}

  /// The access that arrives in a cycle, if any; `write` says of which kind it is.
  std::optional<DramAccess> At(uint64_t cycle, bool& write) {
    if (cycle % 4000 == 0) {
      load_ = 1 + Below(40);
      writes_ = Below(3) == 0 ? 0 : Below(2) == 0 ? 2 : 40;
      jumps_ = Below(2) == 0 ? 1 : 50;
    }
    if (Below(100) >= load_) return std::nullopt;
    write = Below(100) < writes_;
    Stream& stream = streams_[size_t(Below(kStreams))];
    if (Below(100) < jumps_) stream = {Below(config_.geometry.banks()), int32_t(Below(6)), 0};
    if (++stream.count % 4 == 0) stream.bank = (stream.bank + 1) % config_.geometry.banks();
    return DramAccess{stream.row, int16_t(stream.bank), 0, slot_++, cycle, 0};
  }

 private:
  static constexpr int kStreams = 4;
  struct Stream {
    int bank = 0;
    int32_t row = 0;
    int count = 0;
  };
  int Below(int n) { return int(random_() % unsigned(n)); }

  DramConfig config_;
  std::mt19937 random_;
  std::array<Stream, kStreams> streams_;
  int load_ = 0, writes_ = 0, jumps_ = 0;
  uint32_t slot_ = 0;
};

template <class Scheduler>
void RunTo(Scheduler& scheduler, uint64_t end, std::vector<ChannelScheduler::Done>& done) {
  while (scheduler.wake() < end) {
    const ChannelScheduler::Done step = scheduler.Step(scheduler.wake());
    if (step.port >= 0) done.push_back(step);
  }
}

/// The first difference between the two under the same traffic.
std::optional<std::string> Difference(const DramConfig& config, const DramConfig& plain_config,
                                      uint32_t seed, size_t& reads) {
  ChannelScheduler fast(config);
  PlainScheduler plain(plain_config);
  Traffic traffic(config, seed);
  std::vector<ChannelScheduler::Done> a, b;
  for (uint64_t cycle = 0; cycle < kCycles; ++cycle) {
    RunTo(fast, cycle, a);
    RunTo(plain, cycle, b);
    if (fast.read_full() != plain.read_full() || fast.write_full() != plain.write_full()) {
      return fmt::format("cycle {}: the queues differ", cycle);
    }
    for (size_t i = reads; i < std::max(a.size(), b.size()); ++i, ++reads) {
      if (i < a.size() && i < b.size() && a[i].slot == b[i].slot && a[i].end == b[i].end) continue;
      return fmt::format("cycle {}: read {} differs", cycle, i);
    }
    bool write = false;
    const std::optional<DramAccess> access = traffic.At(cycle, write);
    if (!access || (write ? fast.write_full() : fast.read_full())) continue;
    write ? fast.PushWrite(*access) : fast.PushRead(*access);
    write ? plain.PushWrite(*access) : plain.PushRead(*access);
  }
  return std::nullopt;
}

DramConfig ConfigOf(const DramPreset& preset) {
  DramConfig config;
  config.timings = preset.timings;
  config.geometry = preset.geometry;
  config.read_queue = config.write_queue = preset.queue;
  config.write_drain = preset.queue * 3 / 4;
  return config;
}

class Schedulers : public testing::TestWithParam<DramPreset> {};

TEST_P(Schedulers, DoTheSameInTheSameCycles) {
  for (uint32_t seed = 0; seed < 6; ++seed) {
    DramConfig config = ConfigOf(GetParam());
    config.age_cap = seed % 2 == 0 ? 2000 : 150;
    size_t reads = 0;
    EXPECT_EQ(Difference(config, config, seed, reads), std::nullopt) << "seed " << seed;
    EXPECT_GT(reads, kCycles / 50);
  }
}

TEST_P(Schedulers, DoTheSameWithBanksRefreshedOneByOne) {
  DramConfig config = ConfigOf(GetParam());
  config.timings.per_bank_refresh = true;
  size_t reads = 0;
  EXPECT_EQ(Difference(config, config, 7, reads), std::nullopt);
}

TEST_P(Schedulers, AreSeenToDiffer) {
  const DramConfig config = ConfigOf(GetParam());
  const auto differ = [&](auto change) {
    DramConfig other = config;
    change(other);
    size_t reads = 0;
    return Difference(config, other, 0, reads).has_value();
  };
  EXPECT_TRUE(differ([](DramConfig& c) { ++c.timings.tRCD; }));
  EXPECT_TRUE(differ([](DramConfig& c) { ++c.timings.tCCD_L; }));
  EXPECT_TRUE(differ([](DramConfig& c) { ++c.timings.tRFC; }));
  EXPECT_TRUE(differ([](DramConfig& c) { c.age_cap -= 100; }));
}

INSTANTIATE_TEST_SUITE_P(Kinds, Schedulers, testing::ValuesIn(DramPresets()), [](const auto& test) {
  std::string name(test.param.name);
  std::erase(name, '-');
  return name;
});

}  // namespace
}  // namespace ternfab
