// SPDX-License-Identifier: Apache-2.0
// Synthesises every preset with its own script, module by module: minutes each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codegen/devices.h"
#include "tests/codegen/cell_counts.h"
#include "tests/codegen/design_folder.h"

namespace ternfab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Resources : public ::testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Presets, Resources,
                         ::testing::Values("nano", "arty-a7-35t", "kv260", "kv260-lut6",
                                           "kv260-int8", "kv260-table"),
                         [](const auto& info) {
                           std::string name = info.param;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

TEST_P(Resources, MemoriesAreRamAndTheDesignFits) {
  const Expected<HardwareSpec> spec = FindSpec(GetParam());
  ASSERT_TRUE(spec);
  const DesignFolder d(*spec);
  ASSERT_EQ(d.Run("yosys -q -l synth.log scripts/synth.ys"), 0) << d.log();
  const SynthesisLog log =
      ReadSynthesisLog(ReadAll(d.scratch.path() / "d/synth.log"), d.signature.top);
  EXPECT_THAT(log.unmapped, IsEmpty());
  EXPECT_THAT(log.register_files, IsEmpty());
  EXPECT_GE(log.memories, int(d.signature.memories.size()));
  const Device& device = *FindDevice(spec->device);
  EXPECT_LE(log.total.lut, device.lut);
  EXPECT_LE(log.total.ff, device.ff);
  EXPECT_LE(log.total.dsp, device.dsp);
  EXPECT_LE(log.total.bram36, device.bram36);
  EXPECT_LE(log.total.uram, device.uram);
  RecordProperty("lut", int(log.total.lut));
  fmt::print("{} on {}: LUT {} of {}, FF {} of {}, DSP {} of {}, BRAM36 {} of {}, URAM {} of {}\n",
             GetParam(), device.part, log.total.lut, device.lut, log.total.ff, device.ff,
             log.total.dsp, device.dsp, log.total.bram36, device.bram36, log.total.uram,
             device.uram);
}

/// A memory with a reset of all its words can only be registers: the check sees it.
TEST(ResourcesChecker, SeesRegisterFiles) {
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
  ASSERT_EQ(scratch.Run("yosys -q -l synth.log -p 'read_verilog -sv m.sv; "
                        "synth_xilinx -noiopad -noclkbuf -top m; stat'"),
            0)
      << scratch.log();
  const SynthesisLog log = ReadSynthesisLog(ReadAll(scratch.path() / "synth.log"), "m");
  EXPECT_THAT(log.register_files, ElementsAre(HasSubstr("mem_q")));
  EXPECT_EQ(log.memories, 1);
  EXPECT_THAT(log.unmapped, IsEmpty());
  EXPECT_GE(log.total.ff, 128);
  EXPECT_GE(log.total.lut, 4);
}

}  // namespace
}  // namespace ternfab
