// SPDX-License-Identifier: Apache-2.0
#include "tests/common/fp32_compare.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/fp32.h"
#include "tests/common/fp32_oracle.h"

namespace ternfab {
namespace {

/// Runs `op` in one loop over the arrays, then compares each element with `oracle`.
template <class Op, class Oracle>
std::string CompareOne(const char* name, const std::vector<uint32_t>& a,
                       const std::vector<uint32_t>& b, Op op, Oracle oracle) {
  std::vector<uint32_t> actual(a.size());
  for (size_t i = 0; i < a.size(); ++i) actual[i] = op(a[i], b[i]);
  for (size_t i = 0; i < a.size(); ++i) {
    const uint32_t expected = oracle(a[i], b[i]);
    if (actual[i] != expected) {
      return fmt::format("{}({:08x}, {:08x}) = {:08x}, must be {:08x}", name, a[i], b[i], actual[i],
                         expected);
    }
  }
  return {};
}

#define TF_COMPARE_2(op)                                                \
  CompareOne(                                                           \
      #op, a, b, [](uint32_t x, uint32_t y) { return fp32::op(x, y); }, \
      [](uint32_t x, uint32_t y) { return fp32_oracle::op(x, y); })
#define TF_COMPARE_1(op, cast, expected)                                           \
  CompareOne(                                                                      \
      #op, a, b, [](uint32_t x, uint32_t) { return uint32_t(fp32::op(cast(x))); }, \
      [](uint32_t x, uint32_t) { return uint32_t(expected); })

}  // namespace

std::string CompareFp32(const std::vector<Fp32Pair>& pairs) {
  std::vector<uint32_t> a, b;
  for (const auto& [x, y] : pairs) {
    a.push_back(x);
    b.push_back(y);
  }
  const std::string differences[] = {
      TF_COMPARE_2(Add),
      TF_COMPARE_2(Mul),
      TF_COMPARE_2(Max),
      TF_COMPARE_2(Min),
      CompareOne(
          "Sub", a, b, [](uint32_t x, uint32_t y) { return fp32::Sub(x, y); },
          [](uint32_t x, uint32_t y) { return fp32_oracle::Add(x, fp32_oracle::Neg(y)); }),
      TF_COMPARE_1(Neg, uint32_t, fp32_oracle::Neg(x)),
      TF_COMPARE_1(Abs, uint32_t, fp32_oracle::Abs(x)),
      TF_COMPARE_1(Relu, uint32_t, fp32_oracle::Max(x, 0)),
      TF_COMPARE_1(ToInt8, uint32_t, fp32_oracle::ToInt8(x)),
      TF_COMPARE_1(FromInt32Bits, int32_t, fp32_oracle::FromInt32(int32_t(x))),
  };
  for (const std::string& difference : differences) {
    if (!difference.empty()) return difference;
  }
  return {};
}

std::string CompareFp32Random(uint64_t seed, int64_t count) {
  constexpr int64_t kBlock = 4096;
  Fp32PairSource source(seed);
  std::vector<Fp32Pair> pairs;
  for (int64_t done = 0; done < count; done += kBlock) {
    pairs.clear();
    const int64_t n = std::min(kBlock, count - done);
    for (int64_t i = 0; i < n; ++i) pairs.push_back(source.Next());
    const std::string difference = CompareFp32(pairs);
    if (!difference.empty()) return fmt::format("seed {}: {}", seed, difference);
  }
  return {};
}

}  // namespace ternfab
