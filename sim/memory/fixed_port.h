// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/memory/digest.h"
#include "sim/memory/memory_config.h"
#include "sim/memory/port_signals.h"
#include "sim/memory/ring.h"

namespace ternfab {

/// One port of a memory with a fixed latency and the port's full bandwidth: a burst's first beat is
/// ready latency_cycles after its address, then one beat a cycle; bursts in order.
class FixedPort {
 public:
  explicit FixedPort(const MemoryConfig& config);

  /// Ends cycle `cycle`, in which `out` was driven, and sets `out` to the next cycle's.
  void Tick(const MemoryPortIn& in, uint64_t cycle, MemoryPortOut& out);
  void Digest(uint64_t cycle, Digester& digest) const;

 private:
  struct Read {
    uint64_t ready_cycle = 0;
    int left = 0;
  };
  void TakeWrite(const MemoryPortIn& in, uint64_t cycle, const MemoryPortOut& out);

  uint64_t latency_;
  uint64_t write_latency_;
  int limit_;
  Ring<Read> reads_;
  Ring<int> write_bursts_;  ///< beats of each
  int write_beats_ = 0;     ///< taken, their burst is not complete
  Ring<uint64_t> acks_;     ///< ready cycle of each
};

}  // namespace ternfab
