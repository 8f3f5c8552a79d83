// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sim/memory/channel_scheduler.h"
#include "sim/memory/dram_state.h"

namespace ternfab {

/// ChannelScheduler's rules without anything that makes it fast: accesses in lists in the order of
/// their arrival, searched as a whole in every step; nothing is remembered of the step before.
class PlainScheduler {
 public:
  explicit PlainScheduler(const DramConfig& config);

  bool read_full() const { return reads_.size() == read_queue_; }
  bool write_full() const { return writes_.size() == write_queue_; }
  void PushRead(DramAccess access);
  void PushWrite(DramAccess access);
  uint64_t wake() const { return wake_; }
  ChannelScheduler::Done Step(uint64_t now);

 private:
  using Queue = std::vector<DramAccess>;

  Queue& queue() { return writing_ ? writes_ : reads_; }
  /// The oldest access of a bank; with `hit`, to its open row. end(): none.
  Queue::iterator Find(Queue& queue, int bank, bool hit);
  /// Bit b: bank b has an access (to its open row).
  uint64_t Banks(Queue& queue, bool hit);
  void ChooseDirection(uint64_t now);
  bool Refresh(uint64_t now);
  bool IssueColumn(uint64_t now, ChannelScheduler::Done& done);
  bool IssueRow(uint64_t now);
  void Wake(uint64_t at) { wake_ = at < wake_ ? at : wake_; }

  DramConfig config_;
  DramState state_;
  size_t read_queue_, write_queue_;
  uint64_t age_cap_;
  Queue reads_, writes_;
  uint64_t interval_;
  uint64_t refresh_due_;
  uint64_t refresh_ready_ = 0;
  int refresh_bank_ = 0;
  uint64_t closing_ = 0;
  bool writing_ = false;
  int writes_left_ = 0;
  uint64_t write_since_ = 0;
  uint64_t next_order_ = 0;
  uint64_t wake_ = 0;
};

}  // namespace ternfab
