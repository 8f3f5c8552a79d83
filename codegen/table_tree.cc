// SPDX-License-Identifier: Apache-2.0
#include "codegen/table_tree.h"

#include <algorithm>
#include <vector>

#include "codegen/adder_tree.h"
#include "codegen/sv_writer.h"
#include "codegen/tree_plan.h"
#include "codegen/tree_writer.h"
#include "common/check.h"
#include "common/integer.h"

namespace ternfab {
namespace {

constexpr int kOffset = 1 << (kTripleEntryBits - 1);
constexpr const char* kExact = "exact_q";  ///< the last group, with its +1

TreePlan PlanGroups(int lanes, int pipeline) {
  const int groups = TripleGroups(lanes);
  std::vector<TreeLeaf> leaves;
  for (int g = 0; g < groups; ++g) {
    const bool last = g == groups - 1;
    leaves.push_back({last ? kExact : SvSlice("value_q", kTripleEntryBits * g, kTripleEntryBits),
                      std::min(kTripleLanes, lanes - kTripleLanes * g), kOffset,
                      last ? "" : fmt::format("minus_q[{}]", g)});
  }
  return PlanTree(leaves, pipeline);
}

void WriteHeader(SvWriter& out, int lanes, int pipeline) {
  const int groups = TripleGroups(lanes), latency = TableTreeLatency(lanes, pipeline);
  out.Raw("//");
  out.Comment(fmt::format("sum_o = sum over {} lanes of trit * activation, exact, by {} tables.",
                          lanes, groups));
  out.Comment(fmt::format(
      "Latency {0}: operands with en_i in cycle c, sum_o and valid_o in cycle c + {0}.", latency));
  out.Comment(
      "No handshake: operands in every cycle if wanted. Levels without operands do not toggle.");
  out.BeginModule(
      TableTreeModule(lanes),
      {{false, "logic", "clk_i", "", false},
       {false, "logic", "en_i", "the operands are valid", false},
       {false, SvLogic(4 * groups), "index_i", "group g at [4g +: 4]: its entry", false},
       {false, SvLogic(groups), "minus_i", "the entry is to be negated", false},
       {false, SvLogic(TripleTableBits(lanes)), "tables_i", "of tf_triple_tables", false},
       {true, SvLogic(AdderTreeSumBits(lanes), true), "sum_o",
        fmt::format("[{}, {}]", -kLaneMax * lanes, kLaneMax * lanes), false},
       {true, "logic", "valid_o", "", false}});
}

void WriteLookUp(SvWriter& out, int lanes) {
  const int groups = TripleGroups(lanes), bits = kTripleEntryBits;
  const int entries = kTripleEntries * bits;
  out.Heading("Look-up: 512 + a group's sum, less 1 if its entry is negated");
  out.Declare(SvLogic(bits * groups), "value");
  out.Line("for (genvar g = 0; g < {}; g++) begin : gen_group", groups);
  out.Indent();
  out.Instance("tf_triple_select", "", "u_select",
               {{"table_i", fmt::format("tables_i[{0}*g +: {0}]", entries)},
                {"index_i", "index_i[4*g +: 4]"},
                {"minus_i", "minus_i[g]"},
                {"value_o", fmt::format("value[{0}*g +: {0}]", bits)}});
  out.End();
  const int last = groups - 1;
  out.Declare(SvLogic(bits * last), "value_q");
  out.Declare(SvLogic(last), "minus_q");
  out.Declare(SvLogic(bits), kExact, "the last group with its +1");
  out.Declare("logic", "look_q");
  out.BeginAlwaysFf();
  out.Next("look_q", "en_i");
  out.BeginIf("en_i");
  out.Next("value_q", SvSlice("value", 0, bits * last));
  out.Next("minus_q", SvSlice("minus_i", 0, last));
  out.Next(kExact, fmt::format("{0} + {1}'(minus_i[{2}])", SvSlice("value", bits * last, bits),
                               bits, last));
  out.End();
  out.End();
}

}  // namespace

int TripleGroups(int lanes) { return int(CeilDiv(lanes, kTripleLanes)); }

int TripleTableBits(int lanes) { return TripleGroups(lanes) * kTripleEntries * kTripleEntryBits; }

int TableTreeLatency(int lanes, int pipeline) {
  return 1 + TreeLatency(TripleGroups(lanes), pipeline);
}

std::string TableTreeModule(int lanes) { return fmt::format("tf_table_tree_l{}", lanes); }

std::string EmitTableTree(int lanes, int pipeline, const std::string& banner) {
  TF_CHECK(TripleGroups(lanes) >= 3 && lanes <= kMaxTreeLanes, "{} lanes", lanes);
  TF_CHECK(pipeline >= 1, "pipeline {}", pipeline);
  const TreePlan plan = PlanGroups(lanes, pipeline);
  SvWriter out;
  WriteHeader(out, lanes, pipeline);
  WriteLookUp(out, lanes);
  const std::string valid = WriteTreeLevels(out, plan, "look_q");
  WriteTreeSum(out, plan, AdderTreeSumBits(lanes), valid);
  out.EndModule();
  return banner + out.text();
}

}  // namespace ternfab
