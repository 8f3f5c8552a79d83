// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/access_queue.h"

#include "common/check.h"

namespace ternfab {

AccessQueue::AccessQueue(int capacity, int banks)
    : nodes_(size_t(capacity)), banks_(size_t(banks)) {
  TF_CHECK(capacity >= 1 && capacity < 32768 && banks <= 64, "{} accesses, {} banks", capacity,
           banks);
  for (int i = capacity - 1; i >= 0; --i) {
    nodes_[size_t(i)].next = free_;
    free_ = int16_t(i);
  }
}

int16_t AccessQueue::Find(int16_t node, int32_t row) const {
  while (node != kNone && nodes_[size_t(node)].access.row != row) node = nodes_[size_t(node)].next;
  return node;
}

void AccessQueue::SetHit(int bank, int16_t node) {
  banks_[size_t(bank)].hit = node;
  const uint64_t bit = uint64_t{1} << bank;
  hits_ = node == kNone ? hits_ & ~bit : hits_ | bit;
}

void AccessQueue::Push(const DramAccess& access, int32_t open_row) {
  const int16_t node = free_;
  Node& n = nodes_[size_t(node)];
  free_ = n.next;
  Bank& bank = banks_[size_t(access.bank)];
  n = {access, bank.tail, kNone};
  if (bank.tail == kNone) {
    bank.head = node;
    waiting_ |= uint64_t{1} << access.bank;
  } else {
    nodes_[size_t(bank.tail)].next = node;
  }
  bank.tail = node;
  ++size_;
  if (bank.hit == kNone && open_row == access.row) SetHit(access.bank, node);
}

DramAccess AccessQueue::PopHit(int bank) {
  Bank& b = banks_[size_t(bank)];
  const int16_t node = b.hit;
  Node& n = nodes_[size_t(node)];
  SetHit(bank, Find(n.next, n.access.row));
  (n.previous == kNone ? b.head : nodes_[size_t(n.previous)].next) = n.next;
  (n.next == kNone ? b.tail : nodes_[size_t(n.next)].previous) = n.previous;
  if (b.head == kNone) waiting_ &= ~(uint64_t{1} << bank);
  n.next = free_;
  free_ = node;
  --size_;
  return n.access;
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
