// SPDX-License-Identifier: Apache-2.0
#include "codegen/tree_writer.h"

#include <set>

namespace ternfab {
namespace {

std::string Sum(const TreeAdder& adder) {
  const int w = adder.sum.width();
  return fmt::format("{0}'({1}) + {0}'({2}) + {0}'({3})", w, adder.a.name, adder.b.name,
                     adder.carry.name);
}

class LevelWriter {
 public:
  LevelWriter(SvWriter& out, const TreeLevel& level, const LeafAdder& leaf_adder)
      : out_(out), level_(level), leaf_adder_(leaf_adder) {}

  /// Returns the enable of the level below.
  std::string Write(const std::string& enable) {
    const size_t nodes = level_.adders.size() + level_.passed.size();
    out_.Heading(fmt::format("Level {}: {} {}{}", level_.index, nodes,
                             nodes == 1 ? "node" : "nodes",
                             level_.registered ? "" : ", not registered"));
    WriteDeclarations();
    if (leaf_adder_) WriteLeafAdders();
    if (level_.registered) {
      WriteRegisters(enable);
      return fmt::format("v{}_q", level_.index);
    }
    for (const TreeAdder& adder : level_.adders) {
      if (!instances_.contains(adder.sum.name)) out_.Assign(adder.sum.name, Sum(adder));
    }
    for (size_t i = 0; i < level_.passed.size(); ++i) {
      out_.Assign(level_.passed[i].name, level_.passes[i].name);
    }
    return enable;
  }

 private:
  void WriteDeclarations() {
    for (const TreeAdder& adder : level_.adders) {
      out_.Declare(SvLogic(adder.sum.width()), adder.sum.name, adder.sum.Range());
    }
    for (const TreeNode& node : level_.passed) {
      out_.Declare(SvLogic(node.width()), node.name, node.Range() + ", passes by");
    }
    if (!level_.registered) return;
    for (const TreeCarry& carry : level_.delayed) out_.Declare("logic", carry.name);
    out_.Declare("logic", fmt::format("v{}_q", level_.index));
  }

  void WriteLeafAdders() {
    for (const TreeAdder& adder : level_.adders) {
      if (adder.a.leaf < 0 || adder.b.leaf < 0) continue;
      const std::string net = TreeLevel::Unregistered(adder.sum.name);
      if (level_.registered) out_.Declare(SvLogic(adder.sum.width()), net);
      leaf_adder_(out_, adder, net);
      instances_.insert(adder.sum.name);
    }
  }

  void WriteRegisters(const std::string& enable) {
    out_.BeginAlwaysFf();
    out_.Next(fmt::format("v{}_q", level_.index), enable);
    out_.BeginIf(enable);
    for (const TreeAdder& adder : level_.adders) {
      const bool instance = instances_.contains(adder.sum.name);
      out_.Next(adder.sum.name, instance ? TreeLevel::Unregistered(adder.sum.name) : Sum(adder));
    }
    for (size_t i = 0; i < level_.passed.size(); ++i) {
      out_.Next(level_.passed[i].name, level_.passes[i].name);
    }
    for (size_t i = 0; i < level_.delayed.size(); ++i) {
      out_.Next(level_.delayed[i].name, level_.delays[i].name);
    }
    out_.End();
    out_.End();
  }

  SvWriter& out_;
  const TreeLevel& level_;
  const LeafAdder& leaf_adder_;
  std::set<std::string> instances_;  ///< sums that an instance makes
};

}  // namespace

std::string WriteTreeLevels(SvWriter& out, const TreePlan& plan, std::string enable,
                            const LeafAdder& leaf_adder) {
  for (const TreeLevel& level : plan.levels) {
    enable = LevelWriter(out, level, leaf_adder).Write(enable);
  }
  return enable;
}

void WriteTreeSum(SvWriter& out, const TreePlan& plan, int bits, const std::string& valid) {
  out.Heading("Sum: the root without the offset of its lanes");
  out.Assign("sum_o",
             fmt::format("$signed({0}'({1}) - {0}'d{2})", bits, plan.root.name, plan.root.offset));
  out.Assign("valid_o", valid);
}

}  // namespace ternfab
