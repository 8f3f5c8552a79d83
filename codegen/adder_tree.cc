// SPDX-License-Identifier: Apache-2.0
#include "codegen/adder_tree.h"

#include <bit>
#include <cstdint>
#include <vector>

#include "codegen/sv_writer.h"
#include "codegen/tree_plan.h"
#include "codegen/tree_writer.h"
#include "common/check.h"

namespace ternfab {
namespace {

constexpr const char* kExact = "exact";  ///< the last lane, negated with its +1

std::string Lane(const char* bus, int lane) { return SvSlice(bus, 8 * lane, 8); }

/// A lane: 128 + trit * activation, less 1 if the trit is -1. `gated` names lane j's byte.
template <class Gated>
TreePlan PlanLanes(int lanes, int pipeline, const Gated& gated) {
  std::vector<TreeLeaf> leaves;
  for (int j = 0; j < lanes; ++j) {
    const bool last = j == lanes - 1;
    leaves.push_back({last ? std::string(kExact) : gated(j), 1, kLaneMax,
                      last ? "" : fmt::format("neg_i[{}]", 8 * j)});
  }
  return PlanTree(leaves, pipeline);
}

void WriteHeader(SvWriter& out, int lanes, int latency, EngineKind kind) {
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
  out.BeginModule(AdderTreeModule(lanes, kind),
                  {{false, "logic", "clk_i", "", false},
                   {false, "logic", "en_i", "the operands are valid", false},
                   {false, mask, "pass_i", "lane j at [8j +: 8]: ones unless its trit is 0", false},
                   {false, mask, "neg_i", "lane j at [8j +: 8]: ones if its trit is -1", false},
                   {false, mask, "act_i", "lane j at [8j +: 8]: int8", false},
                   {true, SvLogic(bits, true), "sum_o",
                    fmt::format("[{}, {}]", -kLaneMax * lanes, kLaneMax * lanes), false},
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

void WritePlainTree(SvWriter& out, int lanes, int pipeline) {
  const TreePlan plan = PlanLanes(lanes, pipeline, [](int j) { return Lane("gated", j); });
  WriteGates(out, lanes);
  const std::string valid = WriteTreeLevels(out, plan, "en_i");
  WriteTreeSum(out, plan, AdderTreeSumBits(lanes), valid);
}

void WritePair(SvWriter& out, const TreeAdder& adder, const std::string& sum) {
  const auto pins = [](const std::string& port, int lane) {
    return std::vector<SvWriter::Pin>{{port + "_i", Lane("act_i", lane)},
                                      {port + "_pass_i", Lane("pass_i", lane)},
                                      {port + "_neg_i", Lane("neg_i", lane)}};
  };
  const TreeNode& first = adder.a.exact ? adder.b : adder.a;  // a plain sum has the exact one first
  const TreeNode& second = adder.a.exact ? adder.a : adder.b;
  std::vector<SvWriter::Pin> all = pins("a", first.leaf);
  for (const SvWriter::Pin& pin : pins("b", second.leaf)) all.push_back(pin);
  all.push_back({"carry_i", adder.carry.name});
  all.push_back({"sum_o", sum});
  out.Instance(second.exact ? "tf_lut6_last" : "tf_lut6_pair", "", "u_" + sum, all);
}

void WriteOddLane(SvWriter& out, int lane) {
  out.Heading("The odd lane: 128 + trit * activation");
  out.Declare(SvLogic(9), kExact, fmt::format("lane {}: 128 + [-128, 128]", lane));
  out.Instance("tf_lut6_exact", "", "u_exact",
               {{"act_i", Lane("act_i", lane)},
                {"pass_i", Lane("pass_i", lane)},
                {"neg_i", Lane("neg_i", lane)},
                {"value_o", kExact}});
}

void WriteLut6Tree(SvWriter& out, int lanes, int pipeline) {
  // WritePair takes its lanes by their numbers; the names of leaves are not used, but for an odd
  // last lane, which passes by.
  const TreePlan plan = PlanLanes(lanes, pipeline, [](int) { return std::string(); });
  if (lanes % 2 == 1) WriteOddLane(out, lanes - 1);
  const std::string valid = WriteTreeLevels(out, plan, "en_i", WritePair);
  WriteTreeSum(out, plan, AdderTreeSumBits(lanes), valid);
}

}  // namespace

int AdderTreeLevels(int lanes) { return TreeLevels(lanes); }

int AdderTreeLatency(int lanes, int pipeline) { return TreeLatency(lanes, pipeline); }

int AdderTreeSumBits(int lanes) {
  return int(std::bit_width(uint64_t(2 * kLaneMax) * uint64_t(lanes)));
}

std::string AdderTreeModule(int lanes, EngineKind kind) {
  return fmt::format("tf_{}tree_l{}", kind == EngineKind::kAdderTreeLut6 ? "lut6_" : "", lanes);
}

std::string EmitAdderTree(int lanes, int pipeline, const std::string& banner, EngineKind kind) {
  TF_CHECK(lanes >= 1 && lanes <= kMaxTreeLanes, "{} lanes", lanes);
  TF_CHECK(pipeline >= 1, "pipeline {}", pipeline);
  SvWriter out;
  WriteHeader(out, lanes, AdderTreeLatency(lanes, pipeline), kind);
  if (kind == EngineKind::kAdderTreeLut6) {
    WriteLut6Tree(out, lanes, pipeline);
  } else {
    WritePlainTree(out, lanes, pipeline);
  }
  out.EndModule();
  return banner + out.text();
}

}  // namespace ternfab
