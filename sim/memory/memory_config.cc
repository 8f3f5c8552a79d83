// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/memory_config.h"

#include <algorithm>

namespace ternfab {
namespace {

constexpr int kStripeBytes = 256;
constexpr double kAgeCapSeconds = 1.5e-6;

DramConfig MakeDramConfig(const HardwareSpec& spec, const DramPreset& preset) {
  DramConfig dram;
  dram.timings = preset.timings;
  dram.geometry = preset.geometry;
  dram.clocks = MakeClockRatio(preset.clock_hz_times_3, spec.clock_mhz);
  dram.channels = spec.memory.channels * preset.units;
  dram.stripe_bytes = std::max(kStripeBytes, preset.geometry.access_bytes);
  dram.request_cycles = spec.memory.latency - IdleReadCycles(dram.timings, dram.clocks);
  dram.response_bytes = spec.memory.response_bytes;
  const int beat_bytes = spec.memory.width_bits / 8;
  dram.accesses_per_cycle = std::max(1, 2 * beat_bytes / preset.geometry.access_bytes);
  dram.read_queue = dram.write_queue = preset.queue;
  dram.write_drain = preset.queue * 3 / 4;
  dram.age_cap = int(kAgeCapSeconds * double(preset.clock_hz_times_3) / 3);
  return dram;
}

}  // namespace

Expected<MemoryConfig> MakeMemoryConfig(const HardwareSpec& spec) {
  MemoryConfig config;
  config.ports = spec.memory.ports;
  config.beat_bytes = spec.memory.width_bits / 8;
  config.latency_cycles = spec.memory.latency;
  if (spec.memory.kind == "fixed") return config;
  const DramPreset* preset = FindDramPreset(spec.memory.kind);
  if (preset == nullptr) {
    return Fail("spec {}: memory.kind = {}: has no timings", spec.name, spec.memory.kind);
  }
  config.dram = MakeDramConfig(spec, *preset);
  if (config.dram->request_cycles < 1) {
    return Fail("spec {}: memory.latency = {}: must be more than a read of {} takes ({})",
                spec.name, spec.memory.latency, preset->name,
                IdleReadCycles(preset->timings, config.dram->clocks));
  }
  return config;
}

}  // namespace ternfab
