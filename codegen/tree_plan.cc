// SPDX-License-Identifier: Apache-2.0
#include "codegen/tree_plan.h"

#include <fmt/format.h>

#include "common/check.h"
#include "common/integer.h"

namespace ternfab {
namespace {

/// First and second leaves of the adders of level 0, in their order; an odd last leaf is in
/// neither.
struct LeafPairs {
  std::vector<int> first, second;
};

LeafPairs PairLeaves(int leaves) {
  LeafPairs pairs;
  const auto add = [&pairs](int leaf) {
    pairs.first.push_back(leaf);
    pairs.second.push_back(leaf + 1);
  };
  const int quads = leaves / 4 * 4;
  for (int leaf = 0; leaf < quads; leaf += 4) add(leaf);
  for (int leaf = 2; leaf < quads; leaf += 4) add(leaf);
  if (leaves % 4 >= 2) add(quads);
  return pairs;
}

class Planner {
 public:
  Planner(const std::vector<TreeLeaf>& leaves, int pipeline)
      : leaves_(int(leaves.size())), pipeline_(pipeline) {
    const LeafPairs pairs = PairLeaves(leaves_);
    for (const int leaf : pairs.first) AddLeaf(leaf, leaves[size_t(leaf)]);
    for (const int leaf : pairs.second) AddLeaf(leaf, leaves[size_t(leaf)]);
    if (leaves_ % 2 == 1) AddLeaf(leaves_ - 1, leaves.back());
    const int count = TreeLevels(leaves_);
    for (int index = 0; index < count; ++index) AddLevel(index, index + 1 == count);
    TF_CHECK(nodes_.size() == 1 && carries_.empty(), "{} leaves: {} nodes, {} carries left",
             leaves_, nodes_.size(), carries_.size());
    int lanes = 0;
    for (const TreeLeaf& leaf : leaves) lanes += leaf.lanes;
    TF_CHECK(nodes_[0].lanes == lanes, "{} of {} lanes", nodes_[0].lanes, lanes);
  }

  TreePlan Result() { return {std::move(levels_), nodes_[0]}; }

 private:
  void AddLeaf(int index, const TreeLeaf& leaf) {
    const bool last = index == leaves_ - 1;
    nodes_.push_back({leaf.name, leaf.lanes, leaf.offset, last, index});
    if (!last) carries_.push_back({index, leaf.carry});
  }

  std::string NodeName(const TreeLevel& level, size_t n) const {
    return fmt::format("l{}_n{:0{}}{}", level.index, n, leaves_ > 200 ? 3 : 2,
                       level.registered ? "_q" : "");
  }

  void AddLevel(int index, bool last) {
    TreeLevel level;
    level.index = index;
    level.registered = last || (index + 1) % pipeline_ == 0;
    const size_t half = nodes_.size() / 2;
    TF_CHECK(carries_.size() >= half, "level {}: {} carries", index, carries_.size());
    std::vector<TreeNode> sums;
    for (size_t k = 0; k < half; ++k) {
      const TreeNode &a = nodes_[k], &b = nodes_[k + half];
      const TreeNode sum{NodeName(level, k), a.lanes + b.lanes, a.offset + b.offset,
                         a.exact || b.exact, -1};
      // The first operand also feeds the carry multiplexers: an exact leaf is there already, a gate
      // would be built a second time.
      const bool swap = b.leaf >= 0 && b.exact;
      level.adders.push_back(swap ? TreeAdder{sum, b, a, carries_[k]}
                                  : TreeAdder{sum, a, b, carries_[k]});
      sums.push_back(sum);
    }
    if (nodes_.size() % 2 == 1) {
      TreeNode node = nodes_.back();
      level.passes.push_back(node);
      node.leaf = -1;
      node.name = NodeName(level, half);
      level.passed.push_back(node);
      sums.push_back(node);
    }
    nodes_ = sums;
    DelayCarries(level, half);
    levels_.push_back(level);
  }

  /// The carries behind the first `used` go on to the next level.
  void DelayCarries(TreeLevel& level, size_t used) {
    carries_.erase(carries_.begin(), carries_.begin() + ptrdiff_t(used));
    if (!level.registered) return;
    level.delays = carries_;
    for (TreeCarry& carry : carries_) {
      carry.name = fmt::format("l{}_neg{:0{}}_q", level.index, carry.leaf, leaves_ > 100 ? 3 : 2);
    }
    level.delayed = carries_;
  }

  int leaves_, pipeline_;
  std::vector<TreeNode> nodes_;
  std::vector<TreeCarry> carries_;
  std::vector<TreeLevel> levels_;
};

}  // namespace

std::string TreeNode::Range() const {
  return fmt::format("{} {}: {} + [{}, {}]", lanes, lanes == 1 ? "lane" : "lanes", offset,
                     -kLaneMax * lanes, max() - offset);
}

std::string TreeLevel::Unregistered(const std::string& name) {
  return name.ends_with("_q") ? name.substr(0, name.size() - 2) : name;
}

int TreeLevels(int leaves) { return BitsFor(leaves); }

int TreeLatency(int leaves, int pipeline) { return int(CeilDiv(TreeLevels(leaves), pipeline)); }

TreePlan PlanTree(const std::vector<TreeLeaf>& leaves, int pipeline) {
  return Planner(leaves, pipeline).Result();
}

}  // namespace ternfab
