// SPDX-License-Identifier: Apache-2.0
// What software of the host meets on the platform beside a run that ends well: errors, polling,
// refusals, and the checkers' failures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "codegen/signature.h"
#include "host/cpu/device_model.h"
#include "sim/rtl/design_library.h"
#include "sim/systemc/design_info.h"
#include "sim/systemc/memory_checker.h"
#include "sim/systemc/platform.h"
#include "tests/codegen/test_models.h"
#include "tests/cosim/designs.h"
#include "tests/sim/systemc/own_process.h"
#include "tests/sim/systemc/platforms.h"

namespace ternfab {
namespace {

using systemc::AcceleratorKind;
using systemc::SystemCSimulation;
using testing::HasSubstr;
using testing::StartsWith;

constexpr int kTokens[] = {5, 17, 2};

/// A small model on nano.
class Systemc : public testing::Test {
 protected:
  Systemc() : spec_(FindDesign("nano")), program_(Plan(RandomModel(SmallConfig(), 1), spec_)) {}

  std::unique_ptr<SystemCSimulation> Make(AcceleratorKind kind, bool check = false) {
    systemc::SimulationOptions options;
    options.accelerator = kind;
    options.check = check;
    return MakeSystemC(spec_, program_, options);
  }

  static std::string ErrorOf(const Expected<void>& result) {
    return result ? "" : result.error().message;
  }

  /// Turns the opcode of instruction 7 of the decode program over in the platform's memory.
  void BreakInstruction(SystemCSimulation& simulation) {
    simulation.OnHost([&](driver::Driver&, driver::Device& device) {
      const uint64_t wide = uint64_t(program_.design.wide_bytes());
      const uint64_t at = 8 * uint64_t(program_.design.instruction_beats()) * wide;
      const uint8_t opcode = 0xff;
      EXPECT_TRUE(device.CopyIn(BufferByte(program_, program_.decode.beat + at / wide, at % wide),
                                {&opcode, 1}));
    });
  }

  HardwareSpec spec_;
  Program program_;
};

TEST_F(Systemc, RtlShowsABadProgramInItsErrorRegister) {
  InOwnProcess([&] {
    const auto rtl = Make(AcceleratorKind::kVerilated);
    BreakInstruction(*rtl);
    EXPECT_EQ(ErrorOf(rtl->Start({0, 1, {5}})),
              "device nano: ERROR = 7 at instruction 7: unknown opcode");
    EXPECT_EQ(ErrorOf(rtl->Start({0, 1, {5}})), "device nano: no program is loaded");
    rtl->OnHost([&](driver::Driver& driver, driver::Device&) {
      EXPECT_EQ(ErrorOf(driver.Load(ViewOf(program_))), "");
    });
    EXPECT_EQ(LogitDifference(rtl->Append(kTokens), MakeEmulatedDevice(program_)->Append(kTokens)),
              "");
  });
}

TEST_F(Systemc, ModelRefusesABadProgram) {
  InOwnProcess([&] {
    const auto model = Make(AcceleratorKind::kModel);
    BreakInstruction(*model);
    EXPECT_THAT(ErrorOf(model->Start({0, 1, {5}})),
                StartsWith("register 0x0: memory differs from the Program's image at wide beat "));
    model->OnHost([&](driver::Driver& driver, driver::Device&) {
      EXPECT_EQ(ErrorOf(driver.Load(ViewOf(program_))), "");
    });
    EXPECT_EQ(
        LogitDifference(model->Append(kTokens), MakeEmulatedDevice(program_)->Append(kTokens)), "");
  });
}

TEST_F(Systemc, ModelRefusesStartsItDoesNotRun) {
  InOwnProcess([&] {
    const auto model = Make(AcceleratorKind::kModel);
    model->OnHost([&](driver::Driver& driver, driver::Device& device) {
      const driver::RegisterOffsets& at = driver.info().offsets;
      const auto start = [&](uint32_t program, uint32_t position, uint32_t count, uint32_t token) {
        EXPECT_TRUE(device.WriteRegister(at.program, program));
        EXPECT_TRUE(device.WriteRegister(at.position, position));
        EXPECT_TRUE(device.WriteRegister(at.count, count));
        EXPECT_TRUE(device.WriteRegister(at.token, token));
        return ErrorOf(device.WriteRegister(at.ap_ctrl, 1));
      };
      const uint32_t decode = uint32_t(program_.decode.beat);
      const uint32_t context = uint32_t(program_.context), vocab = uint32_t(program_.vocab);
      EXPECT_THAT(start(decode + 1, 0, 1, 0), HasSubstr("register 0x0: PROGRAM = 1:"));
      EXPECT_THAT(start(decode, 0, 0, 0), HasSubstr("COUNT = 0"));
      EXPECT_THAT(start(decode, 0, driver.info().batch + 1, 0), HasSubstr("COUNT = "));
      EXPECT_THAT(start(decode, context, 1, 0), HasSubstr("POSITION = "));
      EXPECT_THAT(start(decode, 0xffffffff, 1, 0), HasSubstr("POSITION = "));
      EXPECT_THAT(start(decode, 0, 1, vocab), HasSubstr("TOKEN[0] = "));
      EXPECT_EQ(*device.ReadRegister(at.ap_ctrl), 4u);  // idle: none of them started
      EXPECT_EQ(start(decode, context - 1, 1, vocab - 1), "");
      EXPECT_EQ(*device.ReadRegister(at.ap_ctrl), 1u);
      EXPECT_THAT(ErrorOf(device.WriteRegister(at.position, 0)), HasSubstr("during a run"));
      EXPECT_THAT(ErrorOf(device.WriteRegister(at.control, 1)), HasSubstr("during a run"));
      const auto counter = device.ReadRegister(at.counters);
      ASSERT_FALSE(counter.has_value());
      EXPECT_THAT(counter.error().message, HasSubstr("only after its end"));
      EXPECT_FALSE(device.ReadRegister(2).has_value());
      EXPECT_FALSE(device.ReadRegister(0x1000).has_value());
      EXPECT_FALSE(device.CopyIn(device.memory_bytes(), {std::array<uint8_t, 1>{}}).has_value());
    });
  });
}

/// Without interrupts: reads of AP_CTRL from the start to its done bit, and what came in between.
template <class Device>
std::vector<uint32_t> PollARun(Device& device, const driver::RegisterOffsets& at,
                               const Program& program) {
  EXPECT_TRUE(device.WriteRegister(at.gie, 0));
  EXPECT_TRUE(device.WriteRegister(at.program, uint32_t(program.decode.beat)));
  EXPECT_TRUE(device.WriteRegister(at.position, 0));
  EXPECT_TRUE(device.WriteRegister(at.count, 1));
  EXPECT_TRUE(device.WriteRegister(at.token, 5));
  EXPECT_TRUE(device.WriteRegister(at.ap_ctrl, 1));
  std::vector<uint32_t> seen;
  do {
    seen.push_back(*device.ReadRegister(at.ap_ctrl));
  } while ((seen.back() & 2) == 0);
  for (const uint32_t offset : {at.ap_ctrl, at.isr, at.control, at.error, at.error_index}) {
    seen.push_back(*device.ReadRegister(offset));
  }
  // The reset of an idle design: how long its bit reads 1, what is idle then.
  EXPECT_TRUE(device.WriteRegister(at.control, 1));
  for (int i = 0; i < 30; ++i) {
    seen.push_back(*device.ReadRegister(i % 2 == 0 ? at.control : at.ap_ctrl));
  }
  for (uint32_t offset = 0; offset < 0x280; offset += 4) {
    seen.push_back(*device.ReadRegister(offset));
  }
  return seen;
}

TEST_F(Systemc, RegistersAreTheRtlsCycleByCycle) {
  for (const AcceleratorKind kind : {AcceleratorKind::kVerilated, AcceleratorKind::kModel}) {
    InOwnProcess([&] {
      std::vector<uint32_t> want, got;
      {
        const auto rtl = Simulate(spec_, program_, {});
        ASSERT_TRUE(rtl->Start({0, 1, {5}}).has_value());
        want = PollARun(rtl->device(), rtl->driver().info().offsets, program_);
      }
      const auto platform = Make(kind);
      ASSERT_TRUE(platform->Start({0, 1, {5}}).has_value());
      platform->OnHost([&](driver::Driver& driver, driver::Device& device) {
        got = PollARun(device, driver.info().offsets, program_);
      });
      EXPECT_GT(want.size(), 1000u);
      EXPECT_EQ(got, want);
    });
  }
}

TEST_F(Systemc, AProcessHasOnePlatform) {
  InOwnProcess([&] {
    const auto first = Make(AcceleratorKind::kModel);
    const auto second = SystemCSimulation::Create(spec_, program_, {});
    ASSERT_FALSE(second.has_value());
    EXPECT_THAT(second.error().message, StartsWith("SystemC: a process can simulate one platform"));
    EXPECT_TRUE(first->Append(kTokens).has_value());
  });
}

TEST_F(Systemc, LockstepFindsAFaultOfTheRtl) {
  InOwnProcess([&] {
    const auto rtl = Make(AcceleratorKind::kVerilated, /*check=*/true);
    rtl->platform().verilated()->core().design().SetFaults(1 << kFaultTree);
    EXPECT_THAT(ErrorOf(rtl->Start({0, 1, {5}})), StartsWith("check failed: instruction "));
    EXPECT_TRUE(rtl->mismatch().has_value());
    EXPECT_TRUE(rtl->runs().empty());
  });
}

TEST_F(Systemc, MemoryCheckerFindsAFlippedByte) {
  Emulator emulator(program_);
  const RunArguments arguments{0, 1, {5}};
  emulator.Run(program_.decode, arguments);
  const uint64_t wide = uint64_t(program_.design.wide_bytes());
  uint64_t reads = 0;
  for (const bool flip : {false, true}) {
    systemc::MemoryChecker checker(program_);
    const auto checked = checker.Check(
        program_.decode, arguments, [&](uint64_t beat, std::span<uint8_t> out) -> Expected<void> {
          std::memcpy(out.data(), &emulator.memory()[beat * wide], out.size());
          if (flip && beat == program_.logits_beat) out.back() ^= 1;
          ++reads;
          return {};
        });
    ASSERT_TRUE(checked.has_value());
    EXPECT_GT(reads, uint64_t(program_.vocab) * 4 / wide);
    EXPECT_EQ(checker.mismatch().has_value(), flip);
    EXPECT_GT(checker.instructions(), 0u);
    EXPECT_THAT(checker.mismatch().value_or(""), HasSubstr(flip ? "main memory" : ""));
  }
}

TEST_F(Systemc, SignatureInfoIsTheGeneratedHeaders) {
  const std::string built = BuildCached(spec_);
  ASSERT_EQ(built, "");
  const auto library = rtl::BuildLibrary(spec_, {});
  ASSERT_TRUE(library.has_value());
  const auto design = rtl::LoadDesign(*library);
  ASSERT_TRUE(design.has_value());
  const driver::DesignInfo& want = (*design)->info();
  const systemc::SignatureInfo made(MakeSignature(spec_));
  const driver::DesignInfo& got = made.info();
  EXPECT_STREQ(got.name, want.name);
  EXPECT_EQ(got.design_hash, want.design_hash);
  EXPECT_EQ(got.isa_version, want.isa_version);
  EXPECT_EQ(got.ports, want.ports);
  EXPECT_EQ(got.port_bytes, want.port_bytes);
  EXPECT_EQ(got.batch, want.batch);
  ASSERT_EQ(got.counter_count, want.counter_count);
  for (uint32_t i = 0; i < got.counter_count; ++i) {
    EXPECT_STREQ(got.counter_names[i], want.counter_names[i]);
  }
  ASSERT_EQ(got.error_count, want.error_count);
  for (uint32_t i = 0; i < got.error_count; ++i) {
    EXPECT_EQ(got.errors[i].cause, want.errors[i].cause);
    EXPECT_STREQ(got.errors[i].text, want.errors[i].text);
  }
  EXPECT_EQ(std::memcmp(&got.offsets, &want.offsets, sizeof got.offsets), 0);
}

}  // namespace
}  // namespace ternfab
