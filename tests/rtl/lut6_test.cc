// SPDX-License-Identifier: Apache-2.0
// The pairs of lanes in Xilinx primitives: every operand, primitives and arithmetic alike.
#include <gtest/gtest.h>

#include "Vunit_bench.h"

namespace ternfab {
namespace {

constexpr int kZero = 0b00, kPlus = 0b01, kMinus = 0b11;  // {neg, pass}

/// A gated lane without the +1 of its negation.
int Gated(int trit, int activation) {
  return trit == kZero ? 0 : trit == kPlus ? activation : ~activation;
}

/// Wrong sums of one of the bench's outputs.
struct Wrong {
  int pair_words = 0, pair = 0, last_words = 0, last = 0;
};

/// Every activation of both lanes with the trits `a`, `b`; `excess` is added to what is expected.
void CheckTrits(Vunit_bench& bench, int a, int b, int carry, int excess, Wrong& wrong) {
  bench.lut6_i = uint8_t(a | b << 2 | carry << 4);
  for (int x = -128; x < 128; ++x) {
    for (int y = -128; y < 128; ++y) {
      bench.lut6_a_i = uint8_t(x);
      bench.lut6_b_i = uint8_t(y);
      bench.eval();
      const int pair = 256 + Gated(a, x) + Gated(b, y) + carry + excess;
      const int last = pair + (b == kMinus ? 1 : 0);
      wrong.pair_words += bench.lut6_pair_words_o != pair;
      wrong.pair += bench.lut6_pair_o != pair;
      wrong.last_words += bench.lut6_last_words_o != last;
      wrong.last += bench.lut6_last_o != last;
    }
  }
}

TEST(Lut6, EverySumIsRightInPrimitivesAndInWords) {
  Vunit_bench bench;
  Wrong wrong;
  for (const int a : {kZero, kPlus, kMinus}) {
    for (const int b : {kZero, kPlus, kMinus}) {
      for (const int carry : {0, 1}) CheckTrits(bench, a, b, carry, 0, wrong);
    }
  }
  EXPECT_EQ(wrong.pair_words, 0);
  EXPECT_EQ(wrong.pair, 0);
  EXPECT_EQ(wrong.last_words, 0);
  EXPECT_EQ(wrong.last, 0);
}

TEST(Lut6, TheCheckSeesWrongSums) {
  Vunit_bench bench;
  Wrong wrong;
  CheckTrits(bench, kMinus, kPlus, 1, 1, wrong);
  EXPECT_EQ(wrong.pair_words, 65536);
  EXPECT_EQ(wrong.pair, 65536);
  EXPECT_EQ(wrong.last_words, 65536);
  EXPECT_EQ(wrong.last, 65536);
}

}  // namespace
}  // namespace ternfab
