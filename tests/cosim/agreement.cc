// SPDX-License-Identifier: Apache-2.0
#include "tests/cosim/agreement.h"

#include <gtest/gtest.h>

#include "host/cpu/device_model.h"
#include "host/cpu/evaluate.h"
#include "models/random.h"
#include "tests/codegen/test_models.h"
#include "tests/cosim/designs.h"

namespace ternfab {
namespace {

constexpr uint64_t kTokenStream = 3;
constexpr int kDecoded = 2;

std::vector<int> RandomPrompt(const ModelConfig& config, int batch, Random& random) {
  // More than one batch, and a last one that is not full, where the batch is above 1.
  const int most = std::min(config.context - kDecoded, batch + 3);
  const int count = std::max(1, most - int(random.Next() % 3));
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back(int(random.Next() % uint64_t(config.vocab)));
  return tokens;
}

}  // namespace

void ExpectAgreement(const HardwareSpec& spec, const ModelConfig& config, uint64_t seed) {
  Random random(seed ^ DesignHash(spec), kTokenStream);
  rtl::SimulationOptions options;
  options.check = true;
  options.seed = seed;
  options.stall_percent = int(random.Next() % 41);
  SCOPED_TRACE(fmt::format("{} on {}, seed {}, stalls {}%", config.name, spec.name, seed,
                           options.stall_percent));
  const Model model = RandomModel(config, seed);
  const Program program = Plan(model, spec);
  const Program elsewhere = Plan(model, FindDesign("kv260"));
  const auto rtl = Simulate(spec, program, options);
  const auto emulator = MakeEmulatedDevice(program);
  const auto other = MakeEmulatedDevice(elsewhere);

  std::vector<int> sequence = RandomPrompt(config, spec.engine.batch, random);
  std::vector<int> next = sequence;
  Expected<std::vector<float>> logits;
  for (int step = 0; step <= kDecoded; ++step) {
    logits = rtl->Append(next);
    ASSERT_EQ(LogitDifference(logits, emulator->Append(next)), "") << "step " << step;
    ASSERT_EQ(LogitDifference(logits, other->Append(next)), "") << "step " << step;
    next = {ArgMax(*logits)};
    if (step < kDecoded) sequence.push_back(next[0]);
  }
  rtl->Reset();
  Expected<std::vector<float>> single;
  for (const int& token : sequence) {
    single = rtl->Append({&token, 1});
    ASSERT_TRUE(single.has_value()) << single.error().message;
  }
  EXPECT_EQ(LogitDifference(single, logits), "") << "token by token";
  EXPECT_GT(rtl->checked_instructions(), 0u);
}

}  // namespace ternfab
