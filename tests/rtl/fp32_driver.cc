// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/fp32_driver.h"

#include <fmt/format.h>

#include "Vunit_bench.h"
#include "common/fp32.h"

namespace ternfab {
namespace {

// tf_fp32_pkg
constexpr size_t kAddLatency = 4;
constexpr size_t kMulLatency = 4;
constexpr size_t kFromInt32Latency = 2;
constexpr size_t kToInt8Latency = 2;
constexpr size_t kLongest = 4;

std::string Difference(const char* unit, Fp32Pair operands, uint32_t actual, uint32_t expected) {
  return fmt::format("{}({:08x}, {:08x}) = {:08x}, must be {:08x}", unit, operands.first,
                     operands.second, actual, expected);
}

}  // namespace

Fp32Driver::Fp32Driver() : bench_(std::make_unique<Vunit_bench>()), history_(kLongest + 1) {
  bench_->rst_ni = 0;
  bench_->fp32_valid_i = 0;
  for (int i = 0; i < 2; ++i) Clock();
  bench_->rst_ni = 1;
}

Fp32Driver::~Fp32Driver() { bench_->final(); }

void Fp32Driver::Clock() {
  bench_->clk_i = 1;
  bench_->eval();
  bench_->clk_i = 0;
  bench_->eval();
}

std::string Fp32Driver::Step(std::optional<Fp32Pair> pair) {
  noise_ = noise_ * 1664525 + 1013904223;
  const Fp32Pair driven = pair.value_or(Fp32Pair{noise_, noise_ ^ 0x5a5a5a5a});
  bench_->fp32_valid_i = pair.has_value();
  bench_->fp32_a_i = driven.first;
  bench_->fp32_b_i = driven.second;
  bench_->eval();
  std::string difference = CheckMinMax(driven);
  history_.pop_back();
  history_.emplace_front();
  if (pair) {
    const auto [a, b] = *pair;
    history_.front() = Expected{*pair, fp32::Add(a, b) + fault_, fp32::Mul(a, b),
                                fp32::FromInt32Bits(int32_t(a)), uint8_t(fp32::ToInt8(a))};
    ++operations_;
  }
  Clock();
  return difference.empty() ? CheckPipelines() : difference;
}

std::string Fp32Driver::Drain() {
  for (size_t i = 0; i < kLongest + 1; ++i) {
    std::string difference = Step(std::nullopt);
    if (!difference.empty()) return difference;
  }
  return {};
}

std::string Fp32Driver::CheckMinMax(Fp32Pair pair) const {
  const uint32_t max = fp32::Max(pair.first, pair.second);
  const uint32_t min = fp32::Min(pair.first, pair.second);
  if (bench_->fp32_max_o != max) return Difference("max", pair, bench_->fp32_max_o, max);
  if (bench_->fp32_min_o != min) return Difference("min", pair, bench_->fp32_min_o, min);
  return {};
}

/// After the clock edge, the operation given n cycles ago is at index n - 1.
std::string Fp32Driver::CheckPipelines() const {
  const auto check = [&](const char* unit, size_t latency, bool valid, uint32_t actual,
                         auto member) -> std::string {
    const std::optional<Expected>& e = history_[latency - 1];
    if (valid != e.has_value()) return fmt::format("{}: valid_o = {}, must not be", unit, valid);
    if (!e || actual == uint32_t((*e).*member)) return {};
    return Difference(unit, e->operands, actual, (*e).*member);
  };
  std::string d =
      check("add", kAddLatency, bench_->fp32_add_valid_o, bench_->fp32_add_o, &Expected::sum);
  if (d.empty()) {
    d = check("mul", kMulLatency, bench_->fp32_mul_valid_o, bench_->fp32_mul_o, &Expected::product);
  }
  if (d.empty()) {
    d = check("i32_to_fp32", kFromInt32Latency, bench_->fp32_i2f_valid_o, bench_->fp32_i2f_o,
              &Expected::from_int32);
  }
  if (d.empty()) {
    d = check("fp32_to_i8", kToInt8Latency, bench_->fp32_f2i8_valid_o, bench_->fp32_f2i8_o,
              &Expected::int8);
  }
  return d;
}

std::string RunFp32Random(uint64_t seed, int64_t count, bool gaps) {
  Fp32PairSource source(seed);
  Fp32Driver driver;
  std::mt19937_64 random(seed);
  while (driver.operations() < count) {
    const bool idle = gaps && (random() & 1) != 0;
    const std::string difference =
        driver.Step(idle ? std::nullopt : std::optional<Fp32Pair>(source.Next()));
    if (!difference.empty()) return fmt::format("seed {}: {}", seed, difference);
  }
  return driver.Drain();
}

}  // namespace ternfab
