// SPDX-License-Identifier: Apache-2.0
// Products on panels: the scalar kernels against the definition, every other one against the
// scalar. Also built for aarch64 and run under qemu.
#include "host/cpu/panels.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <numeric>
#include <random>

namespace ternfab {
namespace {

constexpr int kAny = 99;  // a random value, not a fixed one
constexpr int32_t kUntouched = 7;

/// Range of a code's weights.
int Least(PanelCode code) { return -OffsetOf(code); }
int Greatest(PanelCode code) {
  return code == PanelCode::kInt8 ? 127 : code == PanelCode::kInt4 ? 7 : 1;
}
bool IsTernary(PanelCode code) { return Greatest(code) == 1; }

/// Random weights and activations of one shape. Memory is exactly as large as promised.
struct Case {
  Case(PanelCode code, int rows, int cols, int token_count, int fixed_x, int fixed_w)
      : matrix{code, rows, cols, nullptr}, tokens(token_count) {
    std::mt19937 random(uint32_t(rows * 7919 + cols * 31 + tokens));
    weights.resize(size_t(rows) * size_t(cols));
    const int least = Least(code), count = Greatest(code) - least + 1;
    for (int8_t& w : weights) {
      w = int8_t(fixed_w != kAny ? fixed_w : int(random() % uint32_t(count)) + least);
    }
    x.resize(size_t(tokens) * size_t(cols));
    for (int8_t& v : x) v = int8_t(fixed_x != kAny ? fixed_x : int(random() % 256) - 128);
    bytes = static_cast<uint8_t*>(std::aligned_alloc(64, size_t(matrix.size())));
    for (int p = 0; p < matrix.panels(); ++p) Pack(p, bytes + p * matrix.panel_bytes());
    matrix.bytes = bytes;
    input.Resize(tokens, cols);
    for (int t = 0; t < tokens; ++t) input.Set(t, &x[size_t(t) * size_t(cols)]);
  }
  ~Case() { std::free(bytes); }
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;

  void Pack(int panel, uint8_t* out) {
    if (!IsTernary(matrix.code)) {
      const size_t first = size_t(panel) * kPanelRows * size_t(matrix.cols);
      const size_t count = std::min(weights.size() - first, size_t(kPanelRows * matrix.cols));
      return PackIntPanel(std::span(weights).subspan(first, count), matrix, out);
    }
    TernaryMatrix from(matrix.rows, matrix.cols, 1);
    for (int r = 0; r < matrix.rows; ++r) {
      from.PackRow(
          r, std::span(weights).subspan(size_t(r) * size_t(matrix.cols), size_t(matrix.cols)));
    }
    PackTernaryPanel(from, matrix, panel, out);
  }

  /// [token][padded row] of panels first .. last - 1.
  std::vector<int32_t> Run(const PanelKernels& kernels, int first, int last) const {
    std::vector<int32_t> y(size_t(tokens) * size_t(matrix.padded_rows()), kUntouched);
    kernels.multiply({matrix, &input, first, last, y.data(), matrix.padded_rows()});
    return y;
  }

  std::vector<int32_t> Definition(int first, int last) const {
    std::vector<int32_t> y(size_t(tokens) * size_t(matrix.padded_rows()), kUntouched);
    for (int t = 0; t < tokens; ++t) {
      for (int r = first * kPanelRows; r < last * kPanelRows; ++r) {
        int32_t sum = 0;
        for (int c = 0; r < matrix.rows && c < matrix.cols; ++c) {
          sum += weights[size_t(r) * size_t(matrix.cols) + size_t(c)] *
                 x[size_t(t) * size_t(matrix.cols) + size_t(c)];
        }
        y[size_t(t) * size_t(matrix.padded_rows()) + size_t(r)] = sum;
      }
    }
    return y;
  }

  PanelMatrix matrix;
  int tokens;
  std::vector<int8_t> weights, x;
  uint8_t* bytes = nullptr;
  PanelInput input;
};

void ExpectAllEqual(const Case& c, int first, int last) {
  const std::vector<int32_t> want = c.Definition(first, last);
  for (const PanelKernels* kernels : SupportedPanelKernels()) {
    EXPECT_EQ(c.Run(*kernels, first, last), want)
        << kernels->name << ", " << PanelCodeName(c.matrix.code) << ", " << c.matrix.rows << " x "
        << c.matrix.cols << ", " << c.tokens << " tokens";
  }
}

constexpr PanelCode kCodes[] = {PanelCode::kBase3, PanelCode::kTwoBit, PanelCode::kInt4,
                                PanelCode::kInt8};

TEST(PanelKernels, EveryEdgeOfTheShape) {
  for (const PanelCode code : kCodes) {
    for (const int rows : {1, 15, 16, 17, 33, 48}) {
      for (const int cols : {1, 3, 4, 5, 16, 19, 20, 21, 63, 64, 65, 100, 127, 640, 661}) {
        const Case c(code, rows, cols, 1, kAny, kAny);
        ExpectAllEqual(c, 0, c.matrix.panels());
      }
    }
  }
}

TEST(PanelKernels, EveryNumberOfTokens) {
  for (const PanelCode code : kCodes) {
    for (int tokens = 1; tokens <= 20; ++tokens) {
      ExpectAllEqual(Case(code, 80, 163, tokens, kAny, kAny), 0, 5);
    }
    ExpectAllEqual(Case(code, 40, 1300, 128, kAny, kAny), 0, 3);
    ExpectAllEqual(Case(code, 40, 1300, 127, kAny, kAny), 0, 3);
  }
}

TEST(PanelKernels, OnlyTheGivenPanelsAreWritten) {
  for (const PanelCode code : kCodes) {
    for (const int tokens : {1, 4, 9}) {
      const Case c(code, 16 * 7, 50, tokens, kAny, kAny);
      ExpectAllEqual(c, 2, 5);
      ExpectAllEqual(c, 3, 4);
      ExpectAllEqual(c, 3, 3);
    }
  }
}

TEST(PanelKernels, ExtremesDoNotOverflow) {
  for (const PanelCode code : kCodes) {
    for (const int x : {-128, 127}) {
      for (const int w : {Least(code), 0, Greatest(code)}) {
        for (const int tokens : {1, 3, 8}) {
          ExpectAllEqual(Case(code, 16, 14336, tokens, x, w), 0, 1);
        }
        if (IsTernary(code)) ExpectAllEqual(Case(code, 1, PanelInput::kMaxCols, 2, x, w), 0, 1);
      }
    }
  }
}

TEST(PanelKernels, EveryBase3ByteIsDecoded) {
  // Five trits of column group b run through all 243 bytes in 243 rows.
  for (const PanelCode code : {PanelCode::kBase3, PanelCode::kTwoBit}) {
    Case c(code, 243, 20, 1, kAny, 0);
    for (int row = 0; row < 243; ++row) {
      for (int b = 0; b < 4; ++b) {
        int value = (row + 61 * b) % 243;
        for (int d = 0; d < 5; ++d, value /= 3) {
          c.weights[size_t(row * 20 + 4 * d + b)] = int8_t(value % 3 - 1);
        }
      }
    }
    for (int p = 0; p < c.matrix.panels(); ++p) c.Pack(p, c.bytes + p * c.matrix.panel_bytes());
    ExpectAllEqual(c, 0, c.matrix.panels());
  }
}

TEST(PanelKernels, OneWrongWeightIsSeen) {
  Case c(PanelCode::kBase3, 32, 100, 9, 3, 1);
  const std::vector<int32_t> want = c.Definition(0, 2);
  c.bytes[70] ^= 1;
  for (const PanelKernels* kernels : SupportedPanelKernels()) {
    EXPECT_NE(c.Run(*kernels, 0, 2), want) << kernels->name;
  }
}

TEST(PanelKernels, FromPlainToFastest) {
  EXPECT_EQ(SupportedPanelKernels().front(), &ScalarPanelKernels());
  EXPECT_EQ(SupportedPanelKernels().back(), &BestPanelKernels());
}

TEST(PanelMatrix, CountsBytes) {
  const PanelMatrix base3{PanelCode::kBase3, 6912, 2560, nullptr};
  EXPECT_EQ(base3.size(), int64_t(6912) * 2560 / 5);
  const PanelMatrix two_bit{PanelCode::kTwoBit, 17, 17, nullptr};
  EXPECT_EQ(two_bit.size(), 2 * 2 * 64);
}

#if defined(__aarch64__)
TEST(PanelKernels, NeonIsAmongThem) {
  EXPECT_STREQ(BestPanelKernels().name, "neon-dotprod") << "qemu-aarch64 -cpu max has asimddp";
}
#endif

}  // namespace
}  // namespace ternfab
