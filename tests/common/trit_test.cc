// SPDX-License-Identifier: Apache-2.0
#include "common/trit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace ternfab {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<uint8_t> Pack(const std::vector<int8_t>& trits, WeightCode code, size_t bytes) {
  std::vector<uint8_t> packed(bytes, 0xaa);
  PackBeat(trits, code, packed);
  return packed;
}

TEST(Trit, LanesOfABeat) {
  EXPECT_EQ(LanesOf(WeightCode::kBase3, 32), 20);
  EXPECT_EQ(LanesOf(WeightCode::kBase3, 128), 80);
  EXPECT_EQ(LanesOf(WeightCode::kTwoBit, 32), 16);
  EXPECT_EQ(LanesOf(WeightCode::kTwoBit, 128), 64);
}

TEST(Trit, Base3BytesByHand) {
  EXPECT_THAT(Pack({0, 0, 0, 0, 0}, WeightCode::kBase3, 1), ElementsAre(121));
  EXPECT_THAT(Pack({-1, -1, -1, -1, -1}, WeightCode::kBase3, 1), ElementsAre(0));
  EXPECT_THAT(Pack({1, 1, 1, 1, 1}, WeightCode::kBase3, 1), ElementsAre(242));
  EXPECT_THAT(Pack({1, 0, 0, 0, 0}, WeightCode::kBase3, 1), ElementsAre(121 + 1));
  EXPECT_THAT(Pack({0, 0, 0, 0, -1}, WeightCode::kBase3, 1), ElementsAre(121 - 81));
  // Codes 2 1 0 1 2: 2 + 3 + 0 + 27 + 162.
  EXPECT_THAT(Pack({1, 0, -1, 0, 1}, WeightCode::kBase3, 1), ElementsAre(194));
}

TEST(Trit, TwoBitBytesByHand) {
  EXPECT_THAT(Pack({0, 1, -1, 0}, WeightCode::kTwoBit, 1), ElementsAre(0b00'11'01'00));
  EXPECT_THAT(Pack({-1, -1, -1, 1}, WeightCode::kTwoBit, 1), ElementsAre(0b01'11'11'11));
}

TEST(Trit, Int8BytesByHand) {
  EXPECT_EQ(LanesOf(WeightCode::kInt8, 128), 16);
  EXPECT_THAT(Pack({1, 0, -1, -128, 127}, WeightCode::kInt8, 6),
              ElementsAre(1, 0, 0xff, 0x80, 0x7f, 0));
  std::vector<int8_t> weights(2);
  ASSERT_TRUE(UnpackBeat(std::vector<uint8_t>{0x80, 0x7f}, WeightCode::kInt8, weights));
  EXPECT_THAT(weights, ElementsAre(-128, 127));
}

TEST(Trit, CodesAreThoseThatUnpack) {
  for (const WeightCode code : {WeightCode::kBase3, WeightCode::kTwoBit, WeightCode::kInt8}) {
    std::vector<int8_t> trits(size_t(TritsPerByte(code)));
    for (int value = 0; value < 256; ++value) {
      const std::vector<uint8_t> byte = {uint8_t(value)};
      EXPECT_EQ(IsCode(code, byte[0]), UnpackBeat(byte, code, trits).has_value()) << value;
    }
  }
}

TEST(Trit, PaddingIsZeroTrits) {
  EXPECT_THAT(Pack({}, WeightCode::kBase3, 3), Each(kBase3Zeros));
  EXPECT_THAT(Pack({}, WeightCode::kTwoBit, 3), Each(0));
  EXPECT_THAT(Pack({0, 0, 0, 0, 0, 1}, WeightCode::kBase3, 3), ElementsAre(121, 122, 121));
  EXPECT_THAT(Pack({0, 0, 0, 0, 1}, WeightCode::kTwoBit, 3), ElementsAre(0, 1, 0));
}

TEST(Trit, EveryByteUnpacksToItselfOrIsRefused) {
  for (const WeightCode code : {WeightCode::kBase3, WeightCode::kTwoBit, WeightCode::kInt8}) {
    std::vector<int8_t> trits(size_t(TritsPerByte(code)));
    for (int value = 0; value < 256; ++value) {
      const std::vector<uint8_t> byte = {uint8_t(value)};
      bool must = code != WeightCode::kBase3 || value < 243;
      for (int j = 0; j < 4 && code == WeightCode::kTwoBit; ++j) {
        must = must && (value >> (2 * j) & 3) != 2;
      }
      ASSERT_EQ(bool(UnpackBeat(byte, code, trits)), must) << value;
      if (must) {
        EXPECT_EQ(Pack(trits, code, 1), byte);
      }
    }
  }
}

TEST(Trit, MessagesNameThePlace) {
  std::vector<int8_t> trits(15);
  const std::vector<uint8_t> base3 = {0, 121, 243};
  EXPECT_THAT(UnpackBeat(base3, WeightCode::kBase3, trits).error().message,
              HasSubstr("byte 2 = 243: must be below 243"));
  trits.resize(8);
  const std::vector<uint8_t> two_bit = {0, 0b10'00'00};
  EXPECT_THAT(UnpackBeat(two_bit, WeightCode::kTwoBit, trits).error().message,
              HasSubstr("trit 2 of byte 1: code 10 is invalid"));
}

TEST(Trit, RandomBeatsComeBack) {
  std::mt19937 random(5);
  for (const WeightCode code : {WeightCode::kBase3, WeightCode::kTwoBit, WeightCode::kInt8}) {
    for (const int width : {8, 32, 128, 512}) {
      std::vector<int8_t> trits(size_t(LanesOf(code, width)));
      for (int8_t& t : trits) t = int8_t(int(random() % 3) - 1);
      std::vector<int8_t> back(trits.size());
      ASSERT_TRUE(UnpackBeat(Pack(trits, code, size_t(width / 8)), code, back));
      EXPECT_EQ(back, trits);
    }
  }
}

}  // namespace
}  // namespace ternfab
