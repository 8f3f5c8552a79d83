// SPDX-License-Identifier: Apache-2.0
// The CPU kernels on more weights than the caches hold, and their share of the bandwidth that plain
// reading of the same memory reaches in the same run.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <chrono>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "host/cpu/kernels.h"
#include "host/cpu/simd.h"
#include "host/cpu/thread_pool.h"
#include "models/random.h"

namespace ternfab {
namespace {

constexpr size_t kBytes = size_t{256} << 20;
constexpr int kHidden = 2560;  // int8 row

/// Bytes that are valid codes of both kinds of weights, so that every kernel reads the same memory.
const std::vector<uint8_t>& Weights() {
  static const std::vector<uint8_t> kWeights = [] {
    std::vector<uint8_t> bytes(kBytes);
    Random random(1, 0);
    for (size_t i = 0; i < kBytes; i += 8) {
      const uint64_t bits = random.Next();
      // Trits -1 (11), 0 (00), 1 (01) but -1 in the highest place: at most 127.
      const uint64_t low = bits & 0x5555555555555555;
      const uint64_t negative = (bits << 1) & (low << 1) & 0x2a2a2a2a2a2a2a2a;
      const uint64_t word = low | negative;
      for (int b = 0; b < 8; ++b) bytes[i + size_t(b)] = uint8_t(word >> (8 * b));
    }
    return bytes;
  }();
  return kWeights;
}

TF_SIMD uint64_t ReadAll(const uint8_t* bytes, size_t n) {
  const uint64_t* words = reinterpret_cast<const uint64_t*>(bytes);
  uint64_t sum = 0;
  for (size_t i = 0; i < n / 8; ++i) sum += words[i];
  return sum;
}

/// GB/s of reading the weights with all of `threads`; the best of five.
double ReadBandwidth(int threads) {
  static std::vector<double> known(257, 0.0);
  double& best = known[size_t(threads)];
  if (best > 0) return best;
  ThreadPool pool(threads);
  const uint8_t* bytes = Weights().data();
  for (int repeat = 0; repeat < 5; ++repeat) {
    const auto begin = std::chrono::steady_clock::now();
    pool.Split(int64_t(kBytes / 64), 1, [&](int64_t from, int64_t to) {
      benchmark::DoNotOptimize(ReadAll(bytes + 64 * from, size_t(64 * (to - from))));
    });
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    best = std::max(best, double(kBytes) / took.count() / 1e9);
  }
  return best;
}

/// Counts what the loop of `state`, which ends now, has done on the wall clock.
class Throughput {
 public:
  /// `macs` of one pass over all weights.
  void Report(benchmark::State& state, double macs, int threads) const {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin_;
    const double passes = double(state.iterations()) / took.count();
    const double bytes = passes * double(kBytes) / 1e9;
    state.counters["GB/s"] = bytes;
    state.counters["GMAC/s"] = passes * macs / 1e9;
    state.counters["of_reading"] = bytes / ReadBandwidth(threads);
  }

 private:
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// Rows of 2560 (base3) or 2048 (two_bit) columns on four ports of 128 bits.
void Ternary(benchmark::State& state, const Kernels* kernels, WeightCode code, int slots,
             int threads) {
  const TernaryShape shape{code, 4, 16, 32};
  std::vector<int8_t> x(size_t(shape.cols()));
  std::iota(x.begin(), x.end(), int8_t{0});
  TernaryInput input;
  input.Set(shape, kernels->block_bytes, std::vector<const int8_t*>(size_t(slots), x.data()));
  const int64_t groups = int64_t(kBytes) / shape.group_bytes();
  std::vector<int32_t> y(size_t(groups * shape.ports * slots));
  ThreadPool pool(threads);
  Weights();
  const Throughput throughput;
  for (auto _ : state) {
    pool.Split(groups, 1, [&](int64_t from, int64_t to) {
      kernels->ternary(
          {shape, Weights().data(), &input, int(from), int(to), y.data(), groups * shape.ports});
    });
    benchmark::ClobberMemory();
  }
  throughput.Report(state, double(kBytes) * shape.digits() * slots, threads);
}

void Dot(benchmark::State& state, const Kernels* kernels, int threads) {
  const std::vector<int8_t> x(kHidden, 3);
  const int8_t* rows = reinterpret_cast<const int8_t*>(Weights().data());
  const int64_t count = int64_t(kBytes) / kHidden;
  std::vector<int32_t> y(static_cast<size_t>(count));
  ThreadPool pool(threads);
  Weights();
  const Throughput throughput;
  for (auto _ : state) {
    pool.Split(count, 1, [&](int64_t from, int64_t to) {
      kernels->dot(rows + from * kHidden, kHidden, to - from, x.data(), &y[size_t(from)]);
    });
    benchmark::ClobberMemory();
  }
  throughput.Report(state, double(kBytes), threads);
}

/// p.v of 4096 positions and heads of 128, again and again over all memory.
void Accumulate(benchmark::State& state, const Kernels* kernels) {
  constexpr int64_t kHead = 128, kPositions = 4096;
  const std::vector<int8_t> p(kPositions, 5);
  const int8_t* rows = reinterpret_cast<const int8_t*>(Weights().data());
  std::vector<int32_t> y(kHead);
  Weights();
  const Throughput throughput;
  for (auto _ : state) {
    for (size_t at = 0; at < kBytes; at += kHead * kPositions) {
      kernels->accumulate(rows + at, kHead, kPositions, p.data(), kHead, y.data());
    }
    benchmark::ClobberMemory();
  }
  throughput.Report(state, double(kBytes), 1);
}

void RegisterAll() {
  const int cores = std::clamp(int(std::thread::hardware_concurrency()), 1, 256);
  const auto add = [](const std::string& name, const auto& body) {
    benchmark::RegisterBenchmark(name.c_str(), body)->Unit(benchmark::kMillisecond)->UseRealTime();
  };
  for (const Kernels* k : SupportedKernels()) {
    for (const int threads : cores > 1 ? std::vector<int>{1, cores} : std::vector<int>{1}) {
      for (const WeightCode code : {WeightCode::kBase3, WeightCode::kTwoBit}) {
        const char* name = code == WeightCode::kBase3 ? "base3" : "two_bit";
        for (const int slots : {1, 2, 4, 8}) {
          add(fmt::format("{}/{}/slots:{}/threads:{}", k->name, name, slots, threads),
              [=](benchmark::State& state) { Ternary(state, k, code, slots, threads); });
        }
      }
      add(fmt::format("{}/dot/threads:{}", k->name, threads),
          [=](benchmark::State& state) { Dot(state, k, threads); });
    }
    add(fmt::format("{}/accumulate", k->name),
        [=](benchmark::State& state) { Accumulate(state, k); });
  }
}

}  // namespace
}  // namespace ternfab

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  ternfab::RegisterAll();
  benchmark::RunSpecifiedBenchmarks();
}
