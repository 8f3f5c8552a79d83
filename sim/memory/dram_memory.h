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
  /// As up to `cycles` Ticks, 1 at least, in which every beat is taken and nothing is asked, and no
  /// write waits for its answer: up to the first after which another port has a beat, or one has
  /// none any more. Returns their number.
  uint64_t TickSteady(uint64_t cycles, uint64_t cycle, std::span<MemoryPortOut> out);
  void Digest(uint64_t cycle, Digester& digest) const;

 private:
  /// A port's beats in TickSteady.
  struct Pace {
    bool valid = false;
    uint32_t calm = 0;   ///< calm_beats() of the port
    uint32_t taken = 0;  ///< of these
  };

  /// The memory cycles that begin in fabric cycle `cycle`.
  void StepChannels(uint64_t cycle);
  /// All ports with a beat give it away. Returns those (bit p) of which more changed than counts,
  /// and those without a beat.
  uint32_t TakeSteady();
  /// HandOut of these ports' reads; returns those that may have more.
  uint32_t HandOutSteady(uint32_t ports, uint64_t cycle);
  /// Nothing is asked and not answered.
  bool idle() const;
  /// Of an idle memory: as many cycles, `most` at most, as have no work for the channels.
  uint64_t SkipIdle(uint64_t most);
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
  std::vector<Pace> paces_;
  ClockRatio clocks_;
  int accesses_per_cycle_;
  size_t first_port_ = 0;  ///< that hands out first; takes turns
  uint64_t now_ = 0;       ///< first memory cycle that begins in or after the current fabric cycle
  int64_t ahead_ = 0;  ///< its begin after that of the fabric cycle, in 1 / clocks_.memory cycles
};

}  // namespace ternfab
