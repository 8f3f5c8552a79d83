// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>

#include "codegen/adder_tree.h"
#include "tests/codegen/cell_counts.h"
#include "tests/codegen/design_folder.h"

namespace ternfab {
namespace {

/// Cells of the tree after Yosys' mapping to Xilinx 7 series; fails where Yosys does.
CellCounts Synthesise(int lanes) {
  const ScratchFolder scratch;
  std::ofstream(scratch.path() / "tree.sv") << EmitAdderTree(lanes, 1, "");
  const std::string module = AdderTreeModule(lanes);
  EXPECT_EQ(scratch.Run("yosys -q -l synth.log -p 'read_verilog -sv tree.sv; "
                        "synth_xilinx -family xc7 -abc9 -noiopad -top " +
                        module + "'"),
            0)
      << scratch.log();
  const SynthesisLog log = ReadSynthesisLog(ReadAll(scratch.path() / "synth.log"), module);
  EXPECT_TRUE(log.unmapped.empty()) << log.unmapped.front();
  return log.total;
}

TEST(AdderTreeArea, LutsPerLane) {
  const CellCounts of64 = Synthesise(64), of80 = Synthesise(80);
  RecordProperty("lut_per_lane_64", std::to_string(of64.lut / 64));
  RecordProperty("lut_per_lane_80", std::to_string(of80.lut / 80));
  EXPECT_GT(of64.lut, 8 * 64) << "fewer LUTs than gates: not the tree";
  EXPECT_GT(of64.ff, 64 * 5);
  EXPECT_LE(of64.lut / 64, 13.0) << of64.lut;
  EXPECT_LE(of80.lut / 80, 13.3) << of80.lut;
  EXPECT_GT(of80.lut, of64.lut);
}

}  // namespace
}  // namespace ternfab
