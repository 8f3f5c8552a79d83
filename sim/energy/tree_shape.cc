// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/tree_shape.h"

#include <bit>
#include <cstddef>
#include <vector>

namespace ternfab {
namespace {

struct Node {
  int lanes = 1;
  bool exact = false;  ///< no +1 is owed: its greatest value is 256 lanes, not one less

  int bits() const { return int(std::bit_width(256u * unsigned(lanes) - (exact ? 0 : 1))); }
};

}  // namespace

TreeShape TernaryTreeShape(int lanes, int pipeline) {
  std::vector<Node> nodes(std::size_t(lanes), Node{});
  nodes.back().exact = true;
  int64_t carries = lanes - 1;
  TreeShape shape;
  for (int level = 0; nodes.size() > 1; ++level) {
    const std::size_t half = nodes.size() / 2;
    std::vector<Node> sums;
    for (std::size_t k = 0; k < half; ++k) {
      const Node &a = nodes[k], &b = nodes[k + half];
      sums.push_back({a.lanes + b.lanes, a.exact || b.exact});
      shape.adder_bits += sums.back().bits();
    }
    shape.adders += int64_t(half);
    if (nodes.size() % 2 == 1) sums.push_back(nodes.back());
    nodes = sums;
    carries -= int64_t(half);
    if (nodes.size() > 1 && (level + 1) % pipeline != 0) continue;
    for (const Node& node : nodes) shape.register_bits += node.bits();
    shape.register_bits += carries;
  }
  return shape;
}

TreeShape Int8TreeShape(int lanes) {
  TreeShape shape;
  int bits = 16;
  for (int nodes = lanes / 2, level = 1; nodes >= 1; nodes /= 2, ++level) {
    ++bits;
    shape.adders += nodes;
    shape.adder_bits += int64_t(nodes) * bits;
    if (level % 2 == 0 || nodes == 1) shape.register_bits += int64_t(nodes) * bits;
  }
  return shape;
}

}  // namespace ternfab
