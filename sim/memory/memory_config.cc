// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/memory_config.h"

namespace ternfab {

Expected<MemoryConfig> MakeMemoryConfig(const HardwareSpec& spec) {
  MemoryConfig config;
  config.ports = spec.memory.ports;
  config.beat_bytes = spec.memory.width_bits / 8;
  config.latency_cycles = spec.memory.latency;
  return config;
}

}  // namespace ternfab
