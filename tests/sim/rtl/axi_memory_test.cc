// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/axi_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace ternfab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr uint64_t kBase = 0x10000;

class AxiMemory : public testing::Test {
 protected:
  AxiMemory() { std::iota(image_.begin(), image_.end(), uint8_t(0)); }

  AxiMemoryPort Make(AxiTiming timing) {
    return AxiMemoryPort(64, 16, {image_.data(), image_.size(), kBase}, timing);
  }
  static AxiRequest Read(uint64_t addr, int beats) {
    AxiRequest q;
    q.rready = q.bready = true;
    q.arvalid = true;
    q.araddr = addr;
    q.arlen = uint8_t(beats - 1);
    q.arsize = 3;
    return q;
  }
  static AxiRequest Nothing() {
    AxiRequest q;
    q.rready = q.bready = true;
    return q;
  }
  AxiRequest Write(uint64_t addr, uint64_t strobe) {
    AxiRequest q = Nothing();
    q.awvalid = q.wvalid = q.wlast = true;
    q.awaddr = addr;
    q.awsize = 3;
    q.wdata = beat_.data();
    q.wstrb = strobe;
    return q;
  }

  std::vector<uint8_t> image_ = std::vector<uint8_t>(8192);
  std::vector<uint8_t> beat_ = std::vector<uint8_t>(8, 0xee);
};

TEST_F(AxiMemory, FirstBeatAfterTheLatencyThenOneACycle) {
  for (const int latency : {1, 2, 100}) {
    AxiTiming timing;
    timing.latency_cycles = latency;
    AxiMemoryPort port = Make(timing);
    port.Tick(Read(kBase + 64, 3));
    std::vector<uint64_t> cycles;
    std::vector<int> first_bytes;
    for (int i = 0; i < latency + 10; ++i) {
      if (port.response().rvalid) {
        cycles.push_back(port.cycle());
        first_bytes.push_back(port.response().rdata[0]);
        EXPECT_EQ(port.response().rlast, cycles.size() == 3);
      }
      port.Tick(Nothing());
    }
    const uint64_t l = latency;
    EXPECT_THAT(cycles, ElementsAre(l, l + 1, l + 2));
    EXPECT_THAT(first_bytes, ElementsAre(64, 72, 80));
    EXPECT_THAT(port.violations(), IsEmpty());
    EXPECT_TRUE(port.idle());
  }
}

TEST_F(AxiMemory, RateLimit) {
  AxiTiming timing;
  timing.rate_beats = 2;
  timing.rate_cycles = 3;
  AxiMemoryPort port = Make(timing);
  for (int i = 0; i < 30; ++i) port.Tick(Read(kBase, 16));
  const uint64_t before = port.read_beats();
  for (int i = 0; i < 300; ++i) port.Tick(Nothing());
  EXPECT_EQ(port.read_beats() - before, 200u);
}

TEST_F(AxiMemory, WritesAreVisibleWithTheirResponse) {
  AxiTiming timing;
  timing.latency_cycles = 2;
  timing.write_latency_cycles = 5;
  AxiMemoryPort port = Make(timing);
  AxiRequest address = Write(kBase + 16, 0);
  address.wvalid = false;
  port.Tick(address);
  port.Tick(Nothing());
  AxiRequest data = Write(0, 0x0f);
  data.awvalid = false;
  port.Tick(data);  // cycle 2
  while (!port.response().bvalid) {
    EXPECT_EQ(image_[16], 16);
    port.Tick(Nothing());
  }
  EXPECT_EQ(port.cycle(), 2u + 5u);
  EXPECT_EQ(port.response().bresp, kAxiOkay);
  EXPECT_EQ(image_[16], 0xee);
  EXPECT_EQ(image_[19], 0xee);
  EXPECT_EQ(image_[20], 20);
}

TEST_F(AxiMemory, OutsideIsDecerrAndFaultsAreAnswered) {
  AxiMemoryPort port = Make({});
  port.SetFault(kBase + 8, kBase + 16, kAxiSlverr);
  port.Tick(Read(kBase, 3));
  std::vector<int> resp;
  for (int i = 0; i < 6; ++i) {
    if (port.response().rvalid) resp.push_back(port.response().rresp);
    port.Tick(i == 3 ? Read(kBase + 8192, 1) : Nothing());
  }
  if (port.response().rvalid) resp.push_back(port.response().rresp);
  EXPECT_THAT(resp, ElementsAre(kAxiOkay, kAxiSlverr, kAxiOkay, kAxiDecerr));
  port.Tick(Write(kBase - 8, 0xff));
  while (!port.response().bvalid) port.Tick(Nothing());
  EXPECT_EQ(port.response().bresp, kAxiDecerr);
}

TEST_F(AxiMemory, StallsAreRepeatable) {
  AxiTiming timing;
  timing.stall_percent = 50;
  std::vector<uint64_t> beats;
  for (const uint64_t seed : {1, 1, 2}) {
    timing.seed = seed;
    AxiMemoryPort port = Make(timing);
    uint64_t sum = 0;
    AxiRequest pending = Read(kBase, 4);
    for (int i = 0; i < 200; ++i) {
      sum = sum * 31 + uint64_t(port.response().rvalid) * 2 + uint64_t(port.response().arready);
      port.Tick(pending);
    }
    EXPECT_GT(port.read_beats(), 50u);
    EXPECT_LT(port.read_beats(), 150u);
    EXPECT_THAT(port.violations(), IsEmpty());
    beats.push_back(sum);
  }
  EXPECT_EQ(beats[0], beats[1]);
  EXPECT_NE(beats[0], beats[2]);
}

TEST_F(AxiMemory, BrokenRulesAreNamed) {
  const auto violation = [this](AxiRequest q, AxiTiming timing = {}) {
    AxiMemoryPort port = Make(timing);
    port.Tick(q);
    return port.violations().empty() ? std::string("none") : port.violations()[0];
  };
  EXPECT_EQ(violation(Read(kBase + 4096 - 16, 2)), "none");
  EXPECT_THAT(violation(Read(kBase + 4096 - 16, 3)), HasSubstr("crosses 4 KB"));
  EXPECT_EQ(violation(Read(kBase, 16)), "none");
  EXPECT_THAT(violation(Read(kBase, 17)), HasSubstr("17 beats above 16"));
  EXPECT_THAT(violation(Read(kBase + 4, 1)), HasSubstr("unaligned"));
  AxiRequest narrow = Read(kBase, 1);
  narrow.arsize = 2;
  EXPECT_THAT(violation(narrow), HasSubstr("narrow"));
  AxiRequest wrap = Read(kBase, 1);
  wrap.arburst = 2;
  EXPECT_THAT(violation(wrap), HasSubstr("INCR"));
  AxiRequest not_last = Write(kBase, 1);
  not_last.wlast = false;
  EXPECT_THAT(violation(not_last), HasSubstr("WLAST"));
}

TEST_F(AxiMemory, ChangesWhileStalledAreNamed) {
  AxiTiming timing;
  timing.max_outstanding = 1;
  timing.latency_cycles = 50;
  for (int kind = 0; kind < 5; ++kind) {
    AxiMemoryPort port = Make(timing);
    AxiRequest both = Write(kBase, 0xff);
    both.arvalid = true;
    both.araddr = kBase;
    both.arsize = 3;
    port.Tick(both);  // taken; the next are stalled
    port.Tick(both);
    port.Tick(both);
    EXPECT_THAT(port.violations(), IsEmpty());
    std::vector<uint8_t> other(8, 1);
    if (kind == 0) both.araddr += 8;
    if (kind == 1) both.arvalid = false;
    if (kind == 2) both.awaddr += 8;
    if (kind == 3) both.wdata = other.data();
    if (kind == 4) both.wvalid = false;
    port.Tick(both);
    ASSERT_EQ(port.violations().size(), 1u) << kind;
    EXPECT_THAT(port.violations()[0], HasSubstr("changed while stalled"));
  }
}

}  // namespace
}  // namespace ternfab
