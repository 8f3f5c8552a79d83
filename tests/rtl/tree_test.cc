// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "Vunit_bench.h"
#include "codegen/adder_tree.h"
#include "tests/rtl/tree_units.h"

namespace ternfab {
namespace {

constexpr int kLanes = 80;

struct Operands {
  std::array<int, kLanes> trits{};
  std::array<int, kLanes> activations{};
};

/// Reads a sum of `bits` bits as a signed number.
int SignExtend(uint32_t value, int bits) { return int(value << (32 - bits)) >> (32 - bits); }

/// The trees of the bench beside a plain sum.
class Trees {
 public:
  /// One cycle with `operands`, or with noise and no enable.
  void Step(const Operands* operands) {
    Drive(operands);
    bench_->clk_i = 0;
    bench_->eval();
    bench_->clk_i = 1;
    bench_->eval();
    history_.push_front(operands ? std::optional<Operands>(*operands) : std::nullopt);
    if (history_.size() > 16) history_.pop_back();
    ++cycle_;
    for (size_t t = 0; t < kTestTrees.size(); ++t) Check(t);
  }
  void Drain() {
    for (int i = 0; i < 12; ++i) Step(nullptr);
  }
  /// For the test of the checker: expect this much more of each sum.
  void set_fault(int fault) { fault_ = fault; }
  int mismatches() const { return mismatches_; }
  int checked() const { return checked_; }

 private:
  void Drive(const Operands* operands) {
    bench_->tree_en_i = operands != nullptr;
    for (int lane = 0; lane < kLanes; ++lane) {
      const int trit = operands ? operands->trits[size_t(lane)] : int(noise_() % 3) - 1;
      const int act = operands ? operands->activations[size_t(lane)] : int(noise_());
      SetByte(bench_->tree_pass_i.data(), lane, trit != 0 ? 0xff : 0);
      SetByte(bench_->tree_neg_i.data(), lane, trit < 0 ? 0xff : 0);
      SetByte(bench_->tree_act_i.data(), lane, act);
    }
  }
  static void SetByte(uint32_t* words, int byte, int value) {
    std::memcpy(reinterpret_cast<uint8_t*>(words) + byte, &value, 1);
  }

  uint32_t RawSum(size_t tree) const {
    const std::array<uint32_t, kTestTrees.size()> sums = {
        bench_->tree_sum_l1_o,   bench_->tree_sum_l2_o,   bench_->tree_sum_l3_o,
        bench_->tree_sum_l5_o,   bench_->tree_sum_l20_o,  bench_->tree_sum_l33_o,
        bench_->tree_sum_l40_o,  bench_->tree_sum_l64_o,  bench_->tree_sum_l80_o,
        bench_->tree_lut6_l1_o,  bench_->tree_lut6_l2_o,  bench_->tree_lut6_l3_o,
        bench_->tree_lut6_l33_o, bench_->tree_lut6_l40_o, bench_->tree_lut6_l64_o,
        bench_->tree_lut6_l80_o};
    return sums[tree];
  }

  void Check(size_t t) {
    const auto [lanes, pipeline, kind] = kTestTrees[t];
    const int latency = AdderTreeLatency(lanes, pipeline);
    if (cycle_ < 16) return;  // what the pipelines held before the first cycle
    const bool valid = (bench_->tree_valid_o >> t & 1) != 0;
    const std::optional<Operands>& operands = history_[size_t(latency - 1)];
    ASSERT_EQ(valid, operands.has_value()) << "tree " << t << ", cycle " << cycle_;
    if (!valid) return;
    int expected = fault_;
    for (int j = 0; j < lanes; ++j) {
      expected += operands->trits[size_t(j)] * operands->activations[size_t(j)];
    }
    const int sum = SignExtend(RawSum(t), AdderTreeSumBits(lanes));
    ++checked_;
    if (sum == expected) return;
    ++mismatches_;
    if (fault_ == 0) ADD_FAILURE() << "tree " << t << ": " << sum << ", must be " << expected;
  }

  std::unique_ptr<Vunit_bench> bench_ = std::make_unique<Vunit_bench>();
  std::deque<std::optional<Operands>> history_;
  std::mt19937 noise_{1};
  int cycle_ = 0, fault_ = 0, mismatches_ = 0, checked_ = 0;
};

TEST(TreeRtl, OneLaneAtATime) {
  Trees trees;
  trees.Drain();
  trees.Drain();
  for (int lane = 0; lane < kLanes; ++lane) {
    for (const int trit : {1, -1}) {
      for (const int activation : {-128, -1, 1, 127}) {
        Operands operands;
        operands.trits[size_t(lane)] = trit;
        operands.activations[size_t(lane)] = activation;
        trees.Step(&operands);
        // The other way round: a trit in one lane, activations in all.
        operands.activations.fill(activation);
        trees.Step(&operands);
      }
    }
  }
  trees.Drain();
  EXPECT_EQ(trees.checked(), kLanes * 16 * int(kTestTrees.size()));
}

TEST(TreeRtl, AllLanesAtTheExtremes) {
  Trees trees;
  trees.Drain();
  trees.Drain();
  for (const int trit : {-1, 0, 1}) {
    for (const int activation : {-128, -127, -1, 0, 1, 127}) {
      Operands operands;
      operands.trits.fill(trit);
      operands.activations.fill(activation);
      for (int repeat = 0; repeat < 3; ++repeat) trees.Step(&operands);
      trees.Step(nullptr);
    }
  }
  trees.Drain();
}

Operands RandomOperands(std::mt19937& random) {
  Operands operands;
  const bool extreme = random() % 4 == 0;
  for (int j = 0; j < kLanes; ++j) {
    operands.trits[size_t(j)] = int(random() % 3) - 1;
    operands.activations[size_t(j)] =
        extreme ? (random() % 2 == 0 ? -128 : 127) : int(random() % 256) - 128;
  }
  return operands;
}

TEST(TreeRtl, RandomOperandsWithIdleCycles) {
  Trees trees;
  trees.Drain();
  trees.Drain();
  std::mt19937 random(7);
  for (int i = 0; i < 5000; ++i) {
    const Operands operands = RandomOperands(random);
    trees.Step(i > 2500 && random() % 2 == 0 ? nullptr : &operands);
  }
  trees.Drain();
}

TEST(TreeRtl, TheCheckerSeesAWrongSum) {
  Trees trees;
  trees.Drain();
  trees.Drain();
  trees.set_fault(1);
  std::mt19937 random(8);
  const Operands operands = RandomOperands(random);
  trees.Step(&operands);
  trees.Drain();
  EXPECT_EQ(trees.mismatches(), int(kTestTrees.size()));
}

}  // namespace
}  // namespace ternfab
