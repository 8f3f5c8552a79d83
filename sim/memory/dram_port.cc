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
  writing_ = true;
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

bool DramPort::StartSplit(uint64_t cycle) {
  if (split_ == reads_.size()) return false;
  Burst& burst = reads_[split_];
  if (burst.visible_cycle > cycle) return false;
  burst.first_slot = next_slot_;
  split_left_ = Accesses(burst);
  split_address_ = FirstAccess(burst) << access_shift_;
  if (++split_ == 1) LoadFront();
  return true;
}

void DramPort::LoadFront() {
  const Burst& burst = reads_.front();
  left_ = burst.beats;
  next_byte_ = burst.address;
  slot_base_ = burst.first_slot - uint32_t(FirstAccess(burst));
  needed_slot_ = SlotOf(next_byte_ + (uint64_t{1} << beat_shift_) - 1) + 1;
}

void DramPort::EndBurst() {
  free_slot_ = needed_slot_;
  reads_.pop();
  if (--split_ > 0) LoadFront();
}

void DramPort::TakeRest(const MemoryPortIn& in, uint64_t cycle, const MemoryPortOut& out) {
  if (in.arvalid && out.arready) {
    reads_.push({in.araddr, in.arbeats, cycle + request_cycles_, 0});
  }
  if (in.awvalid || in.wvalid) TakeWrite(in, cycle, out);
  if (out.bvalid && in.bready) acks_.pop();
}

void DramPort::HandOutWrite(uint64_t cycle) {
  if (++write_accesses_ < Accesses(splits_.front())) return;
  splits_.pop();
  write_accesses_ = 0;
  acks_.push(cycle + answer_cycles_);
}

void DramPort::DriveWrite(uint64_t cycle, MemoryPortOut& out) {
  out.bvalid = !acks_.empty() && acks_.front() <= cycle;
  const int waiting = int(splits_.size() + acks_.size());
  out.awready = int(writes_.size()) + waiting < limit_;
  out.wready = write_beats_ + waiting < limit_;
  writing_ = !writes_.empty() || waiting > 0 || write_beats_ > 0;
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
  digest.Add(split_left_);
  digest.Add(split_left_ > 0 ? split_address_ : 0);
  digest.Add(write_accesses_);
  digest.Add(uint64_t(left_));
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
