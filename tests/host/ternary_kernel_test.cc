// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/ternary_kernel.h"

#include <gtest/gtest.h>

#include <random>

namespace ternfab {
namespace {

struct Case {
  TernaryBlock block;
  std::vector<int8_t> x;
  std::vector<int64_t> expected;
};

/// Random trits and activations; a value of `fixed_x` or `fixed_trit` other than 99 replaces them.
Case MakeCase(int rows, int cols, int fixed_x, int fixed_trit) {
  std::mt19937 random(uint32_t(rows * 7919 + cols));
  Case c{TernaryBlock(rows, cols), {}, std::vector<int64_t>(rows, 0)};
  c.x.assign(c.block.padded_cols(), 0);
  for (int i = 0; i < cols; ++i) {
    c.x[i] = int8_t(fixed_x != 99 ? fixed_x : int(random() % 256) - 128);
  }
  std::vector<int8_t> row(cols);
  for (int r = 0; r < rows; ++r) {
    for (int i = 0; i < cols; ++i) {
      row[i] = int8_t(fixed_trit != 99 ? fixed_trit : int(random() % 3) - 1);
      c.expected[r] += row[i] * c.x[i];
    }
    c.block.SetRow(r, row);
  }
  return c;
}

void ExpectEqual(const Case& c) {
  std::vector<int32_t> fast(c.block.rows()), scalar(c.block.rows());
  c.block.Multiply(c.x.data(), fast.data());
  c.block.MultiplyScalar(c.x.data(), scalar.data());
  for (int r = 0; r < c.block.rows(); ++r) {
    EXPECT_EQ(scalar[r], c.expected[r]) << "row " << r;
    EXPECT_EQ(fast[r], c.expected[r]) << "row " << r;
  }
}

TEST(TernaryKernel, EveryShapeOfSumIsExact) {
  for (int cols : {1, 2, 3, 127, 128, 129, 255, 256, 2047, 2048, 2049, 2560, 6912, 14336}) {
    for (int rows : {1, 3}) {
      SCOPED_TRACE(cols);
      ExpectEqual(MakeCase(rows, cols, 99, 99));
    }
  }
}

TEST(TernaryKernel, ExtremesDoNotOverflow) {
  for (int x : {-128, 127}) {
    for (int trit : {-1, 0, 1}) ExpectEqual(MakeCase(2, 14336, x, trit));
  }
}

TEST(Int8Kernel, DotAndAccumulateAreExact) {
  std::mt19937 random(5);
  for (int n : {1, 15, 16, 17, 64, 100, 4096}) {
    std::vector<int8_t> a(n), b(n);
    std::vector<int32_t> y(n, 7);
    int64_t expected = 0;
    for (int i = 0; i < n; ++i) {
      a[i] = int8_t(random());
      b[i] = int8_t(random());
      expected += a[i] * b[i];
    }
    EXPECT_EQ(DotInt8(a.data(), b.data(), n), expected);
    AccumulateInt8(-128, a.data(), n, y.data());
    for (int i = 0; i < n; ++i) EXPECT_EQ(y[i], 7 - 128 * a[i]);
  }
}

}  // namespace
}  // namespace ternfab
