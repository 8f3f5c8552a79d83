// SPDX-License-Identifier: Apache-2.0
#include "host/driver/driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <numeric>

namespace ternfab::driver {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;

constexpr const char* kCounters[] = {"Cycles", "Beats"};
constexpr ErrorMeaning kErrors[] = {{0, "no error"}, {7, "unknown opcode"}};
constexpr uint64_t kHash = 0x0123456789abcdef;

/// Two ports of 8 bytes, batch 4; offsets as no generated design has them.
constexpr DesignInfo kInfo = {"fake",
                              kHash,
                              3,
                              2,
                              8,
                              4,
                              2,
                              kCounters,
                              2,
                              kErrors,
                              {.ap_ctrl = 0x100,
                               .gie = 0x104,
                               .ier = 0x108,
                               .isr = 0x10c,
                               .program = 0x110,
                               .position = 0x114,
                               .count = 0x118,
                               .token = 0x120,
                               .port_base_lo = 0x140,
                               .port_base_hi = 0x144,
                               .port_base_stride = 8,
                               .control = 0x200,
                               .isa_version = 0x204,
                               .design_hash_lo = 0x208,
                               .design_hash_hi = 0x20c,
                               .error = 0x210,
                               .error_index = 0x214,
                               .counters = 0x220}};

/// A device in memory that ends each run at once.
class FakeDevice : public Device {
 public:
  FakeDevice() {
    registers[kInfo.offsets.isa_version] = 3;
    registers[kInfo.offsets.design_hash_lo] = uint32_t(kHash);
    registers[kInfo.offsets.design_hash_hi] = uint32_t(kHash >> 32);
    registers[kInfo.offsets.ap_ctrl] = 4;
  }

  Expected<uint32_t> ReadRegister(uint32_t offset) override {
    if (offset == kInfo.offsets.control && reset_ends) registers[offset] = 0;
    const uint32_t value = registers[offset];
    if (offset == kInfo.offsets.ap_ctrl) registers[offset] &= ~2u;
    return value;
  }
  Expected<void> WriteRegister(uint32_t offset, uint32_t value) override {
    writes.emplace_back(offset, value);
    if (offset == kInfo.offsets.isr) {
      registers[offset] ^= value;
      return {};
    }
    registers[offset] = value;
    if (offset == kInfo.offsets.control) registers[kInfo.offsets.error] = 0;
    if (offset == kInfo.offsets.ap_ctrl) {
      registers[offset] = ends ? 6 : 1;
      registers[kInfo.offsets.error] = error;
      if (ends) registers[kInfo.offsets.isr] |= 3 & registers[kInfo.offsets.ier];
      if (on_start) on_start(*this);
    }
    return {};
  }
  Expected<void> CopyIn(uint64_t offset, std::span<const uint8_t> bytes) override {
    if (offset + bytes.size() > memory.size()) return Fail("beyond the buffer");
    std::copy(bytes.begin(), bytes.end(), memory.begin() + long(offset));
    return {};
  }
  Expected<void> CopyOut(uint64_t offset, std::span<uint8_t> bytes) override {
    if (offset + bytes.size() > memory.size()) return Fail("beyond the buffer");
    std::copy_n(memory.begin() + long(offset), bytes.size(), bytes.begin());
    return {};
  }
  uint64_t memory_bytes() const override { return memory.size(); }
  uint64_t bus_address() const override { return 0x8'7000'0000; }
  Expected<bool> WaitInterrupt(milliseconds) override {
    ++waits;
    if (spurious > 0) {
      --spurious;
      return true;
    }
    if (ends_after_waits > 0 && waits >= ends_after_waits) {
      registers[kInfo.offsets.ap_ctrl] = 6;
      return true;
    }
    return ends;
  }

  /// Values written to a register, in order.
  std::vector<uint32_t> Written(uint32_t offset) const {
    std::vector<uint32_t> values;
    for (const auto& [at, value] : writes) {
      if (at == offset) values.push_back(value);
    }
    return values;
  }

  std::map<uint32_t, uint32_t> registers;
  std::vector<std::pair<uint32_t, uint32_t>> writes;
  std::vector<uint8_t> memory = std::vector<uint8_t>(3 * 4096, 0xee);
  bool ends = true;
  bool reset_ends = true;
  int ends_after_waits = 0;
  int spurious = 0;
  int waits = 0;
  uint32_t error = 0;
  std::function<void(FakeDevice&)> on_start;
};

/// 20 wide beats of 16 bytes, of which 18 are the image: byte i is i.
class DriverTest : public testing::Test {
 protected:
  DriverTest() {
    image_.resize(18 * 16);
    std::iota(image_.begin(), image_.end(), uint8_t(0));
    view_.design_hash = kHash;
    view_.total_beats = 20;
    view_.image = image_;
    view_.decode_beat = 5;
    view_.prefill_beat = 9;
  }
  Driver Open() {
    auto driver = Driver::Open(device_, kInfo);
    EXPECT_TRUE(driver.has_value());
    return *driver;
  }
  Driver OpenAndLoad() {
    Driver driver = Open();
    EXPECT_TRUE(driver.Load(view_).has_value());
    return driver;
  }

  FakeDevice device_;
  std::vector<uint8_t> image_;
  ProgramView view_;
};

TEST_F(DriverTest, RefusesAnotherHashInEitherHalf) {
  for (const uint32_t at : {kInfo.offsets.design_hash_lo, kInfo.offsets.design_hash_hi}) {
    FakeDevice device;
    device.registers[at] ^= 0x10;
    const auto driver = Driver::Open(device, kInfo);
    ASSERT_FALSE(driver.has_value());
    EXPECT_EQ(
        driver.error().message,
        fmt::format("device: DESIGN_HASH = {}: must be 0123456789abcdef (driver of fake)",
                    at == kInfo.offsets.design_hash_lo ? "0123456789abcdff" : "0123457789abcdef"));
    EXPECT_TRUE(device.writes.empty());
  }
}

TEST_F(DriverTest, RefusesAnotherInstructionSet) {
  device_.registers[kInfo.offsets.isa_version] = 2;
  const auto driver = Driver::Open(device_, kInfo);
  ASSERT_FALSE(driver.has_value());
  EXPECT_EQ(driver.error().message, "device: ISA_VERSION = 2: must be 3 (driver of fake)");
}

TEST_F(DriverTest, RefusesAProgramForAnotherDesign) {
  view_.design_hash = 1;
  const auto loaded = Open().Load(view_);
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().message,
            "program: design hash 0000000000000001: must be 0123456789abcdef (design fake)");
  EXPECT_TRUE(device_.writes.empty());
}

TEST_F(DriverTest, RefusesATooSmallMemory) {
  device_.memory.resize(2 * 4096 - 1);
  const auto loaded = Open().Load(view_);
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().message,
            "program: 8192 bytes of memory: must be at most 8191 (the device's buffer)");
  device_.memory.resize(2 * 4096);
  EXPECT_TRUE(Open().Load(view_).has_value());
}

TEST_F(DriverTest, LoadResetsWritesStripsAndBases) {
  OpenAndLoad();
  EXPECT_EQ(device_.Written(kInfo.offsets.control), std::vector<uint32_t>{1});
  EXPECT_THAT(device_.Written(0x140), ElementsAre(0x70000000));
  EXPECT_THAT(device_.Written(0x144), ElementsAre(8));
  EXPECT_THAT(device_.Written(0x148), ElementsAre(0x70001000));
  EXPECT_THAT(device_.Written(0x14c), ElementsAre(8));
  EXPECT_THAT(device_.Written(kInfo.offsets.gie), ElementsAre(0, 1));
  EXPECT_THAT(device_.Written(kInfo.offsets.ier), ElementsAre(0, 1));
  for (size_t i = 0; i < device_.memory.size(); ++i) {
    const size_t port = i / 4096, beat = i % 4096 / 8;
    uint8_t want = 0xee;
    if (port < 2 && beat < 18) want = uint8_t(beat * 16 + port * 8 + i % 8);
    if (port < 2 && beat >= 18 && beat < 20) want = 0;
    ASSERT_EQ(device_.memory[i], want) << i;
  }
}

TEST_F(DriverTest, WritesWholeBeatsToTheStrips) {
  Driver driver = OpenAndLoad();
  const std::vector<uint8_t> before = device_.memory;
  std::vector<uint8_t> bytes(2 * 16);
  std::iota(bytes.begin(), bytes.end(), uint8_t{100});
  ASSERT_TRUE(driver.Write(18, bytes).has_value());
  for (size_t i = 0; i < device_.memory.size(); ++i) {
    const size_t port = i / 4096, beat = i % 4096 / 8;
    const bool written = port < 2 && beat >= 18 && beat < 20;
    ASSERT_EQ(device_.memory[i],
              written ? uint8_t(100 + (beat - 18) * 16 + port * 8 + i % 8) : before[i]);
  }
  std::vector<uint8_t> back(32);
  ASSERT_TRUE(driver.Read(18, back).has_value());
  EXPECT_EQ(back, bytes);
}

TEST_F(DriverTest, RefusesWritesOfPartsOfBeatsAndBeyondTheProgram) {
  Driver driver = OpenAndLoad();
  const std::vector<uint8_t> before = device_.memory;
  for (const auto& [beat, count] : {std::pair{0, 15}, std::pair{19, 32}, std::pair{20, 16}}) {
    const auto written = driver.Write(uint64_t(beat), std::vector<uint8_t>(size_t(count)));
    ASSERT_FALSE(written.has_value());
    EXPECT_EQ(written.error().message,
              fmt::format("program: write of {} bytes at wide beat {}: must be whole wide beats of "
                          "20",
                          count, beat));
  }
  EXPECT_EQ(device_.memory, before);
}

TEST_F(DriverTest, AResetThatDoesNotEndIsAnError) {
  device_.reset_ends = false;
  const auto loaded = Open().Load(view_);
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().message,
            "device fake: CONTROL.SOFT_RESET stays 1: outstanding transfers do not end");
}

TEST_F(DriverTest, RunWritesArgumentsThenStarts) {
  Driver driver = OpenAndLoad();
  device_.writes.clear();
  ASSERT_TRUE(driver.Run({.position = 40, .count = 3, .tokens = {7, 8, 9}}, milliseconds(10)));
  using Write = std::pair<uint32_t, uint32_t>;
  EXPECT_THAT(device_.writes,
              ElementsAre(Write(0x110, 9), Write(0x114, 40), Write(0x118, 3), Write(0x120, 7),
                          Write(0x124, 8), Write(0x128, 9), Write(0x100, 1), Write(0x10c, 1)));
  device_.writes.clear();
  ASSERT_TRUE(driver.Run({.position = 43, .count = 1, .tokens = {6}}, milliseconds(10)));
  EXPECT_THAT(device_.Written(0x110), ElementsAre(5));
  EXPECT_THAT(device_.Written(0x124), ElementsAre());
}

TEST_F(DriverTest, LoadClearsEveryInterruptBitThatOtherSoftwareLeft) {
  for (const uint32_t left : {0u, 1u, 2u, 3u}) {
    device_.registers[kInfo.offsets.isr] = left;
    device_.registers[kInfo.offsets.gie] = 1;
    device_.registers[kInfo.offsets.ier] = 3;
    device_.writes.clear();
    OpenAndLoad();
    EXPECT_EQ(device_.registers[kInfo.offsets.isr], 0u) << left;
    EXPECT_EQ(device_.registers[kInfo.offsets.gie], 1u);
    EXPECT_EQ(device_.registers[kInfo.offsets.ier], 1u);
    using Write = std::pair<uint32_t, uint32_t>;
    ASSERT_GE(device_.writes.size(), 6u);
    EXPECT_EQ(device_.writes[0], Write(kInfo.offsets.gie, 0)) << "off before anything else";
    EXPECT_EQ(device_.writes[1], Write(kInfo.offsets.ier, 0));
    EXPECT_EQ(device_.writes.end()[-3], Write(kInfo.offsets.isr, left));
    EXPECT_EQ(device_.writes.end()[-2], Write(kInfo.offsets.ier, 1));
    EXPECT_EQ(device_.writes.end()[-1], Write(kInfo.offsets.gie, 1));
  }
}

TEST_F(DriverTest, RunClearsEveryInterruptBit) {
  Driver driver = OpenAndLoad();
  device_.registers[kInfo.offsets.isr] = 2;
  ASSERT_TRUE(driver.Run({}, milliseconds(10)));
  EXPECT_EQ(device_.Written(kInfo.offsets.isr).back(), 3u) << "READY of others, DONE of the run";
  EXPECT_EQ(device_.registers[kInfo.offsets.isr], 0u);
  ASSERT_TRUE(driver.Run({}, milliseconds(10)));
  EXPECT_EQ(device_.registers[kInfo.offsets.isr], 0u);
}

TEST_F(DriverTest, RefusesWhatIsNoImageOfTheDesign) {
  for (const bool beats : {false, true}) {
    ProgramView view = view_;
    if (beats) view.total_beats = (uint64_t{1} << 61) + 1;
    if (!beats) view.image = view.image.first(17);
    const auto loaded = Open().Load(view);
    ASSERT_FALSE(loaded.has_value());
    EXPECT_EQ(loaded.error().message,
              beats
                  ? "program: 2305843009213693953 wide beats, image of 288 bytes: must be at most "
                    "4294967296, a multiple of 16"
                  : "program: 20 wide beats, image of 17 bytes: must be at most 4294967296, a "
                    "multiple of 16");
  }
  EXPECT_TRUE(device_.writes.empty());
}

TEST_F(DriverTest, RefusesCountsOutOfRange) {
  Driver driver = OpenAndLoad();
  device_.writes.clear();
  for (const uint32_t count : {0u, 5u, 0xffffffffu}) {
    const auto run = driver.Run({.count = count}, milliseconds(10));
    ASSERT_FALSE(run.has_value());
    EXPECT_EQ(run.error().message, fmt::format("count = {}: must be 1..4 (batch of fake)", count));
  }
  EXPECT_TRUE(device_.writes.empty());
  EXPECT_TRUE(driver.Run({.count = 4}, milliseconds(10)).has_value()) << "nothing was started";
}

TEST_F(DriverTest, NothingRunsBeforeLoad) {
  const auto run = Open().Run({}, milliseconds(10));
  ASSERT_FALSE(run.has_value());
  EXPECT_EQ(run.error().message, "device fake: no program is loaded");
}

TEST_F(DriverTest, TimesOutAndNeedsALoad) {
  Driver driver = OpenAndLoad();
  device_.ends = false;
  const auto run = driver.Run({}, milliseconds(0));
  ASSERT_FALSE(run.has_value());
  EXPECT_EQ(run.error().message, "device fake: no end of the run after 0 ms");
  device_.ends = true;
  EXPECT_FALSE(driver.Run({}, milliseconds(10)).has_value()) << "the design may still be at work";
  ASSERT_TRUE(driver.Load(view_).has_value());
  EXPECT_TRUE(driver.Run({}, milliseconds(10)).has_value());
}

TEST_F(DriverTest, SpuriousInterruptsAndLateEnds) {
  Driver driver = OpenAndLoad();
  device_.ends = false;
  device_.spurious = 3;
  device_.ends_after_waits = 6;
  EXPECT_TRUE(driver.Run({}, milliseconds(60'000)).has_value());
  EXPECT_EQ(device_.waits, 6);
}

TEST_F(DriverTest, ErrorsInWordsAndNeedALoad) {
  struct Case {
    uint32_t cause, index;
    const char* message;
  };
  for (const Case& c : {Case{7, 12, "device fake: ERROR = 7 at instruction 12: unknown opcode"},
                        Case{7, 0xffffffff, "device fake: ERROR = 7: unknown opcode"},
                        Case{99, 0, "device fake: ERROR = 99 at instruction 0: unknown cause"}}) {
    Driver driver = OpenAndLoad();
    device_.error = c.cause;
    device_.registers[kInfo.offsets.error_index] = c.index;
    const auto run = driver.Run({}, milliseconds(10));
    ASSERT_FALSE(run.has_value());
    EXPECT_EQ(run.error().message, c.message);
    device_.error = 0;
    EXPECT_FALSE(driver.Run({}, milliseconds(10)).has_value());
    ASSERT_TRUE(driver.Load(view_).has_value());
    EXPECT_TRUE(driver.Run({}, milliseconds(10)).has_value());
  }
}

TEST_F(DriverTest, ReadJoinsTheStrips) {
  Driver driver = OpenAndLoad();
  for (const size_t bytes : {1u, 8u, 9u, 16u, 17u, 40u}) {
    std::vector<uint8_t> out(bytes);
    ASSERT_TRUE(driver.Read(3, out).has_value());
    EXPECT_EQ(out, std::vector<uint8_t>(image_.begin() + 48, image_.begin() + 48 + long(bytes)));
  }
}

TEST_F(DriverTest, CountersHave64Bits) {
  Driver driver = OpenAndLoad();
  device_.registers[0x220] = 0x80000001;
  device_.registers[0x224] = 5;
  device_.registers[0x228] = 9;
  const auto counters = driver.Counters();
  ASSERT_TRUE(counters.has_value());
  ASSERT_EQ(counters->size(), 2u);
  EXPECT_EQ((*counters)[0].name, "Cycles");
  EXPECT_EQ((*counters)[0].value, 0x5'8000'0001u);
  EXPECT_EQ((*counters)[1].name, "Beats");
  EXPECT_EQ((*counters)[1].value, 9u);
}

/// Fails the n-th register or memory access: each failure must come out of the driver.
class BrokenDevice : public FakeDevice {
 public:
  explicit BrokenDevice(int good) : good_(good) {}
  Expected<uint32_t> ReadRegister(uint32_t offset) override {
    if (good_-- == 0) return Fail("bus error");
    return FakeDevice::ReadRegister(offset);
  }
  Expected<void> WriteRegister(uint32_t offset, uint32_t value) override {
    if (good_-- == 0) return Fail("bus error");
    return FakeDevice::WriteRegister(offset, value);
  }
  Expected<void> CopyIn(uint64_t offset, std::span<const uint8_t> bytes) override {
    if (good_-- == 0) return Fail("bus error");
    return FakeDevice::CopyIn(offset, bytes);
  }
  Expected<void> CopyOut(uint64_t offset, std::span<uint8_t> bytes) override {
    if (good_-- == 0) return Fail("bus error");
    return FakeDevice::CopyOut(offset, bytes);
  }

 private:
  int good_;
};

TEST_F(DriverTest, EveryFailureOfTheDeviceIsReported) {
  const auto all = [&](Device& device) -> Expected<void> {
    TF_ASSIGN_OR_RETURN(Driver driver, Driver::Open(device, kInfo));
    TF_RETURN_IF_ERROR(driver.Load(view_));
    TF_RETURN_IF_ERROR(driver.Run({.count = 2}, milliseconds(10)));
    std::vector<uint8_t> out(16);
    TF_RETURN_IF_ERROR(driver.Read(0, out));
    TF_ASSIGN_OR_RETURN(const auto counters, driver.Counters());
    EXPECT_EQ(counters.size(), 2u);
    return {};
  };
  int good = 0;
  for (;; ++good) {
    BrokenDevice device(good);
    const auto result = all(device);
    if (result) break;
    EXPECT_EQ(result.error().message, "bus error") << "access " << good;
  }
  // Open 3, Load 4 + 2 ports * 3 + 4, Run 3 + 2 tokens + 5, Read 2 ports, Counters 2 * 2.
  EXPECT_EQ(good, 3 + 14 + 10 + 2 + 4);
}

}  // namespace
}  // namespace ternfab::driver
