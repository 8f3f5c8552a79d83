// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/access_queue.h"

#include "common/check.h"

namespace ternfab {

AccessQueue::AccessQueue(int capacity, int banks)
    : nodes_(size_t(capacity)), banks_(size_t(banks)), hit_orders_(size_t(banks)) {
  TF_CHECK(capacity >= 1 && capacity < 32768 && banks <= 64, "{} accesses, {} banks", capacity,
           banks);
  for (int i = capacity - 1; i >= 0; --i) {
    nodes_[size_t(i)].next = free_;
    free_ = int16_t(i);
  }
}

void AccessQueue::SetRow(int bank, int32_t row) {
  SetHit(bank, row == DramState::kClosed ? int16_t{kNone} : Find(banks_[size_t(bank)].head, row));
}

void AccessQueue::SetAllClosed() {
  for (Bank& bank : banks_) bank.hit = kNone;
  hits_ = 0;
}

void AccessQueue::Digest(uint64_t now, uint64_t next_order, Digester& digest) const {
  digest.Add(uint64_t(size_));
  digest.Add(hits_);
  for (const Bank& bank : banks_) {
    for (int16_t i = bank.head; i != kNone; i = nodes_[size_t(i)].next) {
      const DramAccess& a = nodes_[size_t(i)].access;
      digest.Add(uint64_t(uint32_t(a.row)) << 32 | uint64_t(uint16_t(a.bank)) << 16 |
                 uint64_t(uint16_t(a.port)));
      digest.Add(next_order - a.order);
      digest.Add(now - a.arrival);
    }
  }
}

}  // namespace ternfab
