// SPDX-License-Identifier: Apache-2.0
// The LM head with a shortlist: what it picks, on RTL and emulator alike, and its cycles.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <set>

#include "host/cpu/device_model.h"
#include "host/cpu/evaluate.h"
#include "tests/codegen/test_models.h"
#include "tests/cosim/designs.h"
#include "tests/cosim/timing_compare.h"

namespace ternfab {
namespace {

ModelConfig Config(int vocab, bool tied) {
  ModelConfig config = SmallConfig();
  config.name = fmt::format("vocab {} {}", vocab, tied ? "tied" : "untied");
  config.vocab = vocab;
  config.tied_head = tied;
  return config;
}

/// Fewer rows than are picked, as many, one more, a part of a last chunk.
std::vector<ModelConfig> Configs() {
  return {Config(20, true), Config(32, false), Config(33, true), Config(200, false)};
}

class Shortlist : public testing::Test {
 protected:
  const HardwareSpec spec_ = FindDesign(kShortlistDesign);
  const HardwareSpec full_ = FindDesign("nano");
};

TEST_F(Shortlist, RtlEqualsTheEmulator) {
  rtl::SimulationOptions options;
  options.check = true;
  options.stall_percent = 20;
  for (const ModelConfig& config : Configs()) {
    SCOPED_TRACE(config.name);
    const Model model = RandomModel(config, 5);
    const Program program = Plan(model, spec_);
    const auto rtl = Simulate(spec_, program, options);
    const auto emulator = MakeEmulatedDevice(program);
    std::vector<int> next = {3, 1, 4, 1, 5};
    for (int step = 0; step < 3; ++step) {
      const auto got = rtl->Append(next);
      ASSERT_TRUE(got.has_value()) << got.error().message;
      ASSERT_EQ(*got, emulator->Append(next)) << step;
      next = {ArgMax(*got)};
    }
  }
}

/// One row of each class; its logit is the full head's.
TEST_F(Shortlist, PicksOneOfEachClassAndScoresItAsTheFullHead) {
  const size_t rows = size_t(spec_.shortlist_rows);
  for (const ModelConfig& config : Configs()) {
    SCOPED_TRACE(config.name);
    const Model model = RandomModel(config, 6);
    const Program program = Plan(model, spec_), full_program = Plan(model, full_);
    const auto device = MakeEmulatedDevice(program);
    const auto full = MakeEmulatedDevice(full_program);
    for (const int token : {7, 0, 11}) {
      const auto got = device->Append({&token, 1});
      const auto want = full->Append({&token, 1});
      std::set<size_t> classes;
      for (size_t row = 0; row < got->size(); ++row) {
        if (std::isinf((*got)[row])) continue;
        EXPECT_EQ((*got)[row], (*want)[row]) << row;
        classes.insert(row % rows);
      }
      EXPECT_EQ(classes.size(), std::min(rows, size_t(config.vocab)));
    }
  }
}

/// A head whose rows are ternary already: the projection is exact, and a row better than the picked
/// ones can only be so by less than a key resolves.
TEST_F(Shortlist, FindsTheBestRowWhereTheProjectionIsExact) {
  Model model = RandomModel(Config(200, true), 7);
  constexpr float kKeyStep = 0x1p-10f;  // 11 bits of a key's mantissa are left of the tag
  std::vector<float> table(size_t(model.config.vocab) * model.config.hidden);
  uint32_t random = 1;
  for (float& w : table) {
    random = random * 1664525 + 1013904223;
    w = float(int(random >> 16) % 3 - 1) * 0.5f;
  }
  std::vector<uint8_t> bytes(table.size() * sizeof(float));
  std::memcpy(bytes.data(), table.data(), bytes.size());
  model.embedding = {TableType::kF32, model.config.vocab, model.config.hidden, bytes};
  const Program program = Plan(model, spec_), full_program = Plan(model, full_);
  const auto device = MakeEmulatedDevice(program);
  const auto full = MakeEmulatedDevice(full_program);
  for (int token = 0; token < 30; ++token) {
    const auto got = device->Append({&token, 1});
    const auto want = full->Append({&token, 1});
    const float best = (*want)[ArgMax(*want)];
    EXPECT_GE((*got)[ArgMax(*got)], best - kKeyStep * std::fabs(best)) << token;
  }
}

TEST_F(Shortlist, ModelEqualsTheRtlInEveryCycle) {
  for (const char* kind : {"fixed", "ddr4-2400"}) {
    for (const ModelConfig& config : Configs()) {
      const Program program = Plan(RandomModel(config, 8), spec_);
      const MemoryConfig memory = MemoryOf(spec_, kind);
      const auto runs = TimingRuns(config, spec_.engine.batch, 8);
      ASSERT_EQ(TimingDifference(spec_, program, memory, memory, runs), "")
          << config.name << ", " << kind;
    }
  }
}

}  // namespace
}  // namespace ternfab
