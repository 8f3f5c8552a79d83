// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sim/memory/memory_timing.h"

namespace ternfab {

/// The memory of a spec of this kind. The latency is long enough for every kind.
MemoryConfig ConfigOfKind(const char* kind, int ports, int width_bits, double mhz, int channels = 1,
                          int response_bytes = 16384);

/// Reads streams, one a port, with as many bursts outstanding as `outstanding` beats allow, and
/// takes every beat at once.
class StreamReader {
 public:
  struct Stream {
    uint64_t address = 0;
    uint64_t end = ~uint64_t{0};  ///< of the addresses asked for
    uint64_t asked = 0;           ///< beats
    uint64_t beats = 0;           ///< received
    uint64_t last_beats = 0;      ///< with RLAST
  };

  StreamReader(const MemoryConfig& config, int burst, uint64_t outstanding);

  void Cycle();
  void Run(uint64_t cycles);

  MemoryTiming memory;
  std::vector<Stream> streams;
  std::vector<MemoryPortIn> in;  ///< of the next cycle, but for AR and RREADY

 private:
  int burst_;
  uint64_t outstanding_;
};

}  // namespace ternfab
