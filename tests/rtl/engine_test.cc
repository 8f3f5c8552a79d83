// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>

#include "tests/rtl/engine_driver.h"

namespace ternfab {
namespace {

class EngineRtl : public ::testing::TestWithParam<size_t> {};

INSTANTIATE_TEST_SUITE_P(Engines, EngineRtl, ::testing::Range<size_t>(0, kTestEngines.size()),
                         [](const auto& info) {
                           const EngineShape& s = kTestEngines[info.param];
                           return EngineModule(s).substr(sizeof("tf_engine_") - 1);
                         });

EngineBeat RandomBeat(const EngineDriver& driver, std::mt19937& random) {
  std::vector<int8_t> trits;
  const bool ternary = driver.shape().code != WeightCode::kInt8;
  for (int j = 0; j < driver.shape().lanes; ++j) {
    trits.push_back(int8_t(ternary ? int(random() % 3) - 1 : int(random() % 256) - 128));
  }
  EngineBeat beat = driver.Beat(trits, {});
  for (std::vector<int8_t>& slice : beat.activations) {
    for (int j = 0; j < driver.shape().lanes; ++j) slice.push_back(int8_t(random()));
  }
  return beat;
}

/// A row of `beats` random beats for the slices `slices`, with idle cycles where `gaps`.
void RandomRow(EngineDriver& driver, std::mt19937& random, int beats, unsigned slices, bool gaps) {
  for (int i = 0; i < beats; ++i) {
    EngineBeat beat = RandomBeat(driver, random);
    beat.first = i == 0;
    beat.last = i + 1 == beats;
    beat.slices = slices;
    while (gaps && random() % 2 == 0) driver.Step(nullptr);
    driver.Step(&beat);
  }
}

TEST_P(EngineRtl, RowsBackToBack) {
  EngineDriver driver(GetParam());
  std::mt19937 random(1);
  const unsigned all = (1u << driver.shape().batch) - 1;
  for (int row = 0; row < 300; ++row) RandomRow(driver, random, 1, all, false);
  for (int row = 0; row < 300; ++row) RandomRow(driver, random, 1 + row % 7, all, false);
  driver.Drain();
  EXPECT_EQ(driver.error(), "");
  EXPECT_EQ(driver.rows(), 600);
}

TEST_P(EngineRtl, IdleCyclesAndIdleSlices) {
  EngineDriver driver(GetParam());
  std::mt19937 random(2);
  const unsigned all = (1u << driver.shape().batch) - 1;
  RandomRow(driver, random, 2, all, true);
  for (int row = 0; row < 400; ++row) {
    if (row % 50 == 0) driver.Drain();
    RandomRow(driver, random, 1 + int(random() % 5), unsigned(random()) & all, row % 3 != 0);
  }
  driver.Drain();
  EXPECT_EQ(driver.error(), "");
  EXPECT_EQ(driver.rows(), 401);
}

TEST_P(EngineRtl, LongRowsAtTheExtremes) {
  EngineDriver driver(GetParam());
  const size_t lanes = size_t(driver.shape().lanes);
  for (const int trit : {-1, 1, -128, 127}) {
    if (driver.shape().code != WeightCode::kInt8 && (trit < -1 || trit > 1)) continue;
    for (const int activation : {-128, 127}) {
      EngineBeat beat = driver.Beat(std::vector<int8_t>(lanes, int8_t(trit)),
                                    std::vector<int8_t>(lanes, int8_t(activation)));
      for (int i = 0; i < 1000; ++i) {
        beat.first = i == 0;
        beat.last = i == 999;
        driver.Step(&beat);
      }
    }
  }
  driver.Drain();
  EXPECT_EQ(driver.error(), "");
}

TEST_P(EngineRtl, EveryByteInEveryPlace) {
  EngineDriver driver(GetParam());
  const int per_byte = TritsPerByte(driver.shape().code);
  std::vector<int8_t> activations;
  for (int j = 0; j < driver.shape().lanes; ++j) {
    constexpr std::array<int8_t, 5> kPowers = {1, 3, 9, 27, 81};
    activations.push_back(kPowers[size_t(j % per_byte)]);
  }
  for (int place = 0; place < driver.shape().beat_bits() / 8; ++place) {
    for (int value = 0; value < 256; ++value) {
      EngineBeat beat = driver.Beat({}, activations);
      beat.bytes[size_t(place)] = uint8_t(value);
      if (driver.shape().code == WeightCode::kBase3 && value >= 243) {
        // Invalid: flagged, and its row is not looked at.
        beat.slices = 0;
      }
      driver.Step(&beat);
    }
  }
  driver.Drain();
  EXPECT_EQ(driver.error(), "");
}

TEST_P(EngineRtl, ResetLosesWhatIsUnderWay) {
  EngineDriver driver(GetParam());
  std::mt19937 random(3);
  const unsigned all = (1u << driver.shape().batch) - 1;
  for (int run = 0; run < 20; ++run) {
    for (int row = 0; row < run; ++row) RandomRow(driver, random, 1 + row % 2, all, false);
    driver.Reset();
  }
  RandomRow(driver, random, 3, all, false);
  driver.Drain();
  EXPECT_EQ(driver.error(), "");
}

TEST_P(EngineRtl, FaultsAreSeen) {
  const size_t lanes = size_t(kTestEngines[GetParam()].lanes);
  for (const int fault : {1, 2}) {
    EngineDriver driver(GetParam());
    driver.set_fault(fault);
    const EngineBeat beat =
        driver.Beat(std::vector<int8_t>(lanes, 1), std::vector<int8_t>(lanes, 4));
    driver.Step(&beat);
    driver.Drain();
    const int sum = 4 * int(lanes);
    const std::string wrong = std::to_string(fault == 1 ? sum ^ 1 : sum - 4);
    EXPECT_NE(driver.error().find("slice 0: " + wrong + ", must be " + std::to_string(sum)),
              std::string::npos)
        << driver.error();
  }
}

}  // namespace
}  // namespace ternfab
