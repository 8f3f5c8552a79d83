// SPDX-License-Identifier: Apache-2.0
#include "models/gguf_ternary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "models/half.h"

namespace ternfab {
namespace {

using ::testing::HasSubstr;

struct Golden {
  std::string name;
  GgufTensorType type;
  int rows, cols;
  float scale;
  std::string trits;  ///< -, 0, +
  std::vector<uint8_t> packed;
};

Golden Parse(const nlohmann::json& test, GgufTensorType type) {
  Golden out{test["name"],  type, test["shape"][0], test["shape"][1], test["scale"].get<float>(),
             test["trits"], {}};
  const std::string hex = test["packed"];
  for (size_t i = 0; i < hex.size(); i += 2) {
    out.packed.push_back(uint8_t(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return out;
}

std::vector<Golden> AllGolden() {
  std::vector<Golden> out;
  const auto quants = nlohmann::json::parse(std::ifstream(TF_TEST_DATA "/ggml_quants.json"));
  for (const auto& test : quants["ternary"]) {
    out.push_back(
        Parse(test, test["type"] == "TQ1_0" ? GgufTensorType::kTQ1_0 : GgufTensorType::kTQ2_0));
  }
  const auto i2s = nlohmann::json::parse(std::ifstream(TF_TEST_DATA "/i2_s.json"));
  for (const auto& test : i2s["cases"]) out.push_back(Parse(test, GgufTensorType::kI2_S));
  return out;
}

std::string Trits(const TernaryMatrix& m) {
  std::string out;
  for (int r = 0; r < m.rows(); ++r) {
    for (int c = 0; c < m.cols(); ++c) out += "-0+"[m.trit(r, c) + 1];
  }
  return out;
}

TEST(GgufTernary, DecodesWhatTheirConvertersWrote) {
  const std::vector<Golden> all = AllGolden();
  EXPECT_EQ(all.size(), 26u);
  for (const Golden& golden : all) {
    const auto m = DecodeTernary(golden.type, golden.rows, golden.cols, golden.packed, "t");
    ASSERT_TRUE(m.has_value()) << golden.name << ": " << m.error().message;
    EXPECT_EQ(Trits(*m), golden.trits) << golden.name;
    EXPECT_EQ(m->scale(), golden.scale) << golden.name;
  }
}

TEST(GgufTernary, EncodesTheSameBytes) {
  for (const Golden& golden : AllGolden()) {
    TernaryMatrix m(golden.rows, golden.cols, golden.scale);
    for (int e = 0; e < golden.rows * golden.cols; ++e) {
      const int trit = golden.trits[e] == '+' ? 1 : golden.trits[e] == '-' ? -1 : 0;
      m.set_trit(e / golden.cols, e % golden.cols, trit);
    }
    EXPECT_EQ(TernaryFactor(golden.type, golden.scale), 1);
    const auto bytes = EncodeTernary(golden.type, m, "t");
    ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
    EXPECT_EQ(*bytes, golden.packed) << golden.name;
  }
}

TEST(GgufTernary, DecodesEveryByteOfTq1) {
  const auto quants = nlohmann::json::parse(std::ifstream(TF_TEST_DATA "/ggml_quants.json"));
  for (int byte = 0; byte < 256; ++byte) {
    const std::string digits = quants["tq1_0_digits_of_byte"][byte];
    std::vector<uint8_t> block(54, uint8_t(byte));
    block[52] = 0, block[53] = 0x3c;  // 1.0
    const auto m = DecodeTernary(GgufTensorType::kTQ1_0, 1, 256, block, "t");
    ASSERT_TRUE(m.has_value());
    std::string expected;
    for (int j = 0; j < 5; ++j) expected += std::string(32, digits[j]);
    for (int j = 0; j < 5; ++j) expected += std::string(16, digits[j]);
    for (int j = 0; j < 4; ++j) expected += std::string(4, digits[j]);
    EXPECT_EQ(Trits(*m), expected) << byte;
  }
}

TEST(GgufTernary, RandomMatricesSurviveEncoding) {
  std::mt19937 random(3);
  const GgufTensorType types[] = {GgufTensorType::kI2_S, GgufTensorType::kTQ1_0,
                                  GgufTensorType::kTQ2_0};
  for (const auto& [rows, cols] : {std::pair(1, 256), {3, 512}, {64, 6}, {128, 5}, {32, 4}}) {
    for (const GgufTensorType type : types) {
      if (type != GgufTensorType::kI2_S && cols % 256 != 0) continue;
      TernaryMatrix m(rows, cols, 0.3f);  // no f16
      for (int r = 0; r < rows; ++r) {
        for (int c = 0; c < cols; ++c) m.set_trit(r, c, int(random() % 3) - 1);
      }
      const float factor = TernaryFactor(type, m.scale());
      EXPECT_EQ(factor, type == GgufTensorType::kI2_S ? 1.0f : 0.3f);
      const auto bytes = EncodeTernary(type, m, "t");
      ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
      auto back = DecodeTernary(type, rows, cols, *bytes, "t");
      ASSERT_TRUE(back.has_value()) << back.error().message;
      back->set_scale(back->scale() * factor);
      EXPECT_EQ(*back, m);
    }
  }
}

TEST(GgufTernary, RefusesCode3WhereverItStands) {
  std::vector<uint8_t> i2s(512 / 4 + 32, 0x55);
  for (int e = 0; e < 512; ++e) {
    std::vector<uint8_t> bytes = i2s;
    bytes[e / 128 * 32 + e % 32] |= uint8_t(3 << (6 - 2 * (e % 128 / 32)));
    const auto m = DecodeTernary(GgufTensorType::kI2_S, 2, 256, bytes, "tensor x");
    ASSERT_FALSE(m.has_value()) << e;
    const int byte = e / 128 * 32 + e % 32;
    EXPECT_EQ(m.error().message,
              "tensor x: byte " + std::to_string(byte) + ": code 3: must be 0, 1 or 2");
  }
  for (int e = 0; e < 256; ++e) {
    std::vector<uint8_t> bytes(2 * 66, 0x55);
    bytes[66 + e / 128 * 32 + e % 32] |= uint8_t(3 << (e % 128 / 32 * 2));
    EXPECT_FALSE(DecodeTernary(GgufTensorType::kTQ2_0, 1, 512, bytes, "t").has_value()) << e;
  }
}

TEST(GgufTernary, RefusesBadScales) {
  std::vector<uint8_t> i2s(128 / 4 + 32, 0x55);
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    std::memcpy(&i2s[32], &bad, 4);
    const auto m = DecodeTernary(GgufTensorType::kI2_S, 1, 128, i2s, "tensor x");
    ASSERT_FALSE(m.has_value());
    EXPECT_THAT(m.error().message, HasSubstr("tensor x: scale"));
  }
  for (const uint16_t bad : {uint16_t(0x7c00), uint16_t(0x7e01)}) {
    std::vector<uint8_t> tq2(2 * 66, 0x55);
    std::memcpy(&tq2[64], &bad, 2);
    EXPECT_FALSE(DecodeTernary(GgufTensorType::kTQ2_0, 2, 256, tq2, "t").has_value());
  }
}

std::vector<uint8_t> TwoBlocks(int code0, float d0, int code1, float d1) {
  std::vector<uint8_t> bytes(2 * 66, uint8_t(code0 * 0x55));
  std::fill(bytes.begin() + 66, bytes.end(), uint8_t(code1 * 0x55));
  const uint16_t h0 = FloatToHalf(d0), h1 = FloatToHalf(d1);
  std::memcpy(&bytes[64], &h0, 2);
  std::memcpy(&bytes[130], &h1, 2);
  return bytes;
}

TEST(GgufTernary, BlocksMustShareTheirScaleUnlessAllZero) {
  const auto decode = [](const std::vector<uint8_t>& bytes) {
    return DecodeTernary(GgufTensorType::kTQ2_0, 1, 512, bytes, "tensor x");
  };
  const auto unlike = decode(TwoBlocks(2, 0.5f, 0, 0.25f));
  ASSERT_FALSE(unlike.has_value());
  EXPECT_EQ(unlike.error().message,
            "tensor x: scale 0.25 of block 1: must be 0.5 as in the blocks before");
  EXPECT_EQ(decode(TwoBlocks(2, 0.5f, 1, 0))->scale(), 0.5f);
  EXPECT_EQ(decode(TwoBlocks(1, 0, 2, 0.5f))->scale(), 0.5f);
  EXPECT_EQ(decode(TwoBlocks(1, 0, 1, 0))->scale(), 0);
}

TEST(GgufTernary, RefusesShapesTheTypeCannotHold) {
  const auto odd = EncodeTernary(GgufTensorType::kTQ1_0, TernaryMatrix(2, 128, 1), "tensor x");
  ASSERT_FALSE(odd.has_value());
  EXPECT_THAT(odd.error().message, HasSubstr("tensor x: 2 x 128: columns must be a multiple"));
  EXPECT_FALSE(EncodeTernary(GgufTensorType::kI2_S, TernaryMatrix(3, 4, 1), "t").has_value());
  const std::vector<uint8_t> bytes(3 + 32, 0x55);
  EXPECT_FALSE(DecodeTernary(GgufTensorType::kI2_S, 3, 4, bytes, "t").has_value());
}

}  // namespace
}  // namespace ternfab
