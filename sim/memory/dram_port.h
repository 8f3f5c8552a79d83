// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/memory/digest.h"
#include "sim/memory/memory_config.h"
#include "sim/memory/port_signals.h"
#include "sim/memory/ring.h"

namespace ternfab {

/// The memory's side of one AXI port: splits bursts into accesses of the channels, keeps room for
/// their data and gives them back in order, a beat a cycle.
///
/// Contract:
/// - A burst can be split request_cycles after its address; a write also needs all its beats.
/// - A read's access is handed out only with a slot of the response buffer; the slot is free again
///   when the last beat in it has been taken.
/// - A write is answered when all its accesses have been handed out, latency_cycles -
///   request_cycles later (the controller keeps it; its data need no slot here).
class DramPort {
 public:
  explicit DramPort(const MemoryConfig& config);

  /// Handshakes of cycle `cycle`, in which `out` was driven.
  void Take(const MemoryPortIn& in, uint64_t cycle, const MemoryPortOut& out);

  /// Address of the next read (write) access that may be handed out in cycle `cycle`.
  std::optional<uint64_t> NextRead(uint64_t cycle) const;
  std::optional<uint64_t> NextWrite(uint64_t cycle) const;
  /// Hands it out. A read's data come to the slot that is returned.
  uint32_t HandOutRead();
  void HandOutWrite(uint64_t cycle);
  /// The data of a slot can be on the R channel from `cycle` on.
  void Arrive(uint32_t slot, uint64_t cycle) { slots_[slot & slot_mask_] = cycle; }

  /// Sets `out` to what the port drives in cycle `cycle`.
  void Drive(uint64_t cycle, MemoryPortOut& out);

  void Digest(uint64_t cycle, Digester& digest) const;

 private:
  static constexpr uint64_t kPending = ~uint64_t{0};

  struct Burst {
    uint64_t address = 0;
    int beats = 0;
    uint64_t visible_cycle = 0;  ///< may be split from here on
    uint32_t first_slot = 0;     ///< of a read that is being, or has been, split
  };

  uint64_t FirstAccess(const Burst& b) const { return b.address >> access_shift_; }
  uint64_t Accesses(const Burst& b) const {
    const uint64_t end = b.address + (uint64_t(b.beats) << beat_shift_);
    return ((end - 1) >> access_shift_) - FirstAccess(b) + 1;
  }
  void TakeWrite(const MemoryPortIn& in, uint64_t cycle, const MemoryPortOut& out);
  void TakeBeat();
  /// Slots, counted from the first, that hold the first `beats` beats of a burst.
  uint32_t SlotsOf(const Burst& b, int beats) const {
    const uint64_t last = b.address + (uint64_t(beats) << beat_shift_) - 1;
    return uint32_t((last >> access_shift_) - FirstAccess(b) + 1);
  }

  int access_shift_;
  int beat_shift_;
  uint64_t request_cycles_;
  uint64_t answer_cycles_;
  int limit_;

  Ring<Burst> reads_;
  size_t split_ = 0;             ///< index in reads_ of the burst that is split next
  uint64_t split_accesses_ = 0;  ///< of it, already handed out
  int beats_taken_ = 0;          ///< of the oldest burst
  std::vector<uint64_t> slots_;  ///< cycle from which the data are there; ring
  uint32_t slot_mask_;
  uint32_t slot_count_;
  uint32_t next_slot_ = 0;     ///< to be handed out
  uint32_t arrived_slot_ = 0;  ///< all before it are there
  uint32_t free_slot_ = 0;     ///< all before it are free again

  Ring<Burst> writes_;           ///< whose beats are not all there
  Ring<Burst> splits_;           ///< complete, being split
  uint64_t write_accesses_ = 0;  ///< of the first of splits_, already handed out
  int write_beats_ = 0;
  Ring<uint64_t> acks_;
};

}  // namespace ternfab
