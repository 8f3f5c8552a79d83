// SPDX-License-Identifier: Apache-2.0
// A ternary product takes ceil(R/engines) * ceil(K/lanes) cycles and a constant, where the memory
// is always ready: each engine takes one beat every cycle.
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "codegen/plan/planner.h"
#include "tests/cosim/designs.h"

namespace ternfab {
namespace {

constexpr uint64_t kSeed = 7;
constexpr int kMostConstant = 64;

struct Shape {
  int rows;
  int cols;
};

/// Cycles of the product on `spec` beyond a cycle a beat; checks every element of the result.
int64_t Constant(const HardwareSpec& spec, const Shape& shape, uint32_t count) {
  auto program = BuildMatvecProgram(shape.rows, shape.cols, kSeed, Derive(spec), DesignHash(spec));
  EXPECT_TRUE(program.has_value()) << program.error().message;
  rtl::SimulationOptions options;
  options.check = true;
  const auto rtl = Simulate(spec, *program, options);
  MemoryConfig memory = rtl->device().memory().config();
  memory.latency_cycles = 1;
  memory.dram.reset();
  rtl->device().SetMemory(memory);
  RunArguments arguments;
  arguments.count = count;
  const auto run = rtl->Start(arguments);
  EXPECT_TRUE(run.has_value()) << run.error().message;

  const MemoryRegion* result = program->Find(kMatvecResultRegion);
  std::vector<uint8_t> bytes(result->beats * uint64_t(spec.int8.lanes));
  EXPECT_TRUE(rtl->driver().Read(result->beat, bytes).has_value());
  for (int b = 0; b < int(count); ++b) {
    for (int r = 0; r < shape.rows; ++r) {
      int32_t want = 0, got = 0;
      for (int c = 0; c < shape.cols; ++c) {
        want += MatvecTrit(kSeed, shape.cols, r, c) * MatvecActivation(kSeed, b, c);
      }
      const uint64_t at =
          SlotByte(program->design, result->beat, b, uint64_t(shape.rows), uint64_t(r));
      std::memcpy(&got, &bytes[at - program->ByteOf(result->beat)], 4);
      EXPECT_EQ(got, want) << "slot " << b << " row " << r;
    }
  }
  const rtl::RunRecord& record = rtl->runs().back();
  const int64_t beats =
      CeilDiv(shape.rows, spec.engine.count) * CeilDiv(shape.cols, spec.engine.lanes);
  EXPECT_EQ(record.Counter("WBeats"), uint64_t(beats));
  EXPECT_EQ(record.matvecs, 1u);
  return int64_t(record.matvec_cycles) - beats;
}

class Matvec : public testing::TestWithParam<std::string> {};

TEST_P(Matvec, TakesACycleABeatAndAConstant) {
  const HardwareSpec spec = FindDesign(GetParam());
  const DesignParams design = Derive(spec);
  const int engines = spec.engine.count, lanes = spec.engine.lanes;
  // Rows that VM holds twice for every slot, columns that AM holds.
  const int most_rows = design.vm_words / (2 * design.batch) * design.vector_lanes / 64 * 64;
  const int most_cols = design.am_words * lanes;
  std::vector<Shape> shapes = {{most_rows, 3 * lanes + 1}, {37, most_cols}, {256, 4 * lanes}};
  for (const int rows : std::set{1, engines, engines + 1, 100}) {
    for (const int cols : {1, lanes - 1, lanes, lanes + 1, 3 * lanes - 1}) {
      shapes.push_back({rows, cols});
    }
  }
  for (const uint32_t count : std::set{1, spec.engine.batch}) {
    std::set<int64_t> constants;
    for (const Shape& shape : shapes) {
      SCOPED_TRACE(fmt::format("{} x {} times {}", shape.rows, shape.cols, count));
      constants.insert(Constant(spec, shape, count));
    }
    EXPECT_EQ(constants.size(), 1u) << "not constant";
    EXPECT_LT(*constants.rbegin(), kMostConstant);
    fmt::print("{}, {} vectors: ceil(R/{}) * ceil(K/{}) + {} cycles\n", spec.name, count, engines,
               lanes, fmt::join(constants, ", "));
  }
}

std::string NameOf(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Matvec, testing::Values("nano", "random-437"), NameOf);

}  // namespace
}  // namespace ternfab
