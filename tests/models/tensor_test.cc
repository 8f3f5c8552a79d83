// SPDX-License-Identifier: Apache-2.0
#include "models/tensor.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

#include "models/half.h"

namespace ternfab {
namespace {

TEST(TernaryMatrix, StoresTritsAtTheDocumentedBits) {
  TernaryMatrix m(2, 6, 0.25f);
  EXPECT_EQ(m.row_bytes(), 2);
  m.set_trit(1, 0, -1);
  m.set_trit(1, 3, 1);
  m.set_trit(1, 5, 1);
  const std::vector<uint8_t> expected = {0x55, 0x55, 0x94, 0x59};
  EXPECT_EQ(std::vector<uint8_t>(m.packed().begin(), m.packed().end()), expected);
  EXPECT_EQ(m.CountZeros(), 9);
}

TEST(TernaryMatrix, PackAndUnpackAgreeWithTritForAllWidths) {
  std::mt19937 random(1);
  for (const int cols : {1, 2, 3, 4, 5, 7, 8, 9, 127, 128, 129}) {
    TernaryMatrix m(3, cols, 1);
    TernaryMatrix by_trit(3, cols, 1);
    int64_t zeros = 0;
    for (int r = 0; r < 3; ++r) {
      std::vector<int8_t> row(cols), back(cols);
      for (int c = 0; c < cols; ++c) {
        row[c] = int8_t(random() % 3) - 1;
        by_trit.set_trit(r, c, row[c]);
        zeros += row[c] == 0;
      }
      m.PackRow(r, row);
      m.UnpackRow(r, back);
      EXPECT_EQ(back, row);
      for (int c = 0; c < cols; ++c) EXPECT_EQ(m.trit(r, c), row[c]);
    }
    EXPECT_EQ(m, by_trit);
    EXPECT_EQ(m.CountZeros(), zeros);
  }
}

TEST(Half, EveryValueSurvivesTheWayThroughFloat) {
  for (int bits = 0; bits < 65536; ++bits) {
    const float value = HalfToFloat(uint16_t(bits));
    if (std::isnan(value)) {
      EXPECT_TRUE((bits & 0x7c00) == 0x7c00 && (bits & 0x3ff) != 0) << bits;
      EXPECT_TRUE(std::isnan(HalfToFloat(FloatToHalf(value))));
    } else {
      EXPECT_EQ(FloatToHalf(value), bits);
    }
  }
}

TEST(Half, ValuesFollowFromTheFields) {
  for (int bits = 0; bits < 0x7c00; ++bits) {
    const int exponent = bits >> 10, mantissa = bits & 1023;
    const double value =
        exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25);
    EXPECT_EQ(double(HalfToFloat(uint16_t(bits))), value);
    EXPECT_EQ(double(HalfToFloat(uint16_t(bits | 0x8000))), -value);
  }
}

TEST(Half, RoundsToNearestTiesToEven) {
  for (int bits = 0; bits < 0x7bff; ++bits) {
    const float low = HalfToFloat(uint16_t(bits)), high = HalfToFloat(uint16_t(bits + 1));
    const float middle = (low + high) / 2;  // exact in float
    EXPECT_EQ(FloatToHalf(middle), bits + (bits & 1)) << bits;
    EXPECT_EQ(FloatToHalf(std::nextafter(middle, low)), bits);
    EXPECT_EQ(FloatToHalf(std::nextafter(middle, high)), bits + 1);
  }
  EXPECT_EQ(FloatToHalf(65519.0f), 0x7bff);
  EXPECT_EQ(FloatToHalf(65520.0f), 0x7c00);
  EXPECT_EQ(FloatToHalf(-1e30f), 0xfc00);
  EXPECT_EQ(FloatToHalf(1e-30f), 0);
}

std::vector<uint8_t> FromHex(const std::string& hex) {
  std::vector<uint8_t> bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(uint8_t(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

TableType TypeOf(const std::string& name) {
  for (const auto type :
       {TableType::kF32, TableType::kF16, TableType::kBF16, TableType::kQ8_0, TableType::kQ6_K}) {
    if (TableTypeName(type) == name) return type;
  }
  ADD_FAILURE() << name;
  return TableType::kF32;
}

TEST(RowTable, DecodesThePublishedEncodersBlocks) {
  const auto data = nlohmann::json::parse(std::ifstream(TF_TEST_DATA "/ggml_quants.json"));
  int tables = 0;
  for (const auto& test : data["tables"]) {
    const int rows = test["shape"][0], cols = test["shape"][1];
    const RowTable table(TypeOf(test["type"]), rows, cols, FromHex(test["packed"]));
    const std::vector<uint8_t> expected = FromHex(test["values_f32"]);
    std::vector<float> row(cols);
    for (int r = 0; r < rows; ++r) {
      table.ReadRow(r, row);
      EXPECT_EQ(std::memcmp(row.data(), &expected[size_t(r) * cols * 4], size_t(cols) * 4), 0)
          << test["type"] << " row " << r;
    }
    ++tables;
  }
  EXPECT_EQ(tables, 3);
}

// Q6_K written from the layout's words: 4 low bits of element e in nibble g/2 of byte
// 64n + 32(g%2) + l, 2 high bits in bits 2g of byte 128 + 32n + l, 16 scales, f16 d.
TEST(RowTable, DecodesQ6K) {
  std::mt19937 random(2);
  constexpr int kRows = 3, kCols = 512;
  std::vector<uint8_t> bytes(kRows * 2 * 210);
  std::vector<float> expected;
  for (int block = 0; block < kRows * 2; ++block) {
    uint8_t* b = &bytes[size_t(block) * 210];
    const uint16_t d = uint16_t(random() % 0x7c00);
    std::memcpy(b + 208, &d, 2);
    for (int i = 0; i < 16; ++i) b[192 + i] = uint8_t(random());
    for (int n = 0; n < 2; ++n) {
      for (int g = 0; g < 4; ++g) {
        for (int l = 0; l < 32; ++l) {
          const int q = int(random() % 64);
          b[64 * n + 32 * (g & 1) + l] += uint8_t((q & 15) * (g >= 2 ? 16 : 1));
          b[128 + 32 * n + l] += uint8_t((q / 16) * (1 << 2 * g));
          const float scale = HalfToFloat(d) * float(int8_t(b[192 + 8 * n + 2 * g + l / 16]));
          expected.push_back(scale * float(q - 32));
        }
      }
    }
  }
  const RowTable table(TableType::kQ6_K, kRows, kCols, bytes);
  EXPECT_TRUE(table.AllFinite());
  std::vector<float> row(kCols);
  for (int r = 0; r < kRows; ++r) {
    table.ReadRow(r, row);
    for (int c = 0; c < kCols; ++c) EXPECT_EQ(row[c], expected[size_t(r) * kCols + c]);
  }
}

TEST(RowTable, FindsInfinityAndNanInEveryType) {
  for (const auto type :
       {TableType::kF32, TableType::kF16, TableType::kBF16, TableType::kQ8_0, TableType::kQ6_K}) {
    const int64_t size = TableRowBytes(type, 256) * 2;
    std::vector<uint8_t> bytes(size);
    EXPECT_TRUE(RowTable(type, 2, 256, bytes).AllFinite());
    // The exponent of the last element or, in Q8_0, of the last block's scale at its front.
    const int64_t top = type == TableType::kQ8_0 ? size - 33 : size - 1;
    bytes[top] = 0x7f;
    bytes[top - 1] = 0x80;
    EXPECT_FALSE(RowTable(type, 2, 256, bytes).AllFinite()) << TableTypeName(type);
  }
}

TEST(RowTable, ChecksTheRowsItIsAskedFor) {
  std::vector<uint8_t> bytes(TableRowBytes(TableType::kBF16, 5000) * 3);
  bytes[2 * 5000 * 2 + 9001] = 0x7f, bytes[2 * 5000 * 2 + 9000] = 0x80;  // infinity in row 2
  const RowTable table(TableType::kBF16, 3, 5000, bytes);
  EXPECT_TRUE(table.AllFinite(0, 2));
  EXPECT_FALSE(table.AllFinite(2, 3));
  EXPECT_FALSE(table.AllFinite());
}

TEST(RowTable, EqualsByWhatItHoldsNotWhereItLies) {
  const auto bytes = std::make_shared<std::vector<uint8_t>>(9, 1);
  const std::span<const uint8_t> all = *bytes;
  const RowTable at_even(TableType::kBF16, 2, 2, all.first(8), bytes);
  const RowTable at_odd(TableType::kBF16, 2, 2, all.last(8), bytes);
  EXPECT_EQ(at_even.bytes().data(), bytes->data());
  EXPECT_EQ(at_even, at_odd);
  EXPECT_NE(at_even, RowTable(TableType::kF16, 2, 2, all.last(8), bytes));
  EXPECT_NE(at_even, RowTable(TableType::kBF16, 4, 1, all.last(8), bytes));
  bytes->back() = 2;
  EXPECT_NE(at_even, at_odd);
}

TEST(TernaryMatrix, ALargeOneHoldsWhatASmallOneHolds) {
  TernaryMatrix large(4096, 2050, 1);  // in huge pages
  EXPECT_EQ(large.CountZeros(), 4096 * 2050);
  large.set_trit(4095, 2049, -1);
  const TernaryMatrix copy = large;
  EXPECT_EQ(copy, large);
  EXPECT_EQ(copy.trit(4095, 2049), -1);
  EXPECT_EQ(copy.CountZeros(), 4096 * 2050 - 1);
}

}  // namespace
}  // namespace ternfab
