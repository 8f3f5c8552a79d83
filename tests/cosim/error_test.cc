// SPDX-License-Identifier: Apache-2.0
// Every cause of ERROR on whole designs, as the driver reports it, and the recovery by Load.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "codegen/registers.h"
#include "host/cpu/device_model.h"
#include "tests/codegen/test_models.h"
#include "tests/cosim/designs.h"

namespace ternfab {
namespace {

using rtl::RtlSimulation;
using testing::MatchesRegex;

constexpr int kTokens[] = {5, 17, 2};

/// A small model on a design; the last port's errors count as much as the first one's.
class Stopped {
 public:
  explicit Stopped(const std::string& design, int stall_percent = 0)
      : spec_(FindDesign(design)), program_(Plan(RandomModel(SmallConfig(), 1), spec_)) {
    rtl::SimulationOptions options;
    options.stall_percent = stall_percent;
    rtl_ = Simulate(spec_, program_, options);
  }

  RtlSimulation& rtl() { return *rtl_; }
  const Program& program() const { return program_; }
  const HardwareSpec& spec() const { return spec_; }
  driver::Driver& driver() { return rtl_->driver(); }

  /// The message with which the driver ends a run of one token.
  std::string Error() {
    const auto run = rtl_->Start({0, 1, {5}});
    return run ? "" : run.error().message;
  }

  /// Every byte of main memory that belongs to a region, on the last port, answers with `resp`.
  void FailRegion(const std::string& region, uint8_t resp) {
    const MemoryRegion* r = program_.Find(region);
    ASSERT_NE(r, nullptr) << region;
    const int port = program_.design.ports - 1;
    const uint64_t byte = uint64_t(port * program_.design.port_bytes());
    const uint64_t begin = rtl_->device().bus_address() + BufferByte(program_, r->beat, byte);
    rtl_->device().port(port).SetFault(begin, begin + r->beats * program_.design.port_bytes(),
                                       resp);
  }

  /// Overwrites bytes of a wide beat in the device's memory.
  void Poke(uint64_t beat, uint64_t byte, const std::vector<uint8_t>& bytes) {
    for (size_t i = 0; i < bytes.size(); ++i) {
      ASSERT_TRUE(rtl_->device().CopyIn(BufferByte(program_, beat, byte + i), {&bytes[i], 1}));
    }
  }
  /// Overwrites word `word` of instruction `index` of the decode program (-1: the header).
  void PokeWord(int index, int word, uint32_t value) {
    const uint64_t wide = uint64_t(program_.design.wide_bytes());
    const uint64_t at =
        (uint64_t(index + 1) * program_.design.instruction_beats()) * wide + 4 * word;
    Poke(program_.decode.beat + at / wide, at % wide,
         {uint8_t(value), uint8_t(value >> 8), uint8_t(value >> 16), uint8_t(value >> 24)});
  }

  /// Nothing runs until Load; after it the results are right.
  void ExpectRecovery() {
    EXPECT_EQ(Error(), fmt::format("device {}: no program is loaded", spec_.name));
    for (int p = 0; p < program_.design.ports; ++p) rtl_->device().port(p).SetFault(0, 0, kAxiOkay);
    ASSERT_TRUE(driver().Load(ViewOf(program_)).has_value());
    ExpectRight();
  }
  void ExpectRight() {
    rtl_->Reset();
    const auto emulator = MakeEmulatedDevice(program_);
    EXPECT_EQ(LogitDifference(rtl_->Append(kTokens), emulator->Append(kTokens)), "");
  }

 private:
  HardwareSpec spec_;
  Program program_;
  std::unique_ptr<RtlSimulation> rtl_;
};

/// What the driver says; `where` is a regular expression, "" where no instruction is concerned.
auto Says(const Stopped& s, ErrorCause cause, const std::string& where = " at instruction [0-9]+") {
  std::string text;
  for (const char c : ErrorText(cause)) {
    if (std::string_view("().?").find(c) != std::string_view::npos) text += '\\';
    text += c;
  }
  return MatchesRegex(
      fmt::format("device {}: ERROR = {}{}: {}", s.spec().name, uint32_t(cause), where, text));
}

class Errors : public testing::TestWithParam<std::string> {};

TEST_P(Errors, MemoryAnswers) {
  struct Case {
    const char* region;
    uint8_t resp;
    ErrorCause cause;
  };
  Stopped s(GetParam());
  for (const Case& c : {Case{"layer 1 down weights", kAxiSlverr, ErrorCause::kReadSlverr},
                        Case{"layer 0 norms", kAxiDecerr, ErrorCause::kReadDecerr},
                        Case{"embedding", kAxiSlverr, ErrorCause::kReadSlverr},
                        Case{"logits", kAxiSlverr, ErrorCause::kWriteSlverr},
                        Case{"layer 0 kv cache", kAxiDecerr, ErrorCause::kWriteDecerr}}) {
    SCOPED_TRACE(c.region);
    s.FailRegion(c.region, c.resp);
    EXPECT_THAT(s.Error(), Says(s, c.cause));
    s.ExpectRecovery();
  }
  s.FailRegion("decode program", kAxiDecerr);
  EXPECT_THAT(s.Error(), Says(s, ErrorCause::kReadDecerr, ".*"));
  s.ExpectRecovery();
}

/// Turns RLAST of one beat of port 0 over.
class RlastBreaker : public rtl::CycleObserver {
 public:
  explicit RlastBreaker(rtl::RtlDesign& design) : design_(design) {}
  void OnCycle(const rtl::TracePins&, uint64_t) override {
    const rtl::PortPins& port = design_.ports()[0];
    if (!*port.rvalid || !*port.rready || beats_-- != 0) return;
    *port.rlast = !*port.rlast;
    design_.Settle();
  }
  bool stop() const override { return false; }
  void Arm(int beats) { beats_ = beats; }

 private:
  rtl::RtlDesign& design_;
  int beats_ = -1;
};

TEST_P(Errors, MisplacedRlast) {
  Stopped s(GetParam());
  RlastBreaker breaker(s.rtl().device().design());
  s.rtl().device().AddObserver(&breaker);
  for (const int beats : {200, 301, 999}) {
    breaker.Arm(beats);
    EXPECT_THAT(s.Error(), Says(s, ErrorCause::kReadProtocol));
    breaker.Arm(-1);
    s.ExpectRecovery();
  }
}

TEST_P(Errors, CorruptProgram) {
  Stopped s(GetParam());
  const auto& list = s.program().decode.instructions;
  const int last = int(list.size()) - 1;
  struct Case {
    int index, word;
    uint32_t value;
    ErrorCause cause;
    std::string where;
  };
  const auto matvec = std::find_if(list.begin(), list.end(), [](const isa::Instruction& in) {
    return in.GetAs<isa::Opcode>(isa::kOpcode) == isa::Opcode::kMatvec;
  });
  const int first_matvec = int(matvec - list.begin());
  const auto at = [](int index) { return fmt::format(" at instruction {}", index); };
  for (const Case& c :
       {Case{-1, isa::kHeaderMagic, isa::kMagic ^ 1, ErrorCause::kBadHeader, ""},
        Case{-1, isa::kHeaderVersion, isa::kVersion + 1, ErrorCause::kBadHeader, ""},
        Case{-1, isa::kHeaderCount, 0, ErrorCause::kBadHeader, ""},
        Case{-1, isa::kHeaderCount, uint32_t(last), ErrorCause::kBadHeader, at(last - 1)},
        Case{7, 0, list[7].words[0] | 0xff, ErrorCause::kBadOpcode, at(7)},
        Case{last, 0, 0x40, ErrorCause::kBadOpcode, at(last)},
        Case{first_matvec, isa::kMvGroups.word, 0, ErrorCause::kBadLength, at(first_matvec)},
        Case{first_matvec, isa::kStreamBeats.word, matvec->Get(isa::kStreamBeats) + 1,
             ErrorCause::kBadLength, at(first_matvec)}}) {
    SCOPED_TRACE(fmt::format("instruction {} word {} = {:#x}", c.index, c.word, c.value));
    s.PokeWord(c.index, c.word, c.value);
    EXPECT_THAT(s.Error(), Says(s, c.cause, c.where));
    s.ExpectRecovery();
  }
}

TEST_P(Errors, ALostSignalIsADeadlock) {
  Stopped s(GetParam());
  const auto& list = s.program().decode.instructions;
  // The last instruction that signals: all before it still runs.
  int index = int(list.size()) - 1;
  while (list[index].Get(isa::kSignal) == 0) --index;
  isa::Instruction silent = list[index];
  silent.Set(isa::kSignal, 0);
  s.PokeWord(index, 0, silent.words[0]);
  EXPECT_THAT(s.Error(), Says(s, ErrorCause::kDeadlock));
  s.ExpectRecovery();
}

TEST_P(Errors, InvalidWeightCode) {
  Stopped s(GetParam());
  const bool base3 = s.spec().engine.weight_code == WeightCode::kBase3;
  const MemoryRegion* r = s.program().Find("layer 1 gate/up weights");
  ASSERT_NE(r, nullptr);
  const uint64_t last = uint64_t(s.program().design.wide_bytes()) - 1;
  for (const int code : base3 ? std::vector{243, 255} : std::vector{0x02, 0xbf}) {
    SCOPED_TRACE(code);
    s.Poke(r->beat + r->beats - 1, last, {uint8_t(code)});
    EXPECT_THAT(s.Error(), Says(s, ErrorCause::kWeightCode));
    s.ExpectRecovery();
  }
}

/// The driver refuses such counts itself; a driver for another batch would not.
TEST_P(Errors, BadCount) {
  Stopped s(GetParam());
  driver::DesignInfo info = s.rtl().device().design().info();
  const uint32_t batch = info.batch;
  EXPECT_EQ(batch, uint32_t(s.spec().engine.batch));
  info.batch = 1000;
  auto driver = driver::Driver::Open(s.rtl().device(), info);
  ASSERT_TRUE(driver.has_value());
  ASSERT_TRUE(driver->Load(ViewOf(s.program())).has_value());
  driver::StartArguments start;
  start.count = batch + 1;
  const auto run = driver->Run(start, std::chrono::hours(1));
  ASSERT_FALSE(run.has_value());
  EXPECT_THAT(run.error().message, Says(s, ErrorCause::kBadCount, ""));
  ASSERT_TRUE(s.driver().Load(ViewOf(s.program())).has_value());
  s.ExpectRight();
}

/// Stops runs wherever they happen to be, with transfers on their way.
TEST_P(Errors, ResetDuringARun) {
  Stopped s(GetParam(), /*stall_percent=*/25);
  const driver::RegisterOffsets& at = s.rtl().device().design().info().offsets;
  driver::Device& device = s.rtl().device();
  for (const int polls : {1, 13, 40, 100, 333, 700}) {
    SCOPED_TRACE(polls);
    ASSERT_TRUE(device.WriteRegister(at.program, uint32_t(s.program().decode.beat)));
    ASSERT_TRUE(device.WriteRegister(at.position, 0));
    ASSERT_TRUE(device.WriteRegister(at.count, 1));
    ASSERT_TRUE(device.WriteRegister(at.ap_ctrl, 1));
    for (int i = 0; i < polls; ++i) ASSERT_EQ(*device.ReadRegister(at.ap_ctrl), 1u) << i;
    ASSERT_TRUE(s.driver().Load(ViewOf(s.program())).has_value());
    for (int p = 0; p < s.program().design.ports; ++p) {
      EXPECT_TRUE(s.rtl().device().port(p).idle()) << "transfers of the stopped run";
    }
    s.ExpectRight();
  }
}

std::string NameOf(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// Both weight codes, one port and four, latency 32, 200 and 149.
INSTANTIATE_TEST_SUITE_P(All, Errors, testing::Values("nano", "random-31", "random-48299"), NameOf);

}  // namespace
}  // namespace ternfab
