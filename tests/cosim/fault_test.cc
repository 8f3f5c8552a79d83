// SPDX-License-Identifier: Apache-2.0
// Each fault that a design can be made to show is found, and laid at the right instruction's door.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "codegen/signature.h"
#include "tests/codegen/test_models.h"
#include "tests/cosim/designs.h"

namespace ternfab {
namespace {

using isa::Opcode;
using testing::HasSubstr;
using testing::StartsWith;

struct Case {
  const char* name;
  FaultBit bit;
  std::vector<Opcode> units;  ///< of the instruction that may be blamed
  const char* place;          ///< memory of the first difference
};

const Case kCases[] = {
    {"Tree", kFaultTree, {Opcode::kMatvec}, "VM word"},
    {"Decoder", kFaultDecoder, {Opcode::kMatvec}, "VM word"},
    {"Int8", kFaultInt8, {Opcode::kDot, Opcode::kAccumulate}, "VM word"},
    {"Fp32Add", kFaultFp32Add, {Opcode::kVector}, ""},
    {"Fp32Multiply", kFaultFp32Multiply, {Opcode::kVector}, ""},
    {"KvAddress", kFaultKvAddress, {Opcode::kVector}, "wide beat"},
    {"Dma", kFaultDma, {Opcode::kMatvec}, "VM word"},
};

// A decoder of each weight code; one port and four.
using Param = std::tuple<std::string, Case>;
class Fault : public testing::TestWithParam<Param> {};

/// What one decode step compares, without differences.
rtl::LayerCounts CountsOf(const Program& program) {
  rtl::LayerCounts counts;
  for (size_t i = 0; i + 1 < program.decode.notes.size(); ++i) {  // END belongs to no unit
    ++counts[program.decode.notes[i].place.layer].instructions;
  }
  return counts;
}

TEST_P(Fault, IsFoundAtItsInstruction) {
  const auto& [design, c] = GetParam();
  const HardwareSpec spec = FindDesign(design);
  const Program program = Plan(RandomModel(SmallConfig(), 1), spec);
  rtl::SimulationOptions options;
  options.check = true;
  const auto rtl = Simulate(spec, program, options);
  const int token = 5;
  ASSERT_TRUE(rtl->Append({&token, 1}).has_value()) << "without the fault";
  const rtl::LayerCounts before = rtl->checked_layers();
  EXPECT_EQ(before, CountsOf(program));

  rtl->device().design().SetFaults(uint8_t(1u << c.bit));
  const auto logits = rtl->Append({&token, 1});
  ASSERT_FALSE(logits.has_value());
  ASSERT_TRUE(rtl->mismatch().has_value()) << logits.error().message;
  const std::string& message = *rtl->mismatch();
  EXPECT_EQ(logits.error().message, "check failed: " + message);
  EXPECT_EQ(message.find('\n'), std::string::npos);
  unsigned index = 0;
  ASSERT_EQ(std::sscanf(message.c_str(), "instruction %u (", &index), 1) << message;
  ASSERT_LT(index, program.decode.instructions.size());
  EXPECT_THAT(message, StartsWith(fmt::format("instruction {} ({}), cycle ", index,
                                              program.decode.notes[index].text)));
  EXPECT_THAT(message, HasSubstr(c.place));
  EXPECT_THAT(message, HasSubstr(": expected "));
  const int layer = program.decode.notes[index].place.layer;
  uint64_t compared = 0, mismatches = 0;
  for (const auto& [at, count] : rtl->checked_layers()) {
    compared += count.instructions;
    mismatches += count.mismatches;
    EXPECT_GE(count.instructions, before.at(at).instructions);
  }
  EXPECT_EQ(compared, rtl->checked_instructions());
  EXPECT_EQ(mismatches, 1u);
  EXPECT_EQ(rtl->checked_layers().at(layer).mismatches, 1u);
  const isa::Instruction& in = program.decode.instructions[index];
  EXPECT_EQ(std::count(c.units.begin(), c.units.end(), in.GetAs<Opcode>(isa::kOpcode)), 1)
      << message;
  if (c.bit == kFaultKvAddress) {
    EXPECT_EQ(in.GetAs<isa::Destination>(isa::kVDst), isa::Destination::kMemI8) << message;
    EXPECT_THAT(message, HasSubstr("kv head")) << message;
  }
}

std::string NameOf(const testing::TestParamInfo<Param>& info) {
  std::string name = std::get<0>(info.param) + "_" + std::get<1>(info.param).name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Fault,
                         testing::Combine(testing::Values("nano", "random-48299"),
                                          testing::ValuesIn(kCases)),
                         NameOf);

/// Without tokens every unit waits for ever: the design says so itself.
TEST(TokenFault, EndsInADeadlockInWords) {
  for (const char* design : {"nano", "random-437"}) {
    const HardwareSpec spec = FindDesign(design);
    const Program program = Plan(RandomModel(SmallConfig(), 1), spec);
    rtl::SimulationOptions options;
    options.check = true;
    options.faults = 1u << kFaultToken;
    const auto rtl = Simulate(spec, program, options);
    const int token = 5;
    const auto logits = rtl->Append({&token, 1});
    ASSERT_FALSE(logits.has_value());
    EXPECT_THAT(logits.error().message,
                StartsWith(fmt::format("device {}: ERROR = 10 at instruction ", design)));
    EXPECT_THAT(logits.error().message,
                HasSubstr(": every unit waits for a dependence token that none will put"));
    EXPECT_FALSE(rtl->mismatch().has_value());
  }
}

}  // namespace
}  // namespace ternfab
