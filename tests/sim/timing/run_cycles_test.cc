// SPDX-License-Identifier: Apache-2.0
#include "sim/timing/run_cycles.h"

#include <gtest/gtest.h>

#include "codegen/plan/planner.h"
#include "sim/memory/memory_config.h"
#include "sim/timing/design_model.h"
#include "tests/codegen/test_models.h"

namespace ternfab::timing {
namespace {

HardwareSpec Nano(const std::string& kind) {
  HardwareSpec spec = FindSpec("nano").value();
  spec.memory.kind = kind;
  spec.memory.latency = 70;
  return spec;
}

Program ProgramOn(const HardwareSpec& spec) {
  return BuildProgram(RandomModel(SmallConfig(), 1), Derive(spec), DesignHash(spec), {}).value();
}

TEST(RunCycles, AreThoseOfTheCycleModelWhereverItsMemoryLies) {
  const HardwareSpec spec = Nano("fixed");
  const Program program = ProgramOn(spec);
  for (const uint32_t tokens : {1u, 2u}) {
    DesignModel model(spec, MakeMemoryConfig(spec).value(), PortBases(program, 0x4000'0000), {});
    model.Idle(1000);
    model.Start(tokens == 1 ? program.decode : program.prefill, {9, tokens, {5, 6}});
    ASSERT_TRUE(model.Run().value());
    EXPECT_EQ(RunCycles(spec, program, 9, int(tokens)).value(), model.cycles());
  }
}

TEST(RunCycles, GrowWithTheContext) {
  const HardwareSpec spec = Nano("ddr3");
  const Program program = ProgramOn(spec);
  EXPECT_LT(RunCycles(spec, program, 0, 1).value(), RunCycles(spec, program, 30, 1).value());
}

TEST(AtClock, KeepsTheMemoryAsItIs) {
  const HardwareSpec spec = Nano("ddr3");  // 100 MHz: 700 ns
  EXPECT_EQ(AtClock(spec, 50).memory.latency, 35);
  EXPECT_EQ(AtClock(spec, 99).memory.latency, 70);  // 69.3
  EXPECT_EQ(AtClock(spec, 200).memory.latency, 140);
  EXPECT_EQ(AtClock(spec, 50).clock_mhz, 50);
  EXPECT_EQ(AtClock(spec, spec.clock_mhz), spec);
  // A slower design waits fewer of its cycles for the same memory.
  const Program program = ProgramOn(spec);
  EXPECT_LT(RunCycles(AtClock(spec, 50), program, 9, 1).value(),
            RunCycles(spec, program, 9, 1).value());
}

}  // namespace
}  // namespace ternfab::timing
