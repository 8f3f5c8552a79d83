// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "codegen/build_program.h"
#include "codegen/spec.h"
#include "host/cpu/device_model.h"
#include "host/cpu/evaluate.h"
#include "host/cpu/reference.h"
#include "models/model.h"
#include "models/random.h"

// How far device arithmetic is from the reference with the shipped model, on text that the
// reference samples itself.

namespace ternfab {
namespace {

constexpr uint64_t kSeed = 20;

/// One token drawn from the softmax of `logits`; `u` in [0, 1).
int Draw(const std::vector<float>& logits, double u) {
  const double most = logits[ArgMax(logits)];
  double total = 0;
  for (const float v : logits) total += std::exp(v - most);
  for (size_t i = 0; i < logits.size(); ++i) {
    u -= std::exp(logits[i] - most) / total;
    if (u < 0) return int(i);
  }
  return int(logits.size()) - 1;
}

TEST(Distance, DevicePredictsAsWellAsTheReference) {
  auto model = LoadGguf(TF_SOURCE_DIR "/models/tales/tales.gguf");
  ASSERT_TRUE(model.has_value()) << model.error().message;
  auto spec = FindSpec("kv260");
  ASSERT_TRUE(spec.has_value());
  auto program = BuildProgram(*model, *spec);
  ASSERT_TRUE(program.has_value()) << program.error().message;
  const auto reference = MakePlainReference(*model);
  const auto device = MakeEmulatedDevice(*program);

  Random random(kSeed, 0);
  std::vector<int> ids = {31};
  for (int i = 1; i < 2 * model->config.context; ++i) {
    if (i % model->config.context == 0) reference->Reset();
    const auto logits = reference->Append({&ids.back(), 1});
    ASSERT_TRUE(logits.has_value()) << logits.error().message;
    ids.push_back(Draw(*logits, double(random.Next() >> 11) * 0x1p-53));
  }
  const std::vector<int> bytes(model->config.vocab, 1);
  const auto result =
      Evaluate(*reference, *device, ids, bytes, model->config.context, [](int64_t, int64_t) {});
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_NEAR(result->device.Perplexity() / result->reference.Perplexity(), 1, 0.005);
  EXPECT_LT(result->kl, 0.002);
  EXPECT_GT(result->top1_agreement, 0.96);
  // The two are close, not the same: the comparison compares two arithmetics.
  EXPECT_GT(result->kl, 1e-6);
}

}  // namespace
}  // namespace ternfab
