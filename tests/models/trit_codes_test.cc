// SPDX-License-Identifier: Apache-2.0
#include "models/trit_codes.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace ternfab {
namespace {

TEST(JoinField, TakesOneFieldOfEachByteAndPadsWithZeroTrits) {
  const std::vector<uint8_t> bytes = {0b10'01'00'10, 0b00'00'01'01, 0b01'10'10'00, 0b10'10'01'10,
                                      0b00'01'10'01};
  uint8_t to[2];
  JoinField(bytes, 0, to);
  EXPECT_EQ(to[0], 0b10'00'01'10);
  EXPECT_EQ(to[1], 0b01'01'01'01);
  JoinField(bytes, 3, to);
  EXPECT_EQ(to[0], 0b10'01'00'10);
  EXPECT_EQ(to[1], 0b01'01'01'00);
}

using Split = bool (*)(const uint8_t*, int64_t, const std::array<uint8_t*, 4>&, int64_t);

class SplitCodesTest : public ::testing::TestWithParam<Split> {};

TEST_P(SplitCodesTest, IsJoinFieldOfEveryBlock) {
  std::mt19937 random(7);
  constexpr int kBlocks = 9, kStride = 11;
  std::vector<uint8_t> bytes(kBlocks * kCodeBlock);
  for (uint8_t& b : bytes) {
    b = uint8_t(random() % 3 | random() % 3 << 2 | random() % 3 << 4 | random() % 3 << 6);
  }
  std::vector<uint8_t> out[4];
  for (auto& field : out) field.assign(kBlocks * kStride, 0xee);
  EXPECT_TRUE(GetParam()(bytes.data(), kBlocks,
                         {out[0].data(), out[1].data(), out[2].data(), out[3].data()}, kStride));
  for (int k = 0; k < 4; ++k) {
    for (int i = 0; i < kBlocks; ++i) {
      uint8_t expected[8];
      JoinField(std::span(bytes).subspan(i * kCodeBlock, kCodeBlock), k, expected);
      for (int j = 0; j < 8; ++j) EXPECT_EQ(out[k][i * kStride + j], expected[j]);
      for (int j = 8; j < kStride; ++j) EXPECT_EQ(out[k][i * kStride + j], 0xee);
    }
  }
}

TEST_P(SplitCodesTest, SeesCode3InEveryPlace) {
  std::vector<uint8_t> bytes(2 * kCodeBlock, 0b10'10'10'10);
  uint8_t out[4][16];
  const std::array<uint8_t*, 4> to = {out[0], out[1], out[2], out[3]};
  EXPECT_TRUE(GetParam()(bytes.data(), 2, to, 8));
  EXPECT_EQ(FindCode3(bytes), -1);
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (int k = 0; k < 4; ++k) {
      bytes[at] |= uint8_t(3 << (2 * k));
      EXPECT_FALSE(GetParam()(bytes.data(), 2, to, 8)) << at << " " << k;
      EXPECT_EQ(FindCode3(bytes), int64_t(at));
      bytes[at] = 0b10'10'10'10;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, SplitCodesTest, ::testing::Values(SplitCodes, SplitCodesScalar),
                         [](const auto& info) { return info.index == 0 ? "Best" : "Scalar"; });

}  // namespace
}  // namespace ternfab
