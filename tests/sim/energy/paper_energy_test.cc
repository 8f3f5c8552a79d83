// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/paper_energy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/model.h"

namespace ternfab {
namespace {

using ::testing::HasSubstr;

std::string ThreeDigits(double joules) { return fmt::format("{:.3f}", joules); }

ModelConfig Shape(int hidden, int ffn, int layers, int heads, int kv_heads, int head_dim) {
  ModelConfig config;
  config.hidden = hidden;
  config.ffn = ffn;
  config.layers = layers;
  config.heads = heads;
  config.kv_heads = kv_heads;
  config.head_dim = head_dim;
  return config;
}

/// The ratio that 2402.17764 prints for the energy of a matrix product.
TEST(PaperEnergy, ATernaryWeightIs714TimesCheaper) {
  EXPECT_EQ(fmt::format("{:.1f}", PaperFp16Joules() / PaperTernaryJoules()), "71.4");
}

/// The "energy" column of 2504.12285 as it is printed there.
TEST(PaperEnergy, GivesTheColumnOfTheReport) {
  const ModelConfig bitnet = *FindModelPreset("bitnet-2b4t");
  EXPECT_EQ(ThreeDigits(EstimatePaperArithmetic(bitnet, PaperTernaryJoules()).total()), "0.028");
  const ModelConfig llama = Shape(2048, 8192, 16, 32, 8, 64);
  EXPECT_EQ(ThreeDigits(EstimatePaperArithmetic(llama, PaperFp16Joules()).total()), "0.258");
  const ModelConfig qwen = Shape(1536, 8960, 28, 12, 2, 128);
  EXPECT_EQ(ThreeDigits(EstimatePaperArithmetic(qwen, PaperFp16Joules()).total()), "0.347");
}

/// By hand: hidden 8, ffn 4, one layer, 2 heads and 1 KV head of 4: q 64, k 32, v 32, o 64,
/// gate, up and down 32 each: 288 weights; 2 * 512^2 * 8 products of scores and values.
TEST(PaperEnergy, CountsASmallShape) {
  const PaperArithmetic energy = EstimatePaperArithmetic(Shape(8, 4, 1, 2, 1, 4), 1e-12);
  EXPECT_DOUBLE_EQ(energy.linear, 512 * 288 * 1e-12);
  EXPECT_DOUBLE_EQ(energy.attention, 2.0 * 512 * 512 * 8 * 0.5e-12);
}

TEST(PaperEnergy, SaysThatItIsNotTheEnergyOfAToken) {
  const EnergyReport report = EstimatePaperEnergy(*FindModelPreset("bitnet-2b4t"));
  EXPECT_EQ(report.tokens, 512);
  EXPECT_EQ(report.seconds, 0);
  EXPECT_EQ(report.node, "7 nm");
  EXPECT_STREQ(report.evidence, "modelled");
  ASSERT_FALSE(report.notes.empty());
  EXPECT_THAT(report.notes[0], HasSubstr("512 tokens together"));
  EXPECT_THAT(report.notes[0], HasSubstr("nor measured"));
  EXPECT_EQ(ThreeDigits(report.total_joules()), "0.028");
}

}  // namespace
}  // namespace ternfab
