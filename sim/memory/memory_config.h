// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "codegen/spec.h"
#include "common/error.h"
#include "sim/memory/dram_config.h"

namespace ternfab {

/// Everything that the timing of a memory depends on. Cycles are those of the fabric clock.
struct MemoryConfig {
  int ports = 1;
  int beat_bytes = 8;  ///< of one port
  /// AR handshake to the first R beat of an idle memory, last of AW and W handshake to B; >= 1.
  int latency_cycles = 1;
  int write_latency_cycles = 0;  ///< to B; 0: latency_cycles
  /// Read bursts (write bursts, write beats) of a port taken and not finished; ready is low beyond.
  int max_outstanding = 64;
  std::optional<DramConfig> dram;  ///< nothing: `fixed`
};

/// The memory that `spec` asks for. Errors: those of memory.kind and memory.latency that Validate
/// finds, too.
Expected<MemoryConfig> MakeMemoryConfig(const HardwareSpec& spec);

}  // namespace ternfab
