// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/sampler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <random>

namespace ternfab {
namespace {

using ::testing::HasSubstr;
using Logits = std::vector<float>;
using Expectation = std::vector<std::pair<int, double>>;

SamplingOptions Options(double temperature, int top_k = 0, double top_p = 1, uint64_t seed = 1) {
  return {temperature, top_k, top_p, seed};
}

void ExpectDistribution(const Logits& logits, const SamplingOptions& options,
                        const Expectation& expected) {
  const auto got = SamplingDistribution(logits, options);
  ASSERT_EQ(got.size(), expected.size());
  for (size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(got[i].id, expected[i].first);
    EXPECT_NEAR(got[i].probability, expected[i].second, 1e-12);
  }
}

// Logits log 1, log 2, log 4, log 1: probabilities 1/8, 1/4, 1/2, 1/8, but for float's rounding.
const Logits kEighths = {0, 0.6931472f, 1.3862944f, 0};
constexpr double kRounding = 1e-7;

TEST(SamplingDistribution, IsTheSoftmaxInOrderOfIds) {
  const auto got = SamplingDistribution(kEighths, Options(1));
  const double expected[] = {0.125, 0.25, 0.5, 0.125};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(got[i].id, i);
    EXPECT_NEAR(got[i].probability, expected[i], kRounding);
  }
}

TEST(SamplingDistribution, TemperatureDividesTheLogits) {
  // Squares of 1, 2, 4, 1 at temperature 1/2; square roots at 2.
  const auto cold = SamplingDistribution(kEighths, Options(0.5));
  EXPECT_NEAR(cold[2].probability, 16.0 / 22, kRounding);
  const auto hot = SamplingDistribution(kEighths, Options(2));
  EXPECT_NEAR(hot[2].probability, 2 / (2 + 2 + std::sqrt(2.0)), kRounding);
}

TEST(SamplingDistribution, TopKKeepsTheGreatestAndTheFirstOfEquals) {
  ExpectDistribution({1, 1, 1, 1}, Options(1, 2), {{0, 0.5}, {1, 0.5}});
  ExpectDistribution({0, 5, 5, 9}, Options(1, 1), {{3, 1}});
  ExpectDistribution({0, 5, 5, 5}, Options(1, 2), {{1, 0.5}, {2, 0.5}});
  ExpectDistribution({2, 2}, Options(1, 7), {{0, 0.5}, {1, 0.5}});
}

TEST(SamplingDistribution, TopPKeepsTheFewestThatReachIt) {
  // 1/4 each: the sum reaches 1/2 with two of them, and needs three for anything above.
  const Logits even = {3, 3, 3, 3};
  ExpectDistribution(even, Options(1, 0, 0.5), {{0, 0.5}, {1, 0.5}});
  ExpectDistribution(even, Options(1, 0, 0.500001), {{0, 1.0 / 3}, {1, 1.0 / 3}, {2, 1.0 / 3}});
  ExpectDistribution(even, Options(1, 0, 1e-9), {{0, 1}});
  ExpectDistribution({0, 9, 0}, Options(1, 0, 0.9), {{1, 1}});
}

TEST(SamplingDistribution, TopPIsOfWhatTemperatureAndTopKLeave) {
  // Of the four equal ones top-k leaves two, whose halves top-p then sees.
  ExpectDistribution({3, 3, 3, 3}, Options(1, 2, 0.5), {{0, 1}});
  // At temperature 1/2 the greatest has 16/22 > 0.7, at 1 only 1/2.
  EXPECT_EQ(SamplingDistribution(kEighths, Options(0.5, 0, 0.7)).size(), 1u);
  EXPECT_EQ(SamplingDistribution(kEighths, Options(1, 0, 0.7)).size(), 2u);
}

TEST(SamplingDistribution, StandsNumbersThatAreNone) {
  const float inf = std::numeric_limits<float>::infinity(), nan = std::nanf("");
  ExpectDistribution({nan, 1, -inf, 1}, Options(1, 2), {{1, 0.5}, {3, 0.5}});
  ExpectDistribution({0, inf, 3}, Options(1, 1), {{1, 1}});
  for (const double top_p : {0.5, 1.0}) {
    double sum = 0;
    for (const auto& token : SamplingDistribution(Logits{nan, nan, nan}, Options(1, 0, top_p))) {
      sum += token.probability;
    }
    EXPECT_NEAR(sum, 1, 1e-12);
  }
  EXPECT_EQ(Sampler(Options(1)).Next(Logits{0, inf, 3}), 1);
}

TEST(SamplingDistribution, AgreesWithThePlainAlgorithm) {
  std::mt19937 random(9);
  for (int trial = 0; trial < 300; ++trial) {
    Logits logits(1 + random() % 40);
    for (float& logit : logits) logit = float(int(random() % 64)) / 8;
    const int top_k = int(random() % 12);
    const double top_p = double(1 + random() % 10) / 10 - 0.05, temperature = 0.7;
    std::vector<std::pair<double, int>> order;  // by -logit, then id
    for (size_t i = 0; i < logits.size(); ++i) order.emplace_back(-double(logits[i]), int(i));
    std::sort(order.begin(), order.end());
    if (top_k > 0 && size_t(top_k) < order.size()) order.resize(top_k);
    double all = 0, sum = 0;
    for (const auto& [negative, id] : order) all += std::exp(-negative / temperature);
    std::map<int, double> kept;
    for (const auto& [negative, id] : order) {
      if (sum >= top_p) break;
      sum += kept[id] = std::exp(-negative / temperature) / all;
    }
    Expectation expected;
    for (const auto& [id, probability] : kept) expected.emplace_back(id, probability / sum);
    ExpectDistribution(logits, Options(temperature, top_k, top_p), expected);
  }
}

TEST(Sampler, ZeroTemperatureIsGreedy) {
  Sampler sampler(Options(0, 1, 0.5));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(sampler.Next(Logits{1, 4, 4, 2}), 1);
}

TEST(Sampler, TheSeedDecides) {
  const auto draw = [](uint64_t seed) {
    Sampler sampler(Options(1, 0, 1, seed));
    std::vector<int> ids;
    for (int i = 0; i < 40; ++i) ids.push_back(sampler.Next(Logits{0, 0, 0, 0, 0, 0, 0, 0}));
    return ids;
  };
  EXPECT_EQ(draw(5), draw(5));
  EXPECT_NE(draw(5), draw(6));
}

TEST(Sampler, DrawsByTheDistribution) {
  Sampler sampler(Options(1, 0, 1, 12));
  constexpr int kDraws = 80000;
  int counts[4] = {};
  for (int i = 0; i < kDraws; ++i) ++counts[sampler.Next(kEighths)];
  const double expected[] = {0.125, 0.25, 0.5, 0.125};
  double chi_squared = 0;
  for (int i = 0; i < 4; ++i) {
    const double mean = kDraws * expected[i];
    chi_squared += (counts[i] - mean) * (counts[i] - mean) / mean;
  }
  EXPECT_LT(chi_squared, 16.27);        // 3 degrees of freedom, 0.1%; the seed is fixed
  Sampler wrong(Options(2, 0, 1, 12));  // the check can fail
  int greatest = 0;
  for (int i = 0; i < kDraws; ++i) greatest += wrong.Next(kEighths) == 2;
  EXPECT_GT(std::abs(greatest - kDraws * 0.5), 500);
}

TEST(SamplingOptions, BadValuesNameTheirFlag) {
  const auto message = [](SamplingOptions options) { return options.Validate().error().message; };
  EXPECT_THAT(message(Options(-1)), HasSubstr("--temperature -1: must be 0"));
  EXPECT_THAT(message(Options(std::nan(""))), HasSubstr("--temperature"));
  EXPECT_THAT(message(Options(1, -1)), HasSubstr("--top-k -1"));
  EXPECT_THAT(message(Options(1, 0, 0)), HasSubstr("--top-p 0: must be above 0"));
  EXPECT_THAT(message(Options(1, 0, 1.01)), HasSubstr("--top-p 1.01"));
  EXPECT_THAT(message(Options(1, 0, std::nan(""))), HasSubstr("--top-p"));
  EXPECT_TRUE(Options(1, 5, 1).Validate().has_value());
}

}  // namespace
}  // namespace ternfab
