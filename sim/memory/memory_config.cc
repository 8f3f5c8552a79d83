// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/memory_config.h"

#include <algorithm>

#include "common/integer.h"

namespace ternfab {
namespace {

constexpr int kStripeBytes = 256;
constexpr double kAgeCapSeconds = 1.5e-6;

/// Fabric cycles of a read of a closed row in an idle channel, from the queue to the R channel.
int IdleCycles(const DramTimings& t, const ClockRatio& clocks) {
  return int(CeilDiv((t.tRCD + t.tCL + t.burst) * clocks.fabric, clocks.memory));
}

Expected<DramConfig> MakeDramConfig(const HardwareSpec& spec, const DramPreset& preset) {
  DramConfig dram;
  dram.timings = preset.timings;
  dram.geometry = preset.geometry;
  dram.clocks = MakeClockRatio(preset.clock_hz_times_3, spec.clock_mhz);
  dram.channels = spec.memory.channels * preset.units;
  dram.stripe_bytes = std::max(kStripeBytes, preset.geometry.access_bytes);
  dram.response_bytes = spec.memory.response_bytes;
  dram.age_cap = int(kAgeCapSeconds * double(preset.clock_hz_times_3) / 3);
  const int beat_bytes = spec.memory.width_bits / 8;
  dram.accesses_per_cycle = std::max(1, 2 * beat_bytes / preset.geometry.access_bytes);
  const int idle = IdleCycles(dram.timings, dram.clocks);
  if (spec.memory.latency <= idle) {
    return Fail("spec {}: memory.latency = {}: must be at least {} ({} at {} MHz takes {})",
                spec.name, spec.memory.latency, idle + 1, preset.name, spec.clock_mhz, idle);
  }
  dram.request_cycles = spec.memory.latency - idle;
  const int least = 2 * std::max(beat_bytes, preset.geometry.access_bytes);
  if (spec.memory.response_bytes < least) {
    return Fail("spec {}: memory.response_bytes = {}: must be at least {} (two accesses of {})",
                spec.name, spec.memory.response_bytes, least, preset.name);
  }
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
  TF_ASSIGN_OR_RETURN(config.dram, MakeDramConfig(spec, *preset));
  return config;
}

}  // namespace ternfab
