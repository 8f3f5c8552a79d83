// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "models/model.h"
#include "tests/models/model_equal.h"

namespace ternfab {
namespace {

using testing::ExpectSameWeights;

ModelConfig Shape(int hidden, bool tied) {
  return {"shape", hidden, 518, 2, 4, 2, 64, 300, 64, 10000, 1e-5, Activation::kRelu2, tied, true};
}

double Deviation(const RowTable& table) {
  std::vector<float> row(table.cols());
  double sum = 0, squares = 0;
  for (int r = 0; r < table.rows(); ++r) {
    table.ReadRow(r, row);
    for (const float x : row) sum += x, squares += double(x) * x;
  }
  const double n = double(table.rows()) * table.cols();
  EXPECT_NEAR(sum / n, 0, 0.01 * std::sqrt(squares / n));
  return std::sqrt(squares / n - sum / n * (sum / n));
}

TEST(Synthesize, ShapesAndStatistics) {
  const Model model = *SynthesizeModel(Shape(256, false), 1);
  EXPECT_TRUE(model.synthetic);
  EXPECT_EQ(model.tokenizer, nullptr);
  EXPECT_FALSE(model.tokenizer_error.empty());
  EXPECT_EQ(model.embedding.type(), TableType::kQ6_K);
  EXPECT_EQ(model.head().rows(), 300);
  EXPECT_FALSE(model.embedding == model.untied_head);
  // Logits of a unit-variance hidden state have deviation 2.
  EXPECT_NEAR(Deviation(model.embedding) * 16, 2.0, 0.1);
  EXPECT_EQ(model.output_norm, std::vector<float>(256, 1.0f));
  const TernaryMatrix& down = model.layers[1].down;
  EXPECT_EQ(down.rows(), 256);
  EXPECT_EQ(down.cols(), 518);
  EXPECT_NEAR(down.scale() * std::sqrt(518 * 2.0 / 3), 1, 1e-6);
  int64_t counts[3] = {};
  for (int r = 0; r < down.rows(); ++r) {
    for (int c = 0; c < down.cols(); ++c) ++counts[down.trit(r, c) + 1];
  }
  for (const int64_t count : counts) EXPECT_NEAR(double(count) / (256 * 518), 1.0 / 3, 0.01);
  // Pads of the last byte of a row (518 = 4 * 129 + 2) are code 1.
  for (int r = 0; r < down.rows(); ++r) {
    EXPECT_EQ(down.packed()[r * 130 + 129] >> 4, 0b0101);
  }
}

TEST(Synthesize, OtherWidthsGetAnF32Embedding) {
  const Model model = *SynthesizeModel(Shape(100, true), 1);
  EXPECT_EQ(model.embedding.type(), TableType::kF32);
  EXPECT_NEAR(Deviation(model.embedding) * 10, 2.0, 0.1);
}

TEST(Synthesize, SeedDecidesTheBits) {
  const Model a = *SynthesizeModel(Shape(256, true), 1);
  const Model b = *SynthesizeModel(Shape(256, true), 1);
  const Model c = *SynthesizeModel(Shape(256, true), 2);
  ExpectSameWeights(a, b);
  EXPECT_FALSE(a.layers[0].q == c.layers[0].q);
  EXPECT_FALSE(a.embedding == c.embedding);
  EXPECT_FALSE(a.layers[0].q == a.layers[1].q);
}

// The generator as published: splitmix64 fills the state of xoshiro256**.
TEST(Synthesize, FirstTritsFollowFromThePublishedGenerator) {
  const uint64_t seed = 42, stream = 1;  // stream 0 is the embedding, 1 the first layer's q
  uint64_t mix = seed ^ stream * 0xd1342543de82ef95;
  uint64_t state[4];
  for (uint64_t& s : state) {
    uint64_t z = (mix += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    s = z ^ (z >> 31);
  }
  const auto rotate = [](uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
  const Model model = *SynthesizeModel(Shape(256, true), seed);
  for (int c = 0; c < 64; c += 16) {
    uint64_t bits = rotate(state[1] * 5, 7) * 9;
    for (int i = 0; i < 4; ++i, bits >>= 16) {
      uint64_t digits = (bits & 0xffff) * 81 / 65536;
      for (int j = 0; j < 4; ++j, digits /= 3) {
        EXPECT_EQ(model.layers[0].q.trit(0, c + 4 * i + j), int(digits % 3) - 1);
      }
    }
    const uint64_t t = state[1] << 17;
    state[2] ^= state[0], state[3] ^= state[1], state[1] ^= state[2], state[0] ^= state[3];
    state[2] ^= t;
    state[3] = rotate(state[3], 45);
  }
}

TEST(Synthesize, BadShapesAreRefused) {
  ModelConfig config = Shape(256, true);
  config.kv_heads = 3;
  EXPECT_THAT(SynthesizeModel(config, 1).error().message, ::testing::HasSubstr("kv_heads = 3"));
}

}  // namespace
}  // namespace ternfab
