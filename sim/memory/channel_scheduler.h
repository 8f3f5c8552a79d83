// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/memory/access_queue.h"
#include "sim/memory/dram_config.h"
#include "sim/memory/dram_state.h"

namespace ternfab {

/// Controller of one channel: chooses at most one command a memory cycle.
///
/// Contract:
/// - First ready, first come: the oldest access whose row is open and whose read or write may go
///   now; if none may, the oldest bank that needs another row and may close or open it now.
/// - An access older than the age cap closes the row of its bank to younger hits.
/// - Reads go before writes until write_drain writes wait, a write is older than the age cap or no
///   read waits; then as many writes as the queue holds go before the next read.
/// - A refresh is due every tREFI (of a single bank: every tREFI / banks); from then on nothing
///   starts in the banks it needs but reads and writes that do not put it off.
/// - Step does the work of one cycle and says when there may be work again; calls in between would
///   change nothing, except after a Push. While only reads wait, that is the cycle of the next
///   command exactly.
class ChannelScheduler {
 public:
  /// A read whose data are on their way.
  struct Done {
    int port = -1;  ///< -1: none
    uint32_t slot = 0;
    uint64_t end = 0;  ///< memory cycle in which the last data have arrived
  };

  explicit ChannelScheduler(const DramConfig& config);

  bool read_full() const { return reads_.full(); }
  bool idle() const { return reads_.empty() && writes_.empty(); }
  bool write_full() const { return writes_.full(); }
  void PushRead(DramAccess access);
  void PushWrite(const DramAccess& access);

  /// First memory cycle in which Step may do something.
  uint64_t wake() const { return wake_; }
  Done Step(uint64_t now);

  void Digest(uint64_t now, Digester& digest) const;

 private:
  /// A command that may be next.
  struct Next {
    uint64_t at = ~uint64_t{0};
    uint64_t order = ~uint64_t{0};  ///< of the access that it is for
    int bank = -1;
  };

  void Push(DramAccess access, AccessQueue& queue);
  /// While only reads wait, the next command is foreseen: column_ or row_, whatever comes first.
  bool OnlyReads(uint64_t now) const { return writes_.empty() && !writing_ && refresh_due_ > now; }
  void Foresee(uint64_t from);
  void ForeseeColumn(uint64_t from);
  void ConsiderColumn(int bank, uint64_t from);
  void ForeseeRow(uint64_t from);
  void ConsiderRow(int bank, uint64_t from);
  /// A read has arrived for `bank`, which had no hit.
  void ForeseeArrival(int bank, bool had_reads, uint64_t arrival);
  void SetForeseenWake();
  Done IssueForeseen(uint64_t now);
  Done StepAny(uint64_t now);
  void OpenOrClose(int bank, int32_t row, uint64_t now);
  void ChooseDirection(uint64_t now);
  /// The next three try to issue a command in cycle `now`; where they do not, they lower wake_.
  bool Refresh(uint64_t now);
  bool IssueColumn(uint64_t now, Done& done);
  bool IssueRow(uint64_t now);
  /// The bank whose hit goes in cycle `now`; -1: none can.
  int ChooseHit(const AccessQueue& queue, DramCommand command, uint64_t now);
  void CloseToHits(int bank);
  uint64_t NextWake(uint64_t now) const;
  void Precharge(int bank, uint64_t now);
  DramCommand ColumnCommand() const { return writing_ ? DramCommand::kWrite : DramCommand::kRead; }
  void Wake(uint64_t at) { wake_ = at < wake_ ? at : wake_; }

  DramState state_;
  AccessQueue reads_;
  AccessQueue writes_;
  uint64_t age_cap_;
  int write_drain_;
  int write_quantum_;
  bool per_bank_;
  int refresh_banks_;  ///< banks in the cycle of refreshes; 1: all at once
  uint64_t refresh_interval_;
  uint64_t refresh_due_;
  uint64_t refresh_ready_ = 0;  ///< when the command that a due refresh needs may go
  int refresh_bank_ = 0;        ///< next one
  uint64_t closing_ = 0;        ///< bit b: bank b takes no more hits before its row closes
  bool writing_ = false;
  int writes_left_ = 0;       ///< that may go before the next read
  uint64_t write_since_ = 0;  ///< arrival of the first write since the last drain
  uint64_t next_order_ = 0;
  uint64_t row_wake_ = 0;  ///< no bank can open or close a row before; saves time, not state
  uint64_t wake_ = 0;
  bool foreseen_ = false;  ///< column_ and row_ are those of the present state
  Next column_;            ///< the next read
  Next row_;               ///< the next precharge or activate, if the command bus were free
};

}  // namespace ternfab
