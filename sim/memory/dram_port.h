// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
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
  void Take(const MemoryPortIn& in, uint64_t cycle, const MemoryPortOut& out) {
    if (out.rvalid && in.rready) TakeBeat();
    if (in.arvalid || in.awvalid || in.wvalid || out.bvalid) TakeRest(in, cycle, out);
  }

  /// A beat has been taken. A slot is free when no later beat of the burst is in it.
  void TakeBeat() {
    if (--left_ == 0) return EndBurst();
    next_byte_ += uint64_t{1} << beat_shift_;
    free_slot_ = SlotOf(next_byte_);
    needed_slot_ = SlotOf(next_byte_ + (uint64_t{1} << beat_shift_) - 1) + 1;
  }
  /// Beats, beside the next one, that are in the same access: taking them frees no slot.
  uint32_t calm_beats() const {
    const uint64_t in_access = uint64_t{1} << access_shift_;
    const uint64_t rest = (in_access - (next_byte_ & (in_access - 1))) >> beat_shift_;
    return left_ > 1 && rest > 1 ? uint32_t(std::min(uint64_t(left_), rest)) - 1 : 0;
  }
  void TakeCalmBeats(uint32_t beats) {
    left_ -= int(beats);
    next_byte_ += uint64_t{beats} << beat_shift_;
  }
  /// A write is asked and not answered.
  bool writing() const { return writing_; }
  /// Nothing is asked and not answered.
  bool idle() const { return reads_.empty() && !writing_; }

  /// True if a read (write) access can be handed out in cycle `cycle`; its address follows.
  bool PrepareRead(uint64_t cycle) {
    return next_slot_ - free_slot_ < slot_count_ && (split_left_ > 0 || StartSplit(cycle));
  }
  bool PrepareWrite(uint64_t cycle) const {
    return !splits_.empty() && splits_.front().visible_cycle <= cycle;
  }
  /// Waits for a channel, or for its time.
  bool may_read() const {
    return next_slot_ - free_slot_ < slot_count_ && (split_left_ > 0 || split_ < reads_.size());
  }
  uint64_t read_address() const { return split_address_; }
  uint64_t write_address() const {
    return (FirstAccess(splits_.front()) + write_accesses_) << access_shift_;
  }
  /// Hands it out. A read's data come to the slot that is returned.
  uint32_t HandOutRead() {
    --split_left_;
    split_address_ += uint64_t{1} << access_shift_;
    slots_[next_slot_ & slot_mask_] = kPending;
    return next_slot_++;
  }
  void HandOutWrite(uint64_t cycle);
  /// The data of a slot can be on the R channel from `cycle` on.
  void Arrive(uint32_t slot, uint64_t cycle) { slots_[slot & slot_mask_] = cycle; }

  /// The next beat can be on the R channel in cycle `cycle`.
  bool HasBeat(uint64_t cycle) {
    while (arrived_slot_ != next_slot_ && slots_[arrived_slot_ & slot_mask_] <= cycle) {
      ++arrived_slot_;
    }
    return left_ > 0 && int32_t(arrived_slot_ - needed_slot_) >= 0;
  }
  /// Sets `out` to what the port drives in cycle `cycle`.
  void Drive(uint64_t cycle, MemoryPortOut& out) {
    out.rvalid = HasBeat(cycle);
    out.rlast = out.rvalid && left_ == 1;
    out.arready = int(reads_.size()) < limit_;
    if (writing_) DriveWrite(cycle, out);
  }

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
  /// Begins with the next burst if there is one and its time has come.
  bool StartSplit(uint64_t cycle);
  /// The oldest burst is the one whose beats go out.
  void LoadFront();
  void TakeRest(const MemoryPortIn& in, uint64_t cycle, const MemoryPortOut& out);
  void EndBurst();
  void TakeWrite(const MemoryPortIn& in, uint64_t cycle, const MemoryPortOut& out);
  void DriveWrite(uint64_t cycle, MemoryPortOut& out);
  /// Slot in which the access with a byte of the oldest burst arrives.
  uint32_t SlotOf(uint64_t byte) const { return slot_base_ + uint32_t(byte >> access_shift_); }

  int access_shift_;
  int beat_shift_;
  uint64_t request_cycles_;
  uint64_t answer_cycles_;
  int limit_;

  Ring<Burst> reads_;
  size_t split_ = 0;             ///< bursts of reads_ that are, or have been, split
  uint64_t split_left_ = 0;      ///< accesses of the last of them that wait to be handed out
  uint64_t split_address_ = 0;   ///< of the next one
  int left_ = 0;                 ///< beats of the oldest burst that go out yet; 0: it is not split
  uint64_t next_byte_ = 0;       ///< address of its next beat
  uint32_t slot_base_ = 0;       ///< see SlotOf
  uint32_t needed_slot_ = 0;     ///< all before it must be there for its next beat
  std::vector<uint64_t> slots_;  ///< cycle from which the data are there; ring
  uint32_t slot_mask_;
  uint32_t slot_count_;
  uint32_t next_slot_ = 0;     ///< to be handed out
  uint32_t arrived_slot_ = 0;  ///< all before it are there
  uint32_t free_slot_ = 0;     ///< all before it are free again

  bool writing_ = false;         ///< some write is not yet answered
  Ring<Burst> writes_;           ///< whose beats are not all there
  Ring<Burst> splits_;           ///< complete, being split
  uint64_t write_accesses_ = 0;  ///< of the first of splits_, already handed out
  int write_beats_ = 0;
  Ring<uint64_t> acks_;
};

}  // namespace ternfab
