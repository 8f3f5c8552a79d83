// SPDX-License-Identifier: Apache-2.0
// LUTs a lane of the engines' trees, mapped by Yosys to Xilinx 7 series (docs/engines.md).
#include <gtest/gtest.h>

#include <fstream>

#include "codegen/adder_tree.h"
#include "tests/codegen/design_folder.h"
#include "tests/codegen/xc7_resources.h"

namespace ternfab {
namespace {

const std::string kRtl = TF_SOURCE_DIR "/rtl/";
const std::string kPrimitives = kRtl + "tf_lut6_2.sv " + kRtl + "tf_carry4.sv ";

/// Cells of the tree.
Resources Synthesise(int lanes, EngineKind kind) {
  const ScratchFolder scratch;
  const std::string module = AdderTreeModule(lanes, kind);
  std::ofstream(scratch.path() / "tree.sv") << EmitAdderTree(lanes, 1, "", kind);
  std::string pairs;
  if (kind == EngineKind::kAdderTreeLut6) {
    pairs = kPrimitives + kRtl + "tf_lut6_exact.sv " + kRtl + "tf_lut6_pair.sv " + kRtl +
            "tf_lut6_last.sv";
  }
  return Xc7Resources(scratch.path(), "read_verilog -sv " + pairs + " tree.sv", module);
}

void ExpectLutsPerLane(EngineKind kind, double at64, double at80) {
  const Resources of64 = Synthesise(64, kind), of80 = Synthesise(80, kind);
  ::testing::Test::RecordProperty("lut_per_lane_64", std::to_string(of64.lut / 64));
  ::testing::Test::RecordProperty("lut_per_lane_80", std::to_string(of80.lut / 80));
  fmt::print("LUTs a lane: {:.2f} at 64, {:.2f} at 80; flip-flops a lane: {:.2f}, {:.2f}\n",
             of64.lut / 64, of80.lut / 80, of64.ff / 64, of80.ff / 80);
  EXPECT_GT(of64.lut, 8 * 64) << "fewer LUTs than the adders alone: not the tree";
  EXPECT_GT(of64.ff, 64 * 5);
  EXPECT_LE(of64.lut / 64, at64) << of64.lut;
  EXPECT_LE(of80.lut / 80, at80) << of80.lut;
  EXPECT_GT(of80.lut, of64.lut);
}

TEST(AdderTreeArea, Portable) { ExpectLutsPerLane(EngineKind::kAdderTree, 13.0, 13.3); }
TEST(AdderTreeArea, Lut6) { ExpectLutsPerLane(EngineKind::kAdderTreeLut6, 9.5, 9.5); }

/// The sums of pairs in the vendor's cells, as Yosys describes them, proved for every operand.
constexpr const char* kProof = R"(
module prove (
  input  logic [7:0] a, b,
  input  logic       a_pass, a_neg, b_pass, b_neg, carry,
  output logic       right
);
  logic [8:0] pair;
  logic [9:0] last, a_value, b_value, sum;
  tf_lut6_pair #(.Primitives(1)) u_pair (
    .a_i(a), .a_pass_i({8{a_pass}}), .a_neg_i({8{a_neg & a_pass}}),
    .b_i(b), .b_pass_i({8{b_pass}}), .b_neg_i({8{b_neg & b_pass}}),
    .carry_i(carry), .sum_o(pair)
  );
  tf_lut6_last #(.Primitives(1)) u_last (
    .a_i(a), .a_pass_i({8{a_pass}}), .a_neg_i({8{a_neg & a_pass}}),
    .b_i(b), .b_pass_i({8{b_pass}}), .b_neg_i({8{b_neg & b_pass}}),
    .carry_i(carry), .sum_o(last)
  );
  assign a_value = !a_pass ? 10'd0 : a_neg ? ~{{2{a[7]}}, a} : {{2{a[7]}}, a};
  assign b_value = !b_pass ? 10'd0 : b_neg ? ~{{2{b[7]}}, b} : {{2{b[7]}}, b};
  assign sum     = a_value + b_value + 10'd256 + {9'd0, carry};
  assign right   = {1'b0, pair} == sum && last == sum + {9'd0, b_neg & b_pass};
endmodule
)";

/// Runs the proof on tf_lut6_pair.sv after `edit` (of sed); returns Yosys' exit status.
int Prove(const ScratchFolder& scratch, const std::string& edit) {
  std::ofstream(scratch.path() / "prove.sv") << kProof;
  const std::string script = "read_verilog -sv " + kPrimitives + kRtl + "tf_lut6_exact.sv " + kRtl +
                             "tf_lut6_last.sv pair.sv prove.sv; "
                             "read_verilog +/xilinx/cells_sim.v; hierarchy -check -top prove; "
                             "select -assert-min 1 */t:*LUT6_2*; select -assert-min 1 */t:CARRY4; "
                             "proc; flatten; opt; sat -verify -prove right 1 prove";
  return scratch.Run("sed '" + edit + "' '" + kRtl + "tf_lut6_pair.sv' >pair.sv && yosys -q -p '" +
                     script + "'");
}

TEST(Lut6Pairs, AddInTheVendorsCells) {
  const ScratchFolder scratch;
  EXPECT_EQ(Prove(scratch, ""), 0) << scratch.log();
}

TEST(Lut6Pairs, TheProofSeesAWrongTable) {
  const ScratchFolder scratch;
  EXPECT_NE(Prove(scratch, "s/78878778/78878779/"), 0);
  EXPECT_NE(scratch.log().find("proof did fail"), std::string::npos) << scratch.log();
}

}  // namespace
}  // namespace ternfab
