// SPDX-License-Identifier: Apache-2.0
#include "codegen/adder_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "tests/codegen/tree_evaluator.h"

namespace ternfab {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(AdderTree, LatencyIsLevelsOverPipeline) {
  const std::vector<std::pair<int, int>> levels = {{1, 1},   {2, 1},   {3, 2},  {4, 2},  {5, 3},
                                                   {8, 3},   {9, 4},   {64, 6}, {65, 7}, {80, 7},
                                                   {128, 7}, {129, 8}, {512, 9}};
  for (const auto& [lanes, count] : levels) {
    EXPECT_EQ(AdderTreeLevels(lanes), count) << lanes;
    EXPECT_EQ(AdderTreeLatency(lanes, 1), count) << lanes;
  }
  EXPECT_EQ(AdderTreeLatency(80, 2), 4);
  EXPECT_EQ(AdderTreeLatency(80, 3), 3);
  EXPECT_EQ(AdderTreeLatency(80, 4), 2);
  EXPECT_EQ(AdderTreeLatency(80, 7), 1);
  EXPECT_EQ(AdderTreeLatency(64, 4), 2);
}

TEST(AdderTree, SumHoldsEveryLaneAtItsExtreme) {
  for (int lanes = 1; lanes <= kMaxTreeLanes; ++lanes) {
    const int64_t top = int64_t{1} << (AdderTreeSumBits(lanes) - 1);
    EXPECT_GT(top, 128 * lanes) << lanes;
    EXPECT_LE(top / 2, 128 * lanes) << lanes;
  }
}

TEST(AdderTree, SameBytesTwice) {
  for (const int lanes : {1, 20, 80, 257, 512}) {
    EXPECT_EQ(EmitAdderTree(lanes, 2, "// x\n"), EmitAdderTree(lanes, 2, "// x\n"));
  }
  EXPECT_NE(EmitAdderTree(80, 1, ""), EmitAdderTree(80, 2, ""));
}

TEST(AdderTree, TextForItsReader) {
  const std::string text = EmitAdderTree(20, 1, "// banner\n");
  EXPECT_THAT(text, StartsWith("// banner\n"));
  EXPECT_THAT(text, HasSubstr("module tf_tree_l20 ("));
  EXPECT_THAT(text, HasSubstr("// ---- Level 1: 5 nodes"));
  EXPECT_THAT(text, HasSubstr("logic [9:0] l1_n03_q;  // 4 lanes: 512 + [-512, 511]"));
  EXPECT_THAT(text, HasSubstr("// [-2560, 2560]"));
}

int64_t Dot(const std::vector<int>& a, const std::vector<int>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), int64_t{0});
}

/// Extremes, one lane at a time, random lanes.
void CheckTree(int lanes, int pipeline) {
  SCOPED_TRACE(::testing::Message() << lanes << " lanes, pipeline " << pipeline);
  TreeEvaluator tree(EmitAdderTree(lanes, pipeline, ""));
  const size_t n = size_t(lanes);
  const auto check = [&](const std::vector<int>& trits, const std::vector<int>& activations) {
    ASSERT_EQ(tree.Evaluate(trits, activations), Dot(trits, activations));
  };
  for (const int trit : {-1, 0, 1}) {
    for (const int activation : {-128, 127}) {
      check(std::vector<int>(n, trit), std::vector<int>(n, activation));
    }
  }
  std::mt19937 random{unsigned(lanes)};
  std::vector<int> trits(n), activations(n);
  for (size_t j = 0; j < n; ++j) {
    trits[j] = int(random() % 3) - 1;
    activations[j] = int(random() % 256) - 128;
  }
  check(trits, activations);
  for (size_t j = 0; j < n; j += 1 + n / 24) {
    std::vector<int> one(n, 0);
    one[j] = -1;
    check(one, activations);
    one[j] = 1;
    check(one, activations);
  }
}

TEST(AdderTree, AnyNumberOfLanes) {
  for (int lanes = 1; lanes <= kMaxTreeLanes; lanes += lanes < 100 ? 1 : 7) {
    CheckTree(lanes, 1 + lanes % 4);
    if (HasFatalFailure()) return;
  }
  for (const int lanes : {128, 160, 255, 256, 257, 320, 511, 512}) CheckTree(lanes, 1);
}

TEST(AdderTree, TheEvaluatorSeesAMissingLane) {
  std::string text = EmitAdderTree(5, 1, "");
  const std::string lane = "9'(gated[23:16])";
  ASSERT_NE(text.find(lane), std::string::npos);
  text.replace(text.find(lane), lane.size(), "9'(gated[7:0])");
  TreeEvaluator tree(text);
  EXPECT_NE(tree.Evaluate({0, 0, 1, 0, 0}, {1, 1, 1, 1, 1}), 1);
}

}  // namespace
}  // namespace ternfab
