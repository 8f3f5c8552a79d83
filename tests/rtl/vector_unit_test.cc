// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>

#include "tests/rtl/vector_random.h"

namespace ternfab {
namespace {

constexpr uint32_t kVmWords = 3400;  // words that instructions use

const char* Name(VectorBench bench) {
  switch (bench) {
    case VectorBench::kOneLane:
      return "OneLane";
    case VectorBench::kTwoLanes:
      return "TwoLanes";
    case VectorBench::kSixteenLanes:
      return "SixteenLanes";
  }
  return "";
}

std::string Difference(const std::vector<VectorWrite>& is, const std::vector<VectorWrite>& must,
                       const char* what) {
  if (is.size() != must.size()) {
    return fmt::format("{} writes of {}, must be {}", is.size(), what, must.size());
  }
  for (size_t n = 0; n < is.size(); ++n) {
    if (is[n] == must[n]) continue;
    size_t byte = 0;
    while (byte < is[n].data.size() && is[n].data[byte] == must[n].data[byte]) ++byte;
    return fmt::format("{} write {} of {}: bank {} address {}, must be {} {}; first wrong byte {}",
                       what, n, is.size(), is[n].bank, is[n].addr, must[n].bank, must[n].addr,
                       byte);
  }
  return {};
}

std::string Difference(const VectorWrites& is, const VectorWrites& must) {
  if (is == must) return {};
  for (const std::string& d :
       {Difference(is.vm, must.vm, "VM"), Difference(is.am, must.am, "AM"),
        Difference(is.qm, must.qm, "QM"), Difference(is.memory, must.memory, "main memory")}) {
    if (!d.empty()) return d;
  }
  for (size_t n = 0; n < std::min(is.scalars.size(), must.scalars.size()); ++n) {
    const ScalarWrite a = is.scalars[n];
    const ScalarWrite b = must.scalars[n];
    if (!(a == b)) {
      return fmt::format("S[{}] = {:08x}, must be S[{}] = {:08x}", a.addr, a.data, b.addr, b.data);
    }
  }
  return fmt::format("{} writes of S, must be {}", is.scalars.size(), must.scalars.size());
}

/// A unit and the model side by side.
class Pair {
 public:
  Pair(VectorBench bench, uint64_t seed, VectorPressure pressure)
      : driver(bench, seed, pressure), source(driver.shape(), seed) {
    state.vm.resize(size_t(kBenchVmWords) * size_t(driver.shape().lanes));
  }

  /// Runs both; the first difference, or a violation of a handshake, in words.
  std::string Run(const VectorCase& c) {
    const VectorWrites must =
        ExecuteVector(driver.shape(), c.instruction, c.arguments, c.beats, state);
    try {
      const VectorRun run = driver.Run(c.instruction, c.arguments, c.beats);
      cycles = run.cycles;
      const std::string difference = Difference(run.writes, must);
      return difference.empty() ? "" : Describe(c) + ": " + difference;
    } catch (const std::runtime_error& violation) {
      return Describe(c) + ": " + violation.what();
    }
  }

  std::string Fill() {
    const std::string difference = Run(source.FillVm(kVmWords));
    return difference.empty() ? Run(source.FillScalars()) : difference;
  }

  /// Reads all of VM back, that of the other units too.
  std::string Dump() {
    const size_t foreign = size_t(kBenchForeignVm) * size_t(driver.shape().lanes);
    std::string difference = Run(source.DumpVm(0, kVmWords));
    if (!difference.empty()) return difference;
    std::copy(driver.foreign_vm().begin() + std::ptrdiff_t(foreign), driver.foreign_vm().end(),
              state.vm.begin() + std::ptrdiff_t(foreign));
    return Run(source.DumpVm(kBenchForeignVm, kBenchVmWords - kBenchForeignVm));
  }

  VectorDriver driver;
  VectorCaseSource source;
  VectorState state;
  int cycles = 0;
};

class VectorUnit : public testing::TestWithParam<VectorBench> {};

INSTANTIATE_TEST_SUITE_P(Shapes, VectorUnit,
                         testing::Values(VectorBench::kOneLane, VectorBench::kTwoLanes,
                                         VectorBench::kSixteenLanes),
                         [](const auto& info) { return Name(info.param); });

TEST_P(VectorUnit, RandomInstructionsEqualTheModel) {
  Pair pair(GetParam(), 1, {});
  ASSERT_EQ(pair.Fill(), "");
  for (int n = 0; n < 1000; ++n) ASSERT_EQ(pair.Run(pair.source.Next()), "") << n;
  EXPECT_EQ(pair.Dump(), "");
}

TEST_P(VectorUnit, RandomInstructionsUnderPressureEqualTheModel) {
  for (const int pressure : {40, 128, 220}) {
    SCOPED_TRACE(pressure);
    Pair pair(GetParam(), uint64_t(pressure),
              {.stream_gap = pressure,
               .write_stall = pressure,
               .ternary_write = pressure / 2,
               .int8_write = pressure / 2,
               .token_gap = 128});
    ASSERT_EQ(pair.Fill(), "");
    for (int n = 0; n < 300; ++n) ASSERT_EQ(pair.Run(pair.source.Next()), "") << n;
    pair.driver.set_pressure({.write_stall = pressure});
    EXPECT_EQ(pair.Dump(), "");
  }
}

TEST_P(VectorUnit, WorksAfterAResetInTheMiddleOfAnInstruction) {
  Pair pair(GetParam(), 2, {.stream_gap = 100, .write_stall = 100, .token_gap = 100});
  ASSERT_EQ(pair.Fill(), "");
  for (int n = 0; n < 30; ++n) {
    const VectorCase c = pair.source.Next();
    pair.driver.StepThenReset(c.instruction, c.arguments, c.beats, 5 + n);
    pair.source.EndSums();
    ASSERT_EQ(pair.Fill(), "");
    for (int k = 0; k < 3; ++k) ASSERT_EQ(pair.Run(pair.source.Next()), "") << n;
  }
}

TEST_P(VectorUnit, ASkippedInstructionOnlyHandlesTokens) {
  Pair pair(GetParam(), 3, {.token_gap = 128});
  ASSERT_EQ(pair.Fill(), "");
  for (int n = 0; n < 200; ++n) {
    const VectorCase c = pair.source.Next();
    const VectorRun run = pair.driver.Run(c.instruction, c.arguments, {}, /*skip=*/true);
    EXPECT_EQ(run.writes, VectorWrites());
    EXPECT_EQ(run.cycles, 2);
    pair.source.EndSums();
    ASSERT_EQ(pair.Run(pair.source.Next()), "") << n;
  }
}

TEST_P(VectorUnit, AFlippedBitOfTheAdderOrTheMultiplierIsSeen) {
  Pair pair(GetParam(), 4, {});
  ASSERT_EQ(pair.Fill(), "");
  VectorCase c = pair.source.DumpVm(0, 1);
  c.instruction.Set(isa::kVB, isa::SourceB::kImmediate);
  c.instruction.Set(isa::kVBImmediate, 0x3f800000);
  c.instruction.Set(isa::kVCombine, isa::Combine::kAdd);
  c.instruction.Set(isa::kVC, isa::SourceC::kImmediate);
  ASSERT_EQ(pair.Run(c), "");
  pair.driver.InjectFault(/*add=*/true, /*mul=*/false);
  EXPECT_NE(pair.Run(c), "");
  pair.driver.InjectFault(/*add=*/false, /*mul=*/true);
  EXPECT_NE(pair.Run(c), "");
  pair.driver.InjectFault(/*add=*/false, /*mul=*/false);
  EXPECT_EQ(pair.Run(c), "");
}

/// The cycle counts that tf_vector_unit.sv states, of an instruction that nothing holds up.
int StatedCycles(const VectorShape& shape, const VectorCase& c) {
  using isa::Destination, isa::Reduce;
  const isa::Instruction& i = c.instruction;
  const bool a_vm = i.GetAs<isa::SourceA>(isa::kVA) == isa::SourceA::kVm;
  const bool a_int = a_vm && i.Get(isa::kVAInt) != 0;
  const int reads = int(a_vm) + int(i.GetAs<isa::SourceB>(isa::kVB) == isa::SourceB::kVm) +
                    int(i.GetAs<isa::SourceC>(isa::kVC) == isa::SourceC::kVm);
  const auto dst = i.GetAs<Destination>(isa::kVDst);
  const int segments = int(i.Get(isa::kVSegments));
  const int length = int(c.arguments.length);
  const int words = (length + shape.lanes - 1) / shape.lanes;
  int lanes_log2 = 0;
  while (1 << lanes_log2 < shape.lanes) ++lanes_log2;
  int per_word = std::max(reads, 1);
  int fixed = 6 + (a_int ? 3 - reads : 0);
  if (i.Get(isa::kVB) != 0) fixed += 4;
  if (i.GetAs<Reduce>(isa::kVReduce) == Reduce::kSum) {
    int tree = 0;
    for (int level = 0; level < 6; ++level) {
      if (1 << level >= length) continue;
      tree += level < lanes_log2 ? 4 : 4 + (1 << (level - lanes_log2));
    }
    return segments * (words * per_word + fixed + tree + 1) + 2;
  }
  if (i.GetAs<isa::Combine>(isa::kVCombine) == isa::Combine::kAdd) fixed += 3;
  const int max_end = i.Get(isa::kVReduce) != 0 ? lanes_log2 + 2 : 0;
  int end = dst == Destination::kNone ? 0 : 1;
  if (dst == Destination::kAm || dst == Destination::kQm || dst == Destination::kMemI8) end = 4;
  if (dst == Destination::kMemF32 || dst == Destination::kMemElement) end = 2;
  return segments * words * per_word + fixed + std::max(max_end, end);
}

TEST_P(VectorUnit, TakesTheStatedCycles) {
  Pair pair(GetParam(), 5, {});
  ASSERT_EQ(pair.Fill(), "");
  for (int n = 0; n < 500; ++n) {
    const VectorCase c = pair.source.Next();
    ASSERT_EQ(pair.Run(c), "");
    if (!c.beats.empty()) continue;  // beats need cycles to arrive
    // Both write S and take turns.
    if (c.instruction.Get(isa::kVReduce) != 0 &&
        c.instruction.GetAs<isa::Destination>(isa::kVDst) == isa::Destination::kScalar) {
      continue;
    }
    EXPECT_EQ(pair.cycles, StatedCycles(pair.driver.shape(), c)) << Describe(c);
  }
}

}  // namespace
}  // namespace ternfab
