// SPDX-License-Identifier: Apache-2.0
// The assembled cycle model: stops, copies, starts in mid-program, sinks. That its cycles are the
// RTL's is the subject of tests/cosim/timing_test.cc.
#include "sim/timing/design_model.h"

#include <gtest/gtest.h>

#include "codegen/plan/planner.h"
#include "common/check.h"
#include "tests/codegen/test_models.h"

namespace ternfab::timing {
namespace {

constexpr uint64_t kBus = 0x4000'0000;

struct Bench {
  HardwareSpec spec;
  Program program;
  MemoryConfig memory;

  DesignModel Make(const DesignModel::Options& options = {}) const {
    return {spec, memory, PortBases(program, kBus), options};
  }
};

template <class T>
T Value(Expected<T> value) {
  TF_CHECK(value.has_value(), "{}", value.error().message);
  return std::move(*value);
}

Bench MakeBench(const std::string& kind = "fixed") {
  Bench bench;
  bench.spec = Value(FindSpec("nano"));
  bench.spec.memory.kind = kind;
  if (kind != "fixed") bench.spec.memory.latency = 70;
  bench.program = Value(BuildProgram(RandomModel(SmallConfig(), 1), Derive(bench.spec),
                                     DesignHash(bench.spec), PlanOptions{}));
  bench.memory = Value(MakeMemoryConfig(bench.spec));
  return bench;
}

const RunArguments kRun{9, 1, {5}};

TEST(DesignModel, GoesOnAfterAStopAsIfThereHadBeenNone) {
  for (const char* kind : {"fixed", "ddr3"}) {
    const Bench bench = MakeBench(kind);
    DesignModel whole = bench.Make();
    whole.Start(bench.program.decode, kRun);
    ASSERT_TRUE(Value(whole.Run()));
    const uint32_t last = uint32_t(whole.times().size()) - 1;
    for (const uint32_t index : {0u, 1u, last / 2, last}) {
      DesignModel model = bench.Make();
      model.Start(bench.program.decode, kRun);
      ASSERT_FALSE(Value(model.Run({.issue = index})));
      EXPECT_EQ(model.cycles(), whole.times()[index].issue + 1);
      ASSERT_FALSE(Value(model.Run({.retire = index})) && index != last);
      DesignModel copy = model;
      ASSERT_TRUE(Value(model.Run()));
      EXPECT_EQ(model.times(), whole.times());
      EXPECT_EQ(model.counters(), whole.counters());
      EXPECT_EQ(model.Digest(), whole.Digest());
      EXPECT_NE(copy.Digest(), whole.Digest());
      ASSERT_TRUE(Value(copy.Run()));
      EXPECT_EQ(copy.times(), whole.times());
    }
  }
}

TEST(DesignModel, SkippingChangesNoStateOnTheWay) {
  const Bench bench = MakeBench();
  DesignModel::Options stepwise;
  stepwise.skip = false;
  DesignModel a = bench.Make(), b = bench.Make(stepwise);
  a.Start(bench.program.decode, kRun);
  b.Start(bench.program.decode, kRun);
  const uint32_t count = uint32_t(a.times().size());
  for (uint32_t index = 0; index < count; ++index) {
    if (a.times()[index].retire != InstructionTime::kNever) continue;
    Value(a.Run({.retire = index}));
    Value(b.Run({.retire = index}));
    ASSERT_EQ(a.cycles(), b.cycles()) << index;
    ASSERT_EQ(a.Digest(), b.Digest()) << index;
  }
}

TEST(DesignModel, StateDependsOnWhatIsLeftNotOnWhen) {
  const Bench bench = MakeBench();
  DesignModel early = bench.Make(), late = bench.Make();
  late.Idle(12345);
  EXPECT_EQ(early.Digest(), late.Digest());
  early.Start(bench.program.decode, kRun);
  late.Start(bench.program.decode, kRun);
  Value(early.Run({.issue = 20}));
  Value(late.Run({.issue = 20}));
  EXPECT_EQ(early.times(), late.times());
  EXPECT_EQ(early.Digest(), late.Digest());
  EXPECT_EQ(early.memory_cycle() + 12345, late.memory_cycle());
}

TEST(DesignModel, StartsInMidProgram) {
  const Bench bench = MakeBench();
  const auto& list = bench.program.decode.instructions;
  Tokens tokens;
  StartPoint from;
  for (from.first = 0; from.first + 1 < list.size(); ++from.first) {
    from.tokens = tokens;
    DesignModel model = bench.Make();
    model.Start(bench.program.decode, kRun, from);
    ASSERT_TRUE(Value(model.Run())) << from.first;
    EXPECT_EQ(model.counters()[1], list.size() - from.first);  // Instructions
    for (size_t i = 0; i < model.times().size(); ++i) {
      EXPECT_EQ(model.times()[i].retire != InstructionTime::kNever, i >= from.first) << i;
    }
    tokens.Put(uint8_t(list[from.first].Get(isa::kSignal)));
    tokens.Take(uint8_t(list[from.first].Get(isa::kWait)));
  }
}

TEST(DesignModel, ReportsADeadlock) {
  const Bench bench = MakeBench();
  InstructionList list = bench.program.decode;
  for (isa::Instruction& i : list.instructions) i.Set(isa::kSignal, 0u);
  DesignModel model = bench.Make();
  model.Start(list, kRun);
  const Expected<bool> run = model.Run();
  ASSERT_FALSE(run.has_value());
  EXPECT_NE(run.error().message.find("deadlock"), std::string::npos);
}

/// Adds up what it is shown.
class Sums : public CycleSink {
 public:
  void OnCycles(const CycleView& view) override {
    EXPECT_EQ(view.cycle, cycles);
    cycles += view.count;
    weights += view.count * (view.beat >> 3 & 1);
    starved += view.count * (view.starved >> 3 & 1);
    for (int u = 0; u < kUnitCount; ++u) issues += view.units[u].issue;
  }
  uint64_t cycles = 0, weights = 0, starved = 0, issues = 0;
};

TEST(DesignModel, ShowsEveryCycle) {
  const Bench bench = MakeBench();
  for (const bool skip : {true, false}) {
    DesignModel::Options options;
    options.skip = skip;
    DesignModel model = bench.Make(options);
    Sums sums;
    model.set_sink(&sums);
    model.Start(bench.program.decode, kRun);
    ASSERT_TRUE(Value(model.Run()));
    EXPECT_EQ(sums.cycles, model.counters()[0]);
    EXPECT_EQ(sums.starved, model.counters()[2]);
    EXPECT_EQ(sums.weights, model.counters()[3]);
    EXPECT_EQ(sums.issues, model.times().size());
  }
}

}  // namespace
}  // namespace ternfab::timing
