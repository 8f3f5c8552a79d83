// SPDX-License-Identifier: Apache-2.0
// Cells of the engines that are no adder trees, mapped by Yosys to Xilinx 7 series: the limits of
// docs/engines.md.
#include <gtest/gtest.h>

#include <fstream>

#include "codegen/table_tree.h"
#include "tests/codegen/design_folder.h"
#include "tests/codegen/xc7_resources.h"

namespace ternfab {
namespace {

const std::string kRtl = TF_SOURCE_DIR "/rtl/";

/// Cells of `module` of `files`, with `Lanes` = lanes where it has that parameter (lanes > 0).
Resources Synthesise(const ScratchFolder& scratch, const std::string& files,
                     const std::string& module, int lanes) {
  std::string read = "read_verilog -sv " + files;
  if (lanes > 0) read += fmt::format("\nchparam -set Lanes {} {}", lanes, module);
  const Resources total = Xc7Resources(scratch.path(), read, module);
  fmt::print("{} of {} lanes: {} LUT, {} FF, {} DSP\n", module, lanes, total.lut, total.ff,
             total.dsp);
  return total;
}

TEST(EngineArea, TableLookUpAndTree) {
  for (const int lanes : {64, 80}) {
    const ScratchFolder scratch;
    std::ofstream(scratch.path() / "tree.sv") << EmitTableTree(lanes, 1, "");
    const Resources cells =
        Synthesise(scratch, kRtl + "tf_triple_select.sv tree.sv", TableTreeModule(lanes), 0);
    EXPECT_LE(cells.lut / lanes, 28.5) << lanes;
    EXPECT_GT(cells.lut / lanes, 13.3) << "fewer LUTs than 4 a bit of the multiplexers";
  }
}

TEST(EngineArea, TablesAndNumbers) {
  const ScratchFolder scratch;
  const Resources tables =
      Synthesise(scratch, kRtl + "tf_triple_tables.sv", "tf_triple_tables", 80);
  EXPECT_LE(tables.lut / 80, 28.0);
  EXPECT_GT(tables.ff / 80, 40.0) << "a table is 118 bits of 3 lanes";
  const Resources index = Synthesise(scratch, kRtl + "tf_triple_index.sv", "tf_triple_index", 80);
  EXPECT_LE(index.lut / 80, 2.5);
}

TEST(EngineArea, Int8MultipliersAreDspBlocks) {
  for (const int lanes : {16, 64}) {
    const ScratchFolder scratch;
    const Resources cells = Synthesise(scratch, kRtl + "tf_int_tree.sv " + kRtl + "tf_int8_mac.sv",
                                       "tf_int8_mac", lanes);
    EXPECT_EQ(cells.dsp, lanes);
    EXPECT_LE(cells.lut / lanes, 18.5) << lanes;
  }
}

}  // namespace
}  // namespace ternfab
