// SPDX-License-Identifier: Apache-2.0
// Memories map to RAM, not registers: synthesises the modules of the smallest preset that have some
// (area_full_test.cc has every preset).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codegen/devices.h"
#include "codegen/scripts.h"
#include "sim/area/elaborate.h"
#include "sim/area/yosys.h"
#include "tests/codegen/design_folder.h"

namespace ternfab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

SynthesisTool ToolFor(const std::string& device, const ScratchFolder& scratch) {
  const Expected<std::string> version = YosysVersion();
  EXPECT_TRUE(version) << version.error().message;
  const Device& known = *FindDevice(device);
  return {YosysCommands(known, kBatchName), version.value_or(""), scratch.path().string(),
          std::string(known.family)};
}

bool HasMemory(const RtlilModule& module) {
  return module.text.find("\n  memory ") != std::string::npos;
}

TEST(Memories, OfNanoAreRam) {
  const Expected<HardwareSpec> spec = FindSpec("nano");
  ASSERT_TRUE(spec);
  const ScratchFolder scratch;
  const SynthesisTool tool = ToolFor(spec->device, scratch);
  const Expected<std::vector<RtlilModule>> modules = Elaborate(*spec, tool);
  ASSERT_TRUE(modules) << modules.error().message;
  std::vector<const RtlilModule*> with_memory;
  for (const RtlilModule& module : *modules) {
    if (HasMemory(module)) with_memory.push_back(&module);
  }
  EXPECT_GE(with_memory.size(), 3u);
  const auto results = Synthesise(with_memory, tool);
  ASSERT_TRUE(results) << results.error().message;
  for (size_t i = 0; i < with_memory.size(); ++i) {
    const std::string name = with_memory[i]->module + " " + with_memory[i]->parameters;
    EXPECT_THAT((*results)[i].unmapped, IsEmpty()) << name;
    EXPECT_THAT((*results)[i].register_files, IsEmpty()) << name;
    EXPECT_GE((*results)[i].memories, 1) << name;
  }
}

/// Pins of such a memory are wider than its block RAMs' until Yosys trims them.
TEST(Memories, NarrowAndDeepIsRam) {
  const ScratchFolder scratch;
  const SynthesisTool tool = ToolFor("xc7a35t", scratch);
  const auto elaborated =
      RunYosys(scratch.path(), "read_verilog -sv " TF_SOURCE_DIR
                               "/rtl/tf_ram_sdp.sv\n"
                               "hierarchy -top tf_ram_sdp -chparam Width 32 -chparam Depth 5632 "
                               "-chparam Latency 2\nwrite_rtlil m.il");
  ASSERT_TRUE(elaborated) << elaborated.error().message;
  const std::vector<RtlilModule> modules = SplitRtlil(ReadAll(scratch.path() / "m.il"));
  ASSERT_EQ(modules.size(), 1u);
  const RtlilModule* const module = &modules[0];
  const auto results = Synthesise({&module, 1}, tool);
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_THAT(results->front().register_files, IsEmpty());
  EXPECT_EQ(results->front().own.bram36, 6);  // 5632 words of 32 bits in blocks of 1024
}

/// A memory with two writes on one clock can only be registers: the check sees it.
TEST(Memories, TheCheckSeesRegisterFiles) {
  const ScratchFolder scratch;
  std::ofstream(scratch.path() / "m.sv")
      << "module m (input logic clk_i, rst_i, we_i, input logic [3:0] a_i, b_i,\n"
         "          input logic [7:0] d_i, output logic [7:0] q_o, output logic [7:0] r_o);\n"
         "  logic [7:0] mem_q [16];\n"
         "  always_ff @(posedge clk_i) if (we_i) begin mem_q[a_i] <= d_i; mem_q[b_i] <= ~d_i; end\n"
         "  assign q_o = mem_q[a_i];\n"
         "  logic [7:0] ram_q [64];\n"
         "  always_ff @(posedge clk_i) if (rst_i) ram_q[{2'b0, a_i}] <= d_i;\n"
         "  assign r_o = ram_q[{2'b0, b_i}];\n"
         "endmodule\n";
  const SynthesisTool tool = ToolFor("xc7a35t", scratch);
  ASSERT_TRUE(
      RunYosys(scratch.path(), "read_verilog -sv m.sv\nhierarchy -top m\nwrite_rtlil m.il"));
  const std::vector<RtlilModule> modules = SplitRtlil(ReadAll(scratch.path() / "m.il"));
  ASSERT_EQ(modules.size(), 1u);
  EXPECT_TRUE(HasMemory(modules[0]));
  const RtlilModule* const module = &modules[0];
  const auto results = Synthesise({&module, 1}, tool);
  ASSERT_TRUE(results) << results.error().message;
  const ModuleSynthesis* const result = &results->front();
  EXPECT_THAT(result->register_files, ElementsAre(HasSubstr("mem_q")));
  EXPECT_EQ(result->memories, 1);
  EXPECT_THAT(result->unmapped, IsEmpty());
  EXPECT_GE(result->own.ff, 128);
  EXPECT_GE(result->own.lutram, 4);
}

}  // namespace
}  // namespace ternfab
