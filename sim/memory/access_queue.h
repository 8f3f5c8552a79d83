// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sim/memory/digest.h"
#include "sim/memory/dram_state.h"

namespace ternfab {

/// One access that waits in a channel.
struct DramAccess {
  int32_t row = 0;
  int16_t bank = 0;
  int16_t port = 0;
  uint32_t slot = 0;     ///< of the port's response buffer; reads only
  uint64_t arrival = 0;  ///< memory cycle
  uint64_t order = 0;    ///< of arrival in the channel
};

/// Accesses of one kind (reads or writes) that wait in a channel, listed by bank, oldest first. For
/// each bank it knows the oldest access to the open row, so that nothing is searched when a command
/// is chosen.
class AccessQueue {
 public:
  static constexpr int kNone = -1;

  AccessQueue(int capacity, int banks);

  bool full() const { return free_ == kNone; }
  bool empty() const { return size_ == 0; }
  int size() const { return size_; }
  /// Bit b: bank b has accesses; has one to its open row.
  uint64_t waiting() const { return waiting_; }
  uint64_t hits() const { return hits_; }

  /// The queue is not full; `open_row` is that of the access's bank.
  void Push(const DramAccess& access, int32_t open_row);
  /// The oldest access of a bank with accesses; the oldest hit of a bank with hits.
  const DramAccess& Oldest(int bank) const {
    return nodes_[size_t(banks_[size_t(bank)].head)].access;
  }
  uint64_t OldestOrder(int bank) const { return Oldest(bank).order; }
  const DramAccess& Hit(int bank) const { return nodes_[size_t(banks_[size_t(bank)].hit)].access; }
  /// Order of the oldest hit of a bank with hits.
  uint64_t HitOrder(int bank) const { return hit_orders_[size_t(bank)]; }
  /// Takes out the hit of a bank with hits.
  DramAccess PopHit(int bank);
  /// `bank` has opened `row` (kClosed: has closed, or is about to).
  void SetRow(int bank, int32_t row);
  void SetAllClosed();

  void Digest(uint64_t now, uint64_t next_order, Digester& digest) const;

 private:
  struct Node {
    DramAccess access;
    int16_t previous = kNone;
    int16_t next = kNone;
  };
  struct Bank {
    int16_t head = kNone;
    int16_t tail = kNone;
    int16_t hit = kNone;
  };
  /// The first access to `row` from `node` on.
  int16_t Find(int16_t node, int32_t row) const;
  void SetHit(int bank, int16_t node);

  std::vector<Node> nodes_;
  std::vector<Bank> banks_;
  std::vector<uint64_t> hit_orders_;
  int16_t free_ = kNone;
  int size_ = 0;
  uint64_t waiting_ = 0;
  uint64_t hits_ = 0;
};

inline int16_t AccessQueue::Find(int16_t node, int32_t row) const {
  while (node != kNone && nodes_[size_t(node)].access.row != row) node = nodes_[size_t(node)].next;
  return node;
}

inline void AccessQueue::SetHit(int bank, int16_t node) {
  banks_[size_t(bank)].hit = node;
  const uint64_t bit = uint64_t{1} << bank;
  if (node == kNone) {
    hits_ &= ~bit;
  } else {
    hits_ |= bit;
    hit_orders_[size_t(bank)] = nodes_[size_t(node)].access.order;
  }
}

inline void AccessQueue::Push(const DramAccess& access, int32_t open_row) {
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

inline DramAccess AccessQueue::PopHit(int bank) {
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

}  // namespace ternfab
