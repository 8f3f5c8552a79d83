// SPDX-License-Identifier: Apache-2.0
#include "models/inspect.h"

#include <gtest/gtest.h>

#include <cmath>

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
  // Each tensor of its own: blk.1.attn_k has codes (e + 2) % 3.
  ASSERT_EQ(summary.tensors.size(), 14u);
  const TernaryTensorSummary& k1 = summary.tensors[8];
  EXPECT_EQ(k1.name, "blk.1.attn_k");
  EXPECT_EQ(k1.zeros, 170);      // e % 3 = 2
  EXPECT_EQ(k1.negatives, 171);  // e % 3 = 1
  EXPECT_EQ(k1.positives, 171);  // e % 3 = 0
  EXPECT_EQ(k1.scale, 0.5f);
  const double p = 171.0 / 512, q = 170.0 / 512;
  EXPECT_DOUBLE_EQ(k1.entropy(), -2 * p * std::log2(p) - q * std::log2(q));
  EXPECT_NEAR(summary.entropy(), std::log2(3.0), 1e-4);
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

TEST(TernaryTensorSummary, EntropyOfFrequencies) {
  TernaryTensorSummary tensor{"x", 2, 4};
  tensor.zeros = 8;
  EXPECT_EQ(tensor.entropy(), 0);
  tensor.zeros = 4, tensor.negatives = 2, tensor.positives = 2;
  EXPECT_EQ(tensor.entropy(), 1.5);
}

}  // namespace
}  // namespace ternfab
