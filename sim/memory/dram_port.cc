// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/dram_port.h"

#include <bit>

#include "common/check.h"

namespace ternfab {

DramPort::DramPort(const MemoryConfig& config)
    : access_shift_(std::countr_zero(unsigned(config.dram->geometry.access_bytes))),
      beat_shift_(std::countr_zero(unsigned(config.beat_bytes))),
      request_cycles_(uint64_t(config.dram->request_cycles)),
      answer_cycles_(uint64_t(config.latency_cycles - config.dram->request_cycles)),
      limit_(config.max_outstanding),
      reads_(size_t(config.max_outstanding)),
      slot_count_(uint32_t(config.dram->response_bytes >> access_shift_)),
      writes_(size_t(config.max_outstanding)),
      splits_(size_t(config.max_outstanding)),
      acks_(size_t(config.max_outstanding)) {
  TF_CHECK(config.dram->request_cycles >= 1 && answer_cycles_ >= 1,
           "latency {}, {} of it before the channels", config.latency_cycles, request_cycles_);
  TF_CHECK((slot_count_ << access_shift_) >= uint32_t(config.beat_bytes) && slot_count_ >= 1,
           "{} bytes of responses", config.dram->response_bytes);
  slots_.assign(std::bit_ceil(slot_count_), kPending);
  slot_mask_ = uint32_t(slots_.size()) - 1;
}

void DramPort::TakeWrite(const MemoryPortIn& in, uint64_t cycle, const MemoryPortOut& out) {
  if (in.awvalid && out.awready) writes_.push({in.awaddr, in.awbeats, 0, 0});
  if (in.wvalid && out.wready) ++write_beats_;
  while (!writes_.empty() && write_beats_ >= writes_.front().beats) {
    Burst burst = writes_.front();
    writes_.pop();
    write_beats_ -= burst.beats;
    burst.visible_cycle = cycle + request_cycles_;
    splits_.push(burst);
  }
}

/// A slot is free when no later beat of the burst is in it.
void DramPort::TakeBeat() {
  const Burst& burst = reads_.front();
  ++beats_taken_;
  if (beats_taken_ == burst.beats) {
    free_slot_ = burst.first_slot + uint32_t(Accesses(burst));
    reads_.pop();
    --split_;
    beats_taken_ = 0;
  } else {
    const uint64_t next = burst.address + (uint64_t(beats_taken_) << beat_shift_);
    free_slot_ = burst.first_slot + uint32_t((next >> access_shift_) - FirstAccess(burst));
  }
}

void DramPort::Take(const MemoryPortIn& in, uint64_t cycle, const MemoryPortOut& out) {
  if (in.arvalid && out.arready) {
    reads_.push({in.araddr, in.arbeats, cycle + request_cycles_, 0});
  }
  if (in.awvalid || in.wvalid) TakeWrite(in, cycle, out);
  if (out.rvalid && in.rready) TakeBeat();
  if (out.bvalid && in.bready) acks_.pop();
}

std::optional<uint64_t> DramPort::NextRead(uint64_t cycle) const {
  if (split_ == reads_.size() || next_slot_ - free_slot_ >= slot_count_) return std::nullopt;
  const Burst& burst = reads_[split_];
  if (burst.visible_cycle > cycle) return std::nullopt;
  return (FirstAccess(burst) + split_accesses_) << access_shift_;
}

uint32_t DramPort::HandOutRead() {
  Burst& burst = reads_[split_];
  const uint32_t slot = next_slot_++;
  if (split_accesses_ == 0) burst.first_slot = slot;
  slots_[slot & slot_mask_] = kPending;
  if (++split_accesses_ == Accesses(burst)) {
    ++split_;
    split_accesses_ = 0;
  }
  return slot;
}

std::optional<uint64_t> DramPort::NextWrite(uint64_t cycle) const {
  if (splits_.empty() || splits_.front().visible_cycle > cycle) return std::nullopt;
  return (FirstAccess(splits_.front()) + write_accesses_) << access_shift_;
}

void DramPort::HandOutWrite(uint64_t cycle) {
  if (++write_accesses_ < Accesses(splits_.front())) return;
  splits_.pop();
  write_accesses_ = 0;
  acks_.push(cycle + answer_cycles_);
}

void DramPort::Drive(uint64_t cycle, MemoryPortOut& out) {
  while (arrived_slot_ != next_slot_ && slots_[arrived_slot_ & slot_mask_] <= cycle) {
    ++arrived_slot_;
  }
  out.rvalid = out.rlast = false;
  // The oldest burst has its first slot once an access of it has been handed out.
  if (!reads_.empty() && (split_ > 0 || split_accesses_ > 0)) {
    const Burst& burst = reads_.front();
    const uint32_t needed = burst.first_slot + SlotsOf(burst, beats_taken_ + 1);
    out.rvalid = int32_t(arrived_slot_ - needed) >= 0;
    out.rlast = out.rvalid && beats_taken_ + 1 == burst.beats;
  }
  out.arready = int(reads_.size()) < limit_;
  out.bvalid = !acks_.empty() && acks_.front() <= cycle;
  const int waiting = int(splits_.size() + acks_.size());
  out.awready = int(writes_.size()) + waiting < limit_;
  out.wready = write_beats_ + waiting < limit_;
}

void DramPort::Digest(uint64_t cycle, Digester& digest) const {
  const auto bursts = [&](const Ring<Burst>& ring) {
    digest.Add(ring.size());
    for (size_t i = 0; i < ring.size(); ++i) {
      digest.Add(ring[i].address);
      digest.Add(uint64_t(ring[i].beats));
      digest.AddTime(ring[i].visible_cycle, cycle);
    }
  };
  bursts(reads_);
  bursts(writes_);
  bursts(splits_);
  digest.Add(split_);
  digest.Add(split_accesses_);
  digest.Add(write_accesses_);
  digest.Add(uint64_t(beats_taken_));
  digest.Add(uint64_t(write_beats_));
  digest.Add(next_slot_ - free_slot_);
  for (uint32_t slot = free_slot_; slot != next_slot_; ++slot) {
    const uint64_t ready = slots_[slot & slot_mask_];
    digest.Add(ready == kPending);
    digest.AddTime(ready == kPending ? 0 : ready, cycle);
  }
  digest.Add(acks_.size());
  for (size_t i = 0; i < acks_.size(); ++i) digest.AddTime(acks_[i], cycle);
}

}  // namespace ternfab
