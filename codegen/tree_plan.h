// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

// What each adder of a generated tree adds, decided before a line is written (adder_tree.h says
// how the trees work).

namespace ternfab {

/// Greatest magnitude of trit * activation.
inline constexpr int kLaneMax = 128;

/// A value in the tree, an unsigned number: `offset` + the sum of its lanes. Lanes that still owe
/// the +1 of a negation keep it below its greatest value.
struct TreeNode {
  std::string name;
  int lanes = 0;
  int64_t offset = 0;
  bool exact = false;  ///< no lane owes a +1
  int leaf = -1;       ///< its number, where it is one

  int64_t max() const { return offset + kLaneMax * lanes - (exact ? 0 : 1); }
  int width() const { return int(std::bit_width(uint64_t(max()))); }
  /// "4 lanes: 512 + [-512, 511]".
  std::string Range() const;
};

/// The +1 of a negated leaf on its way to an adder.
struct TreeCarry {
  int leaf = 0;
  std::string name;
};

struct TreeAdder {
  TreeNode sum, a, b;
  TreeCarry carry;
};

/// One level of adders and what passes it by.
struct TreeLevel {
  int index = 0;
  bool registered = false;
  std::vector<TreeAdder> adders;
  std::vector<TreeNode> passed;    ///< none or the odd node, as it leaves the level
  std::vector<TreeNode> passes;    ///< as it enters
  std::vector<TreeCarry> delayed;  ///< as they leave
  std::vector<TreeCarry> delays;   ///< as they enter

  /// Name of an adder's sum before the level's register; without one, the node's own name.
  static std::string Unregistered(const std::string& name);
};

/// An operand of the tree. All but the last one owe a +1 where `carry` is one.
struct TreeLeaf {
  std::string name;
  int lanes = 1;
  int64_t offset = kLaneMax;
  std::string carry;  ///< unused for the last leaf
};

struct TreePlan {
  std::vector<TreeLevel> levels;
  TreeNode root;
};

/// Levels of adders of a tree with so many leaves: ceil(log2(leaves)), at least 1.
int TreeLevels(int leaves);

/// Registers between the leaves and the root: ceil(levels / pipeline).
int TreeLatency(int leaves, int pipeline);

/// `pipeline` is the number of levels between two registers; there is always one behind the last.
TreePlan PlanTree(const std::vector<TreeLeaf>& leaves, int pipeline);

}  // namespace ternfab
