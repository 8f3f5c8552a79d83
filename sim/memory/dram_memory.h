// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/memory/address_map.h"
#include "sim/memory/channel_scheduler.h"
#include "sim/memory/dram_port.h"
#include "sim/memory/memory_config.h"

namespace ternfab {

/// DRAM channels behind the ports, and the crossing between their clock and the fabric's: memory
/// cycle m begins at the time m * clocks.fabric / clocks.memory in fabric cycles.
class DramMemory {
 public:
  explicit DramMemory(const MemoryConfig& config);

  /// Ends fabric cycle `cycle`, in which `out` was driven, and sets `out` to the next cycle's.
  void Tick(std::span<const MemoryPortIn> in, uint64_t cycle, std::span<MemoryPortOut> out);
  void Digest(uint64_t cycle, Digester& digest) const;

 private:
  void HandOut(uint64_t cycle);
  /// False if the port has nothing to hand out now or its channel's queue is full.
  bool HandOutRead(size_t port, uint64_t cycle);
  bool HandOutWrite(size_t port, uint64_t cycle);
  void AdvanceClock();
  /// First fabric cycle that begins at or after the begin of a memory cycle >= now_.
  uint64_t FabricCycle(uint64_t memory_cycle, uint64_t cycle) const;

  AddressMap map_;
  std::vector<ChannelScheduler> channels_;
  std::vector<DramPort> ports_;
  std::vector<AddressMap::Block> last_reads_;  ///< of the ports; saves time, not state
  ClockRatio clocks_;
  int accesses_per_cycle_;
  size_t first_port_ = 0;  ///< that hands out first; takes turns
  uint64_t now_ = 0;       ///< first memory cycle that begins in or after the current fabric cycle
  int64_t ahead_ = 0;  ///< its begin after that of the fabric cycle, in 1 / clocks_.memory cycles
};

}  // namespace ternfab
