// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/memory/dram_memory.h"
#include "sim/memory/fixed_port.h"
#include "sim/memory/memory_config.h"
#include "sim/memory/port_signals.h"

namespace ternfab {

/// When the memory behind the AXI ports of a design is ready: no data, no protocol. A value:
/// copying it copies the whole state. Cycles are those of the fabric clock. docs/memory.md.
///
/// Contract:
/// - In every cycle: read out() of all ports, let the device see them, then call Tick once with
///   what the device drives in that cycle.
/// - Reads of a port are answered in the order of their addresses, writes too; there is no order
///   between reads and writes, nor between ports.
/// - The same calls give the same answers.
class MemoryTiming {
 public:
  using PortOut = MemoryPortOut;
  using PortIn = MemoryPortIn;

  explicit MemoryTiming(const MemoryConfig& config);

  int ports() const { return int(out_.size()); }
  const MemoryConfig& config() const { return config_; }
  /// What the memory drives in the current cycle.
  const PortOut& out(int port) const { return out_[size_t(port)]; }
  /// Ends the current cycle: all ports at once (they share channels).
  void Tick(std::span<const PortIn> in);
  /// As up to `cycles` Ticks in which every beat is taken and nothing is asked: up to the first
  /// after which RVALID of a port changes. Returns their number, 1 at least. No write waits for its
  /// answer.
  uint64_t TickSteady(uint64_t cycles);
  uint64_t cycle() const { return cycle_; }
  /// Hash of the complete state with times relative to the current cycle: equal for states that
  /// behave alike from now on, whatever their cycle.
  uint64_t Digest() const;

 private:
  MemoryConfig config_;
  std::vector<PortOut> out_;
  std::vector<FixedPort> fixed_;  ///< empty with DRAM
  std::optional<DramMemory> dram_;
  uint64_t cycle_ = 0;
};

}  // namespace ternfab
