// SPDX-License-Identifier: Apache-2.0
#include "codegen/adder_tree.h"

#include <bit>
#include <cstdint>
#include <vector>

#include "codegen/sv_writer.h"
#include "common/check.h"
#include "common/integer.h"

namespace ternfab {
namespace {

constexpr int kOffset = 128;             ///< of a gated lane
constexpr const char* kExact = "exact";  ///< the last lane, negated with its +1

/// A value in the tree: `offset` + what its lanes sum up to, in [0, max].
struct Node {
  std::string name;
  int64_t max = 0;
  int lanes = 0;

  int width() const { return int(std::bit_width(uint64_t(max))); }
  int64_t offset() const { return int64_t{kOffset} * lanes; }
};

/// +1 of a negated lane on its way to an adder.
struct Carry {
  int lane = 0;
  std::string name;
};

struct Adder {
  Node sum, a, b;
  Carry carry;
};

/// One level of adders and what passes it by.
struct Level {
  int index = 0;
  bool registered = false;
  std::vector<Adder> adders;
  std::vector<Node> passed;    ///< none or the odd node, as it leaves the level
  std::vector<Node> passes;    ///< as it enters
  std::vector<Carry> delayed;  ///< as they leave
  std::vector<Carry> delays;   ///< as they enter
};

/// First and second lanes of the adders of level 0, in their order; an odd last lane is in neither.
struct LanePairs {
  std::vector<int> first, second;
};

LanePairs PairLanes(int lanes) {
  LanePairs pairs;
  const auto add = [&pairs](int lane) {
    pairs.first.push_back(lane);
    pairs.second.push_back(lane + 1);
  };
  const int quads = lanes / 4 * 4;
  for (int lane = 0; lane < quads; lane += 4) add(lane);
  for (int lane = 2; lane < quads; lane += 4) add(lane);
  if (lanes % 4 >= 2) add(quads);
  return pairs;
}

/// Decides what each adder adds, before a line is written.
class TreePlan {
 public:
  TreePlan(int lanes, int pipeline) : lanes_(lanes), pipeline_(pipeline) {
    const LanePairs pairs = PairLanes(lanes);
    for (const int lane : pairs.first) AddLeaf(lane);
    for (const int lane : pairs.second) AddLeaf(lane);
    if (lanes % 2 == 1) AddLeaf(lanes - 1);
    const int count = AdderTreeLevels(lanes);
    for (int index = 0; index < count; ++index) AddLevel(index, index + 1 == count);
    TF_CHECK(nodes_.size() == 1 && carries_.empty(), "{} lanes: {} nodes, {} carries left", lanes,
             nodes_.size(), carries_.size());
    TF_CHECK(nodes_[0].lanes == lanes, "{} of {} lanes", nodes_[0].lanes, lanes);
  }

  const std::vector<Level>& levels() const { return levels_; }
  const Node& root() const { return nodes_[0]; }

 private:
  void AddLeaf(int lane) {
    if (lane == lanes_ - 1) {
      nodes_.push_back({kExact, 2 * kOffset, 1});
      return;
    }
    nodes_.push_back({SvSlice("gated", 8 * lane, 8), 2 * kOffset - 1, 1});
    carries_.push_back({lane, fmt::format("neg_i[{}]", 8 * lane)});
  }

  std::string NodeName(const Level& level, size_t n) const {
    return fmt::format("l{}_n{:0{}}{}", level.index, n, lanes_ > 200 ? 3 : 2,
                       level.registered ? "_q" : "");
  }

  void AddLevel(int index, bool last) {
    Level level;
    level.index = index;
    level.registered = last || (index + 1) % pipeline_ == 0;
    const size_t half = nodes_.size() / 2;
    TF_CHECK(carries_.size() >= half, "level {}: {} carries", index, carries_.size());
    std::vector<Node> sums;
    for (size_t k = 0; k < half; ++k) {
      const Node &a = nodes_[k], &b = nodes_[k + half];
      // A node whose lanes still owe a +1 stays below its greatest value by one for each.
      const bool exact = IsExact(a) || IsExact(b);
      const int lanes = a.lanes + b.lanes;
      const Node sum{NodeName(level, k), 2 * kOffset * lanes - (exact ? 0 : 1), lanes};
      // The first operand also feeds the carry multiplexers: `exact` is there already, a gate would
      // be built a second time.
      level.adders.push_back(b.name == kExact ? Adder{sum, b, a, carries_[k]}
                                              : Adder{sum, a, b, carries_[k]});
      sums.push_back(sum);
    }
    if (nodes_.size() % 2 == 1) {
      Node node = nodes_.back();
      level.passes.push_back(node);
      node.name = NodeName(level, half);
      level.passed.push_back(node);
      sums.push_back(node);
    }
    nodes_ = sums;
    DelayCarries(level, half);
    levels_.push_back(level);
  }

  static bool IsExact(const Node& node) { return node.max == 2 * kOffset * node.lanes; }

  /// The carries behind the first `used` go on to the next level.
  void DelayCarries(Level& level, size_t used) {
    carries_.erase(carries_.begin(), carries_.begin() + ptrdiff_t(used));
    if (!level.registered) return;
    level.delays = carries_;
    for (Carry& carry : carries_) {
      carry.name = fmt::format("l{}_neg{:0{}}_q", level.index, carry.lane, lanes_ > 100 ? 3 : 2);
    }
    level.delayed = carries_;
  }

  int lanes_, pipeline_;
  std::vector<Node> nodes_;
  std::vector<Carry> carries_;
  std::vector<Level> levels_;
};

std::string RangeComment(const Node& node) {
  return fmt::format("{} {}: {} + [{}, {}]", node.lanes, node.lanes == 1 ? "lane" : "lanes",
                     node.offset(), -node.offset(), node.max - node.offset());
}

std::string Sum(const Adder& adder) {
  const int w = adder.sum.width();
  return fmt::format("{0}'({1}) + {0}'({2}) + {0}'({3})", w, adder.a.name, adder.b.name,
                     adder.carry.name);
}

void WriteDeclarations(SvWriter& out, const Level& level) {
  for (const Adder& adder : level.adders) {
    out.Declare(SvLogic(adder.sum.width()), adder.sum.name, RangeComment(adder.sum));
  }
  for (const Node& node : level.passed) {
    out.Declare(SvLogic(node.width()), node.name, RangeComment(node) + ", passes by");
  }
  if (!level.registered) return;
  for (const Carry& carry : level.delayed) out.Declare("logic", carry.name);
  out.Declare("logic", fmt::format("v{}_q", level.index));
}

void WriteRegisters(SvWriter& out, const Level& level, const std::string& enable) {
  out.BeginAlwaysFf();
  out.Next(fmt::format("v{}_q", level.index), enable);
  out.BeginIf(enable);
  for (const Adder& adder : level.adders) out.Next(adder.sum.name, Sum(adder));
  for (size_t i = 0; i < level.passed.size(); ++i) {
    out.Next(level.passed[i].name, level.passes[i].name);
  }
  for (size_t i = 0; i < level.delayed.size(); ++i) {
    out.Next(level.delayed[i].name, level.delays[i].name);
  }
  out.End();
  out.End();
}

/// Returns the enable of the level below.
std::string WriteLevel(SvWriter& out, const Level& level, const std::string& enable) {
  const size_t nodes = level.adders.size() + level.passed.size();
  out.Heading(fmt::format("Level {}: {} {}{}", level.index, nodes, nodes == 1 ? "node" : "nodes",
                          level.registered ? "" : ", not registered"));
  WriteDeclarations(out, level);
  if (level.registered) {
    WriteRegisters(out, level, enable);
    return fmt::format("v{}_q", level.index);
  }
  for (const Adder& adder : level.adders) out.Assign(adder.sum.name, Sum(adder));
  for (size_t i = 0; i < level.passed.size(); ++i) {
    out.Assign(level.passed[i].name, level.passes[i].name);
  }
  return enable;
}

void WriteHeader(SvWriter& out, int lanes, int latency) {
  const int bits = AdderTreeSumBits(lanes);
  out.Raw("//");
  out.Comment(fmt::format("sum_o = sum over {} lanes of trit * activation, exact.", lanes));
  out.Comment(
      fmt::format("Latency {}: operands with en_i in cycle c, sum_o and valid_o in cycle {}.",
                  latency, fmt::format("c + {}", latency)));
  out.Comment(
      "No handshake: operands in every cycle if wanted. Levels without operands do not toggle.");
  out.Comment("Constraint: a lane's neg_i is ones only where its pass_i is ones.");
  const std::string mask = SvLogic(8 * lanes);
  out.BeginModule(AdderTreeModule(lanes),
                  {{false, "logic", "clk_i", "", false},
                   {false, "logic", "en_i", "the operands are valid", false},
                   {false, mask, "pass_i", "lane j at [8j +: 8]: ones unless its trit is 0", false},
                   {false, mask, "neg_i", "lane j at [8j +: 8]: ones if its trit is -1", false},
                   {false, mask, "act_i", "lane j at [8j +: 8]: int8", false},
                   {true, SvLogic(bits, true), "sum_o",
                    fmt::format("[{}, {}]", -kOffset * lanes, kOffset * lanes), false},
                   {true, "logic", "valid_o", "", false}});
}

void WriteGates(SvWriter& out, int lanes) {
  out.Heading("Gates: 128 + trit * activation, less 1 if the trit is -1");
  out.Declare(SvLogic(8 * lanes), "gated", "a lane: 128 + [-128, 127]");
  out.Assign("gated", fmt::format("(act_i & pass_i) ^ neg_i ^ {{{}{{8'h80}}}}", lanes));
  const int lsb = 8 * (lanes - 1);
  out.Declare(SvLogic(9), "last", fmt::format("lane {}: [-128, 128]", lanes - 1));
  const std::string sign = fmt::format("~gated[{}]", lsb + 7);
  out.Assign("last", fmt::format("{{{0}, {0}, {1}}} + 9'(neg_i[{2}])", sign,
                                 SvSlice("gated", lsb, 7), lsb));
  // Not as a sum: Yosys would merge it with the adder of level 0, at the cost of 5 LUTs.
  out.Declare(SvLogic(9), kExact, "128 + last");
  out.Assign(kExact, "{last[8] ^ last[7], ~last[7], last[6:0]}");
}

}  // namespace

int AdderTreeLevels(int lanes) { return BitsFor(lanes); }

int AdderTreeLatency(int lanes, int pipeline) {
  return int(CeilDiv(AdderTreeLevels(lanes), pipeline));
}

int AdderTreeSumBits(int lanes) {
  return int(std::bit_width(uint64_t(2 * kOffset) * uint64_t(lanes)));
}

std::string AdderTreeModule(int lanes) { return fmt::format("tf_tree_l{}", lanes); }

std::string EmitAdderTree(int lanes, int pipeline, const std::string& banner) {
  TF_CHECK(lanes >= 1 && lanes <= kMaxTreeLanes, "{} lanes", lanes);
  TF_CHECK(pipeline >= 1, "pipeline {}", pipeline);
  const TreePlan plan(lanes, pipeline);
  SvWriter out;
  WriteHeader(out, lanes, AdderTreeLatency(lanes, pipeline));
  WriteGates(out, lanes);
  std::string enable = "en_i";
  for (const Level& level : plan.levels()) enable = WriteLevel(out, level, enable);
  const int bits = AdderTreeSumBits(lanes);
  out.Heading("Sum: the root without the offset of its lanes");
  out.Assign("sum_o", fmt::format("$signed({0}'({1}) - {0}'d{2})", bits, plan.root().name,
                                  plan.root().offset()));
  out.Assign("valid_o", enable);
  out.EndModule();
  return banner + out.text();
}

}  // namespace ternfab
