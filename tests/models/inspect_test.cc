// SPDX-License-Identifier: Apache-2.0
#include "models/inspect.h"

#include <gtest/gtest.h>

#include "tests/models/gguf_builder.h"

namespace ternfab {
namespace {

TEST(InspectModel, CountsWeightsZerosAndBytes) {
  const testing::TempFile file(testing::TinyModel().Bytes());
  const auto model = LoadGguf(file.path());
  ASSERT_TRUE(model.has_value()) << model.error().message;
  const ModelSummary summary = InspectModel(*model);
  ASSERT_EQ(summary.classes.size(), 7u);
  const TernaryClassSummary& k = summary.classes[1];
  EXPECT_EQ(k.name, "attn_k");
  EXPECT_EQ(k.rows, 16);
  EXPECT_EQ(k.cols, 32);
  EXPECT_EQ(k.weights, 2 * 16 * 32);
  // Codes (e + 1) % 3 and (e + 2) % 3: zeros are e % 3 = 0 (171 of 512) and e % 3 = 2 (170).
  EXPECT_EQ(k.zeros, 171 + 170);
  EXPECT_EQ(k.min_scale, 0.5f);
  EXPECT_EQ(k.max_scale, 0.5f);
  const int64_t layer = 32 * 32 * 2 + 16 * 32 * 2 + 32 * 64 * 3;
  EXPECT_EQ(summary.ternary_weights, 2 * layer);
  EXPECT_EQ(summary.ternary_weights, TernaryWeights(model->config));
  EXPECT_NEAR(summary.zero_fraction(), 1.0 / 3, 0.001);
  const int64_t norms = 2 * (32 * 3 + 64) + 32;
  EXPECT_EQ(summary.parameters, 2 * layer + norms + 12 * 32);
  EXPECT_EQ(summary.bytes.ternary, 2 * layer / 4);
  EXPECT_EQ(summary.bytes.embedding, 12 * 32 * 4);
  EXPECT_EQ(summary.bytes.head, 0);
  EXPECT_EQ(summary.bytes.norms, norms * 4);
  EXPECT_EQ(summary.bytes.total(), 2 * layer / 4 + 12 * 32 * 4 + norms * 4);
  EXPECT_EQ(summary.embedding_type, "F32");
  EXPECT_EQ(summary.tokenizer_vocab, 0);
  EXPECT_FALSE(summary.tokenizer_error.empty());
}

}  // namespace
}  // namespace ternfab
