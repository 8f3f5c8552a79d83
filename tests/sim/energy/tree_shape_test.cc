// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/tree_shape.h"

#include <gtest/gtest.h>

#include <regex>

#include "codegen/adder_tree.h"

namespace ternfab {
namespace {

/// By hand: four lanes, the last exact. Level 0: lanes 0+2 (255 + 255 + 1: 9 bits) and 1+3 (255 +
/// 256 + 1 = 512: 10 bits); level 1: 1024, 11 bits. The +1 of lanes 0 and 1 go into level 0, that
/// of lane 2 waits a level.
TEST(TreeShape, FourLanesByHand) {
  const TreeShape shape = TernaryTreeShape(4, 1);
  EXPECT_EQ(shape.adders, 3);
  EXPECT_EQ(shape.adder_bits, 9 + 10 + 11);
  EXPECT_EQ(shape.register_bits, 9 + 10 + 1 + 11);
  const TreeShape half = TernaryTreeShape(4, 2);
  EXPECT_EQ(half.adder_bits, shape.adder_bits);
  EXPECT_EQ(half.register_bits, 11);
}

/// What the generated SystemVerilog declares: nodes of registered levels, late carries.
int64_t DeclaredRegisterBits(int lanes, int pipeline) {
  const std::string text = EmitAdderTree(lanes, pipeline, "");
  const std::regex declaration(R"(logic (\[(\d+):0\] )?(l\d+_(n|neg)\d+_q)\s*;)");
  int64_t bits = 0;
  for (std::sregex_iterator m(text.begin(), text.end(), declaration), end; m != end; ++m) {
    bits += (*m)[2].matched ? std::stoi((*m)[2]) + 1 : 1;
  }
  return bits;
}

/// Widths of the sums of all levels, registered or not, without those that pass by.
int64_t DeclaredAdderBits(int lanes, int pipeline) {
  const std::string text = EmitAdderTree(lanes, pipeline, "");
  const std::regex declaration(R"(logic \[(\d+):0\] l\d+_n\d+(_q)?\s*;(.*))");
  int64_t bits = 0;
  for (std::sregex_iterator m(text.begin(), text.end(), declaration), end; m != end; ++m) {
    if ((*m)[3].str().find("passes by") == std::string::npos) bits += std::stoi((*m)[1]) + 1;
  }
  return bits;
}

TEST(TreeShape, IsThatOfTheGeneratedTree) {
  for (const int lanes : {2, 3, 5, 20, 33, 40, 64, 80}) {
    for (const int pipeline : {1, 2, 3}) {
      const TreeShape shape = TernaryTreeShape(lanes, pipeline);
      EXPECT_EQ(shape.adders, lanes - 1);
      EXPECT_EQ(shape.adder_bits, DeclaredAdderBits(lanes, pipeline)) << lanes << " " << pipeline;
      EXPECT_EQ(shape.register_bits, DeclaredRegisterBits(lanes, pipeline))
          << lanes << " " << pipeline;
    }
  }
}

/// Eight products of 16 bits: 4 x 17 + 2 x 18 + 19; registers behind levels 2 and 3.
TEST(TreeShape, Int8TreeByHand) {
  const TreeShape shape = Int8TreeShape(8);
  EXPECT_EQ(shape.adders, 7);
  EXPECT_EQ(shape.adder_bits, 4 * 17 + 2 * 18 + 19);
  EXPECT_EQ(shape.register_bits, 2 * 18 + 19);
}

}  // namespace
}  // namespace ternfab
