// SPDX-License-Identifier: Apache-2.0
// Nanoseconds of a fabric cycle of the memory timing: four ports of 128 bit at 250 MHz that read
// without a pause (what the weights of a decode step do), and four idle ones.
#include <benchmark/benchmark.h>

#include <vector>

#include "sim/memory/memory_timing.h"

namespace ternfab {
namespace {

constexpr int kPorts = 4;
constexpr int kBurst = 128;       // beats
constexpr uint64_t kAhead = 512;  // beats asked for and not received
constexpr uint64_t kRegion = 0x2345000;

MemoryTiming Make(const char* kind) {
  HardwareSpec spec;
  spec.memory.kind = kind;
  spec.memory.ports = kPorts;
  spec.memory.width_bits = 128;
  spec.memory.response_bytes = 4096;
  spec.clock_mhz = 250;
  return MemoryTiming(*MakeMemoryConfig(spec));
}

void Stream(benchmark::State& state, const char* kind) {
  MemoryTiming memory = Make(kind);
  std::vector<MemoryPortIn> in(kPorts);
  uint64_t ahead[kPorts] = {};
  for (size_t p = 0; p < kPorts; ++p) {
    in[p].araddr = p * kRegion;
    in[p].arbeats = kBurst;
    in[p].rready = true;
  }
  uint64_t beats = 0;
  for (auto _ : state) {
    for (int p = 0; p < kPorts; ++p) {
      ahead[p] -= memory.out(p).rvalid;
      beats += memory.out(p).rvalid;
      in[p].arvalid = ahead[p] + kBurst <= kAhead;
    }
    const bool taken[kPorts] = {memory.out(0).arready, memory.out(1).arready, memory.out(2).arready,
                                memory.out(3).arready};
    memory.Tick(in);
    for (int p = 0; p < kPorts; ++p) {
      if (!in[p].arvalid || !taken[p]) continue;
      in[p].araddr += 16 * kBurst;
      ahead[p] += kBurst;
    }
  }
  state.counters["beats_a_cycle"] = double(beats) / double(state.iterations());
}

void Idle(benchmark::State& state, const char* kind) {
  MemoryTiming memory = Make(kind);
  const std::vector<MemoryPortIn> in(kPorts);
  for (auto _ : state) memory.Tick(in);
}

BENCHMARK_CAPTURE(Stream, fixed, "fixed");
BENCHMARK_CAPTURE(Stream, ddr4, "ddr4-2400");
BENCHMARK_CAPTURE(Stream, lpddr4, "lpddr4");
BENCHMARK_CAPTURE(Idle, fixed, "fixed");
BENCHMARK_CAPTURE(Idle, ddr4, "ddr4-2400");

}  // namespace
}  // namespace ternfab

BENCHMARK_MAIN();
