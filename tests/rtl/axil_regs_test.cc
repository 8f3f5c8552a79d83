// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "Vunit_bench.h"
#include "codegen/registers.h"
#include "tests/rtl/program_samples.h"

namespace ternfab {
namespace {

using samples::End;
using samples::kProgram;

RunArguments OneSlot() { return {}; }

/// Offsets of all 32-bit registers of the bench's design that hold what is written.
std::vector<int> ArgumentOffsets() {
  std::vector<int> offsets;
  for (const Register& r : RegisterMap(ControlDriver::kPorts)) {
    if (r.access != RegisterAccess::kReadWrite || !r.fields.empty()) continue;
    for (int i = 0; i < r.count; ++i) offsets.push_back(r.offset + i * r.stride);
  }
  return offsets;
}

int OffsetOf(std::string_view name) {
  for (const Register& r : RegisterMap(ControlDriver::kPorts)) {
    if (r.name == name) return r.offset;
  }
  ADD_FAILURE() << name;
  return -1;
}

TEST(AxilRegs, ArgumentsHoldWhatIsWritten) {
  ControlDriver d;
  const std::vector<int> offsets = ArgumentOffsets();
  EXPECT_EQ(offsets.size(), 3u + 8 + 2 * 4);
  for (const int offset : offsets) d.WriteRegister(offset, 0x9e3779b9u * uint32_t(offset + 1));
  for (const int offset : offsets) {
    EXPECT_EQ(d.ReadRegister(offset), 0x9e3779b9u * uint32_t(offset + 1)) << offset;
  }
}

TEST(AxilRegs, ByteStrobes) {
  ControlDriver d;
  for (const int offset : ArgumentOffsets()) {
    for (int strobe = 0; strobe < 16; ++strobe) {
      d.WriteRegister(offset, 0x11223344);
      d.WriteRegister(offset, 0xaabbccdd, uint8_t(strobe));
      uint32_t want = 0;
      for (int i = 0; i < 4; ++i) {
        want |= ((strobe >> i & 1) != 0 ? 0xaabbccddu : 0x11223344u) & 0xffu << 8 * i;
      }
      EXPECT_EQ(d.ReadRegister(offset), want) << offset << " strobe " << strobe;
    }
  }
}

TEST(AxilRegs, ConstantsAndResetValues) {
  ControlDriver d;
  EXPECT_EQ(d.ReadRegister(OffsetOf("IsaVersion")), isa::kVersion);
  EXPECT_EQ(d.ReadRegister(OffsetOf("DesignHashLo")), uint32_t(ControlDriver::kDesignHash));
  EXPECT_EQ(d.ReadRegister(OffsetOf("DesignHashHi")), uint32_t(ControlDriver::kDesignHash >> 32));
  EXPECT_EQ(d.ReadRegister(OffsetOf("ApCtrl")), 4u);  // idle
  EXPECT_EQ(d.ReadRegister(OffsetOf("Error")), 0u);
  EXPECT_EQ(d.ReadRegister(OffsetOf("ErrorIndex")), kNoInstruction);
  EXPECT_EQ(d.ReadRegister(OffsetOf("Program")), 0u);
}

TEST(AxilRegs, OtherAddressesReadZeroAndIgnoreWrites) {
  ControlDriver d;
  std::vector<bool> known(1024);
  std::vector<uint32_t> before(1024);
  for (const Register& r : RegisterMap(ControlDriver::kPorts)) {
    for (int i = 0; i < r.count; ++i) known[(r.offset + i * r.stride) / 4] = true;
  }
  for (int word = 0; word < 1024; ++word) {
    if (!known[word]) {
      d.WriteRegister(4 * word, 0xffffffff);
    }
  }
  for (int word = 0; word < 1024; ++word) {
    if (!known[word]) {
      EXPECT_EQ(d.ReadRegister(4 * word), 0u) << 4 * word;
    }
  }
  EXPECT_EQ(d.ReadRegister(0x44 + 8 * 3), uint32_t(d.memory().base(3) >> 32));
}

TEST(AxilRegs, ReadOnlyRegistersIgnoreWrites) {
  ControlDriver d;
  for (const Register& r : RegisterMap(ControlDriver::kPorts)) {
    if (r.access != RegisterAccess::kReadOnly) continue;
    const uint32_t before = d.ReadRegister(r.offset);
    d.WriteRegister(r.offset, ~before);
    EXPECT_EQ(d.ReadRegister(r.offset), before) << r.name;
  }
}

TEST(AxilRegs, StartDoneReadyIdle) {
  ControlDriver d;
  d.Load(kProgram, {samples::Matvec(samples::kStreams, 5, 5), End()});
  d.set_hold(Unit::kTernary, true);
  d.Start(kProgram, OneSlot());
  EXPECT_EQ(d.ReadRegister(0x00), 1u);  // start, not idle
  d.WriteRegister(0x00, 1);             // ignored
  d.set_hold(Unit::kTernary, false);
  d.Steps(500);
  EXPECT_EQ(d.ReadRegister(0x00), 2u + 4 + 8);  // done, idle, ready
  EXPECT_EQ(d.ReadRegister(0x00), 4u);          // done is cleared by the read
  d.Steps(300);
  EXPECT_EQ(d.retired().size(), 1u);
}

TEST(AxilRegs, InterruptOfDone) {
  ControlDriver d;
  d.Load(kProgram, {End()});
  for (const uint32_t gie : {0u, 1u}) {
    for (const uint32_t ier : {0u, 1u, 2u, 3u}) {
      d.WriteRegister(0x04, gie);
      d.WriteRegister(0x08, ier);
      EXPECT_EQ(d.ReadRegister(0x04), gie);
      EXPECT_EQ(d.ReadRegister(0x08), ier);
      EXPECT_FALSE(d.bench().seq_interrupt);
      ASSERT_TRUE(d.Run(kProgram, OneSlot()));
      EXPECT_EQ(d.ReadRegister(0x0c), ier);
      EXPECT_EQ(d.bench().seq_interrupt, gie != 0 && ier != 0);
      d.WriteRegister(0x0c, ier);  // toggles what is set
      EXPECT_EQ(d.ReadRegister(0x0c), 0u);
      EXPECT_FALSE(d.bench().seq_interrupt);
    }
  }
  d.WriteRegister(0x0c, 1);  // a toggle can set it too
  EXPECT_TRUE(d.bench().seq_interrupt);
}

TEST(AxilRegs, InterruptOfAnError) {
  ControlDriver d;
  d.WriteRegister(0x04, 1);
  d.WriteRegister(0x08, 1);
  RunArguments none;
  none.count = 0;
  ASSERT_TRUE(d.Run(kProgram, none));
  EXPECT_TRUE(d.bench().seq_interrupt);
}

TEST(AxilRegs, StartDuringSoftResetIsIgnored) {
  ControlDriver d;
  AxiTiming slow;
  slow.latency_cycles = 300;
  for (int p = 0; p < ControlDriver::kPorts; ++p) d.memory().SetTiming(p, slow);
  d.Load(kProgram, {samples::Matvec(samples::kStreams, 5, 5), End()});
  d.Start(kProgram, OneSlot());
  d.Steps(50);
  d.WriteRegister(0x200, 1);
  EXPECT_EQ(d.ReadRegister(0x200), 1u);
  d.WriteRegister(0x00, 1);
  EXPECT_EQ(d.ReadRegister(0x00) & 1, 0u);
  d.Steps(400);
  EXPECT_EQ(d.ReadRegister(0x200), 0u);
  EXPECT_EQ(d.ReadRegister(0x00), 4u);
  EXPECT_TRUE(d.memory().idle());
}

/// Reads and writes of a master that keeps both channels busy.
TEST(AxilRegs, ReadsAndWritesAtTheSameTime) {
  ControlDriver d;
  Vunit_bench& b = d.bench();
  b.seq_axil_bready = b.seq_axil_rready = 1;
  b.seq_axil_wstrb = 15;
  int writes = 0;
  int reads = 0;
  uint32_t last_read = 0;
  for (int i = 0; i < 100; ++i) {
    b.seq_axil_awvalid = b.seq_axil_wvalid = b.seq_axil_arvalid = 1;
    b.seq_axil_awaddr = b.seq_axil_araddr = 0x14;
    b.seq_axil_wdata = uint32_t(i);
    b.eval();
    writes += b.seq_axil_awready;
    if (b.seq_axil_rvalid) {
      EXPECT_GE(b.seq_axil_rdata, last_read);
      last_read = b.seq_axil_rdata;
      ++reads;
    }
    d.Step();
  }
  EXPECT_EQ(writes, 100);  // one a cycle
  EXPECT_EQ(reads, 99);
  EXPECT_EQ(last_read, 97u);
}

}  // namespace
}  // namespace ternfab
