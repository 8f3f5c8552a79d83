// SPDX-License-Identifier: Apache-2.0
#include "sim/area/area.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "sim/area/rtlil.h"
#include "sim/area/synthesis_jobs.h"
#include "sim/area/synthesis_log.h"
#include "sim/area/yosys.h"
#include "tests/codegen/design_folder.h"

namespace ternfab {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Two sets of parameters of one module, one of them twice, below a top with an adder.
constexpr const char* kDesign =
    "module leaf #(parameter int W = 4) (input logic clk_i, input logic [W-1:0] a_i,\n"
    "             output logic [W-1:0] q_o);\n"
    "  always_ff @(posedge clk_i) q_o <= a_i ^ {a_i[0], a_i[W-1:1]};\n"
    "endmodule\n"
    "module top (input logic clk_i, input logic [7:0] a_i, b_i, output logic [7:0] s_o,\n"
    "            output logic [3:0] t_o);\n"
    "  logic [7:0] a, b;\n"
    "  leaf #(8) u_a (.clk_i, .a_i(a_i), .q_o(a));\n"
    "  leaf #(8) u_b (.clk_i, .a_i(b_i), .q_o(b));\n"
    "  leaf u_c (.clk_i, .a_i(a_i[3:0]), .q_o(t_o));\n"
    "  assign s_o = a + b;\n"
    "endmodule\n";

std::vector<RtlilModule> SplitDesign(const ScratchFolder& scratch, const std::string& before,
                                     const std::string& source) {
  std::ofstream(scratch.path() / "m.sv") << before + source;
  const auto log = RunYosys(scratch.path(),
                            "read_verilog -sv m.sv\nhierarchy -check -top top\nwrite_rtlil m.il");
  EXPECT_TRUE(log) << log.error().message;
  return SplitRtlil(ReadAll(scratch.path() / "m.il"));
}

const RtlilModule* Find(const std::vector<RtlilModule>& modules, const std::string& module,
                        const std::string& parameters) {
  for (const RtlilModule& m : modules) {
    if (m.module == module && m.parameters == parameters) return &m;
  }
  return nullptr;
}

SynthesisTool Tool(const ScratchFolder& scratch) {
  return {"synth_xilinx -family xc7 -noiopad -noclkbuf -top batch", "test",
          (scratch.path() / "cache").string(), "xc7"};
}

TEST(Rtlil, OneModuleForEachSetOfParameters) {
  const ScratchFolder scratch;
  const std::vector<RtlilModule> modules = SplitDesign(scratch, "", kDesign);
  ASSERT_EQ(modules.size(), 3u);
  const RtlilModule* of8 = Find(modules, "leaf", "W=8");
  const RtlilModule* top = Find(modules, "top", "");
  ASSERT_TRUE(of8 && top);
  EXPECT_EQ(top->instances.at(of8->name), 2);
  EXPECT_EQ(top->instances.size(), 2u);
  EXPECT_THAT(of8->instances, IsEmpty());
}

TEST(Rtlil, TextIsThatOfTheModuleAlone) {
  const ScratchFolder scratch;
  const std::string other =
      "module other (input logic [3:0] a_i, b_i, output logic [3:0] y_o);\n"
      "  assign y_o = (a_i + b_i) * a_i;\nendmodule\n";
  std::string source = kDesign;
  const std::vector<RtlilModule> before = SplitDesign(scratch, "", source);
  // On the first line, so that the names with line numbers stay.
  std::string one_line = other;
  std::replace(one_line.begin(), one_line.end(), '\n', ' ');
  const std::vector<RtlilModule> after = SplitDesign(scratch, one_line, source);
  ASSERT_TRUE(Find(before, "top", "") && Find(after, "top", ""));
  EXPECT_EQ(Find(before, "top", "")->text, Find(after, "top", "")->text);
  EXPECT_EQ(Find(before, "leaf", "W=8")->text, Find(after, "leaf", "W=8")->text);
  EXPECT_NE(Find(before, "leaf", "W=8")->text, Find(before, "leaf", "W=4")->text);
}

TEST(ModuleSynthesis, AddsUpToTheWholeDesign) {
  const ScratchFolder scratch;
  const std::vector<RtlilModule> modules = SplitDesign(scratch, "", kDesign);
  int64_t done = 0, all = 0;
  const auto results =
      SynthesiseAll(modules, Tool(scratch), 2, [&](int64_t d, int64_t a) { done = d, all = a; });
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_GT(all, 0);
  EXPECT_EQ(done, all);
  double ff = 0, carry = 0;
  for (size_t i = 0; i < modules.size(); ++i) {
    EXPECT_THAT((*results)[i].unmapped, IsEmpty());
    ff += (*results)[i].own.ff * (modules[i].parameters == "W=8" ? 2 : 1);
    carry += (*results)[i].own.carry;
  }
  EXPECT_EQ(ff, 8 + 8 + 4);
  EXPECT_EQ(carry, 2);  // 8 bits
}

TEST(ModuleSynthesis, SecondTimeFromTheCache) {
  const ScratchFolder scratch;
  const std::vector<RtlilModule> modules = SplitDesign(scratch, "", kDesign);
  const SynthesisTool tool = Tool(scratch);
  const auto quiet = [](int64_t, int64_t) {};
  const auto first = SynthesiseAll(modules, tool, 1, quiet);
  ASSERT_TRUE(first) << first.error().message;
  // Nothing is left to do: no progress is told.
  const auto second =
      SynthesiseAll(modules, tool, 1, [](int64_t, int64_t) { ADD_FAILURE() << "synthesised"; });
  ASSERT_TRUE(second);
  for (size_t i = 0; i < modules.size(); ++i) {
    EXPECT_EQ((*second)[i].own, (*first)[i].own);
    EXPECT_EQ((*second)[i].path, (*first)[i].path);
  }
  // What is no result counts as none.
  const RtlilModule& leaf = *Find(modules, "leaf", "W=8");
  std::ofstream(std::filesystem::path(tool.cache) / (SynthesisKey(leaf, tool) + ".json")) << "{";
  EXPECT_FALSE(FindSynthesis(leaf, tool));
}

TEST(ModuleSynthesis, AnotherCommandIsAnotherResult) {
  const ScratchFolder scratch;
  const std::vector<RtlilModule> modules = SplitDesign(scratch, "", kDesign);
  SynthesisTool tool = Tool(scratch);
  tool.command = "no_such_command";
  const RtlilModule* leaf = Find(modules, "leaf", "W=8");
  EXPECT_NE(SynthesisKey(*leaf, tool), SynthesisKey(*leaf, Tool(scratch)));
  const auto failed = Synthesise({&leaf, 1}, tool);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, HasSubstr("leaf (W=8): yosys failed: "));
  EXPECT_THAT(failed.error().message, HasSubstr("no_such_command"));
}

TEST(Resources, CellsOfEveryFamily) {
  Resources r;
  for (const char* cell : {"LUT4", "LUT6", "SRL16E", "RAM32M", "FDRE", "CARRY4", "DSP48E1",
                           "RAMB18E1", "RAMB36E2", "URAM288", "MUXF7", "INV", "CCU2C", "TRELLIS_FF",
                           "DP16KD", "SB_LUT4", "SB_DFFER", "SB_RAM40_4K"}) {
    EXPECT_TRUE(CountCell(cell, 1, r)) << cell;
  }
  EXPECT_EQ(r.lut, 1 + 1 + 1 + 4 + 2 + 1);
  EXPECT_EQ(r.lutram, 1 + 4);
  EXPECT_EQ(r.ff, 3);
  EXPECT_EQ(r.carry, 2);
  EXPECT_EQ(r.dsp, 1);
  EXPECT_EQ(r.bram36, 0.5 + 1 + 0.5 + 1 / 9.0);
  EXPECT_EQ(r.uram, 1);
  EXPECT_FALSE(CountCell("$mem_v2", 1, r));
  EXPECT_FALSE(CountCell("tf_fifo", 1, r));
}

TEST(DeviceShare, OfNothingAndOfNone) {
  EXPECT_EQ((DeviceShare{"lut", 50, 200}).share(), 0.25);
  EXPECT_EQ((DeviceShare{"uram", 0, 0}).share(), 0);
  EXPECT_TRUE(std::isinf((DeviceShare{"dsp", 1, 0}).share()));
}

}  // namespace
}  // namespace ternfab
