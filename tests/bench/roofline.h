// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "host/cpu/limits.h"

namespace ternfab {

inline int Cores() { return std::clamp(int(std::thread::hardware_concurrency()), 1, 256); }

/// What the machine can do with all cores, measured once in this run.
inline const CpuLimits& Limits() {
  static const CpuLimits kLimits = MeasureCpuLimits(Cores());
  return kLimits;
}

/// Counts what the loop of a benchmark does on the wall clock, from its construction on.
class Roofline {
 public:
  /// `bytes` and `macs` of one iteration; prints rates and their shares of Limits().
  void Report(benchmark::State& state, double bytes, double macs) const {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin_;
    const double rate = double(state.iterations()) / took.count();
    state.counters["GB/s"] = rate * bytes / 1e9;
    state.counters["GMAC/s"] = rate * macs / 1e9;
    state.counters["of_read"] = rate * bytes / Limits().read_bytes_per_second;
    state.counters["of_int8"] = rate * macs / Limits().int8_macs_per_second;
  }

 private:
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

inline void AddLimitsToContext() {
  benchmark::AddCustomContext("threads", std::to_string(Cores()));
  benchmark::AddCustomContext("kernels", BestPanelKernels().name);
  benchmark::AddCustomContext("read_GB/s", std::to_string(Limits().read_bytes_per_second / 1e9));
  benchmark::AddCustomContext("int8_GMAC/s", std::to_string(Limits().int8_macs_per_second / 1e9));
}

}  // namespace ternfab
