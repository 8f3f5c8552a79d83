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
  const DramAccess& Hit(int bank) const { return nodes_[size_t(banks_[size_t(bank)].hit)].access; }
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
  int16_t free_ = kNone;
  int size_ = 0;
  uint64_t waiting_ = 0;
  uint64_t hits_ = 0;
};

}  // namespace ternfab
