// SPDX-License-Identifier: Apache-2.0
// MemoryTiming::TickSteady against as many Ticks.
#include <gtest/gtest.h>

#include <random>

#include "tests/sim/memory/memory_driver.h"

namespace ternfab {
namespace {

/// Two copies of a memory under random traffic, of which one goes through pauses by TickSteady.
class Pair {
 public:
  Pair(const MemoryConfig& config, uint32_t seed) : plain_(config), fast_(config), random_(seed) {}

  /// Asks for bursts and goes on until all writes are answered.
  void Ask() {
    while (!Ready()) Tick(Idle());
    std::vector<MemoryPortIn> asked = Idle();
    for (MemoryPortIn& in : asked) {
      in.arvalid = Below(2) == 0;
      in.araddr = uint64_t(Below(1 << 16)) << 12;
      in.arbeats = 1 + Below(64);
      in.awvalid = in.wvalid = Below(8) == 0;
      in.awaddr = uint64_t(Below(1 << 16)) << 12;
      open_ += in.awvalid;
    }
    Tick(asked);
    while (open_ > 0) Tick(Idle());
  }

  /// Up to `cycles` cycles; false where they differ.
  bool Pause(uint64_t cycles) {
    const uint64_t beats = Beats();
    const uint64_t passed = fast_.TickSteady(cycles);
    if (passed < 1 || passed > cycles) return false;
    for (uint64_t i = 0; i < passed; ++i) {
      if (Beats() != beats) return false;  // a change before the last cycle
      plain_.Tick(Idle());
    }
    stopped_ += passed < cycles;
    if (passed < cycles && Beats() == beats) return false;
    return Same();
  }

  int Below(int n) { return int(random_() % unsigned(n)); }
  int stopped() const { return stopped_; }

 private:
  bool Ready() const {
    for (int p = 0; p < plain_.ports(); ++p) {
      if (!plain_.out(p).awready || !plain_.out(p).wready || !plain_.out(p).arready) return false;
    }
    return true;
  }
  void Tick(const std::vector<MemoryPortIn>& in) {
    for (int p = 0; p < plain_.ports(); ++p) open_ -= plain_.out(p).bvalid;
    plain_.Tick(in);
    fast_.Tick(in);
  }
  std::vector<MemoryPortIn> Idle() const {
    MemoryPortIn in;
    in.rready = in.bready = in.wlast = true;
    return std::vector<MemoryPortIn>(size_t(plain_.ports()), in);
  }
  uint64_t Beats() const {
    uint64_t ports = 0;
    for (int p = 0; p < plain_.ports(); ++p) ports |= uint64_t{plain_.out(p).rvalid} << p;
    return ports;
  }
  bool Same() const {
    for (int p = 0; p < plain_.ports(); ++p) {
      if (!(plain_.out(p) == fast_.out(p))) return false;
    }
    return plain_.cycle() == fast_.cycle() && plain_.Digest() == fast_.Digest();
  }

  MemoryTiming plain_, fast_;
  std::mt19937 random_;
  int open_ = 0;  ///< writes without their answers
  int stopped_ = 0;
};

class SteadyTicks : public testing::TestWithParam<const char*> {};

TEST_P(SteadyTicks, AreThoseOfTick) {
  for (uint32_t seed = 0; seed < 4; ++seed) {
    Pair pair(ConfigOfKind(GetParam(), 1 << seed % 3, 128, 200 + 31 * seed, 1 + int(seed % 2)),
              seed);
    for (int i = 0; i < 400; ++i) {
      for (int n = pair.Below(4); n > 0; --n) pair.Ask();
      const int most = pair.Below(10) == 0 ? 20'000 : 100;
      ASSERT_TRUE(pair.Pause(uint64_t(1 + pair.Below(most)))) << "seed " << seed << ", " << i;
    }
    EXPECT_GT(pair.stopped(), 100);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, SteadyTicks,
                         testing::Values("fixed", "ddr3", "ddr4-2400", "lpddr4", "hbm2"));

}  // namespace
}  // namespace ternfab
