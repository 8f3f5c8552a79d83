// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include "sim/memory/digest.h"
#include "sim/memory/dram_config.h"

namespace ternfab {

enum class DramCommand { kActivate, kPrecharge, kRead, kWrite, kPrechargeAll, kRefresh };

/// Banks of one channel: which rows are open and when each command may come next.
///
/// Contract:
/// - Time is memory cycles. ReadyAt is pure, Issue mutates.
/// - The caller issues a command no earlier than ReadyAt says and only in a state that allows it:
///   activate a closed bank; read and write an open one; refresh when all banks are closed (the
///   bank, if refreshed one by one).
/// - Bank b belongs to group b mod bank_groups.
class DramState {
 public:
  static constexpr int32_t kClosed = -1;
  static constexpr int kMostBanks = 64;

  DramState(const DramTimings& timings, const DramGeometry& geometry);

  /// First cycle in which the timings allow `command`; `bank` is ignored by kPrechargeAll, and by
  /// kRefresh of all banks.
  uint64_t ReadyAt(DramCommand command, int bank) const {
    const Bank& b = banks_[size_t(bank)];
    const Shared& group = groups_[size_t(bank & group_mask_)];
    switch (command) {
      case DramCommand::kActivate:
        return Latest(b.activate, group.activate, all_.activate);
      case DramCommand::kRead:
        return Latest(b.column, group.read, all_.read);
      case DramCommand::kWrite:
        return Latest(b.column, group.write, all_.write);
      case DramCommand::kPrecharge:
        return b.precharge > bus_ ? b.precharge : bus_;
      default:
        return AllReadyAt(command, bank);
    }
  }
  void Issue(DramCommand command, int bank, int32_t row, uint64_t now);

  int32_t open_row(int bank) const { return banks_[size_t(bank)].row; }
  /// Of the banks in `banks` (bit b: bank b), those whose group, and row, let a read or write go in
  /// cycle `now`; `wake` is lowered to the first cycle in which another one may.
  uint64_t ColumnReady(DramCommand command, uint64_t banks, uint64_t now, uint64_t& wake) const;
  /// Of the banks in `banks`, not empty, all open: those that can be read first, in cycle `from` or
  /// later, and in `at` the cycle in which they can.
  uint64_t FirstRead(uint64_t banks, uint64_t from, uint64_t& at) const;
  /// Earliest precharge (activate) of an open (closed) bank, but for the command bus.
  uint64_t precharge_ready(int bank) const { return banks_[size_t(bank)].precharge; }
  uint64_t activate_ready(int bank) const {
    const uint64_t own = banks_[size_t(bank)].activate;
    const uint64_t group = groups_[size_t(bank & group_mask_)].activate;
    return std::max(own, std::max(group, all_.activate));
  }
  bool any_open() const { return open_banks_ != 0; }
  uint64_t command_bus_ready() const { return bus_; }
  /// No bank can be read (written) before.
  uint64_t read_ready() const { return all_.read; }
  uint64_t write_ready() const { return all_.write; }
  /// Cycles from a read (write) command to a precharge of the bank.
  int precharge_after(DramCommand column) const {
    return column == DramCommand::kRead ? timings_.tRTP
                                        : timings_.tCWL + timings_.burst + timings_.tWR;
  }
  /// Cycles from a read command to the end of its data.
  int read_cycles() const { return timings_.tCL + timings_.burst; }
  const DramTimings& timings() const { return timings_; }

  void Digest(uint64_t now, Digester& digest) const;

 private:
  /// Earliest cycles of the commands.
  struct Bank {
    int32_t row = kClosed;
    uint64_t activate = 0;
    uint64_t precharge = 0;
    uint64_t column = 0;  ///< read or write
  };
  struct Shared {
    uint64_t activate = 0;
    uint64_t read = 0;
    uint64_t write = 0;
  };

  uint64_t Latest(uint64_t a, uint64_t b, uint64_t c) const {
    const uint64_t ab = a > b ? a : b;
    const uint64_t cd = c > bus_ ? c : bus_;
    return ab > cd ? ab : cd;
  }
  std::span<Bank> banks() { return {banks_.data(), size_t(bank_count_)}; }
  std::span<const Bank> banks() const { return {banks_.data(), size_t(bank_count_)}; }
  uint64_t AllReadyAt(DramCommand command, int bank) const;
  void IssueActivate(int bank, int32_t row, uint64_t now);
  void IssueRead(int bank, uint64_t now);
  void IssueWrite(int bank, uint64_t now);
  void IssuePrechargeAll(uint64_t now);
  void IssueRefresh(int bank, uint64_t now);
  Shared& GroupOf(int bank) { return groups_[size_t(bank & group_mask_)]; }

  DramTimings timings_;
  int group_mask_;
  int bank_count_;
  int group_count_;
  std::array<Bank, kMostBanks> banks_;
  std::array<Shared, kMostBanks> groups_;
  uint64_t first_group_banks_ = 0;  ///< bit b: bank b is in group 0
  Shared all_;
  std::array<uint64_t, 4> activates_{};  ///< the last four, each plus tFAW; ring
  unsigned oldest_activate_ = 0;
  uint64_t bus_ = 0;
  uint64_t open_banks_ = 0;  ///< bit b: bank b
  uint64_t opening_ = 0;     ///< no read or write since the activate
};

inline uint64_t DramState::ColumnReady(DramCommand command, uint64_t banks, uint64_t now,
                                       uint64_t& wake) const {
  for (size_t g = 0; g < size_t(group_count_); ++g) {
    const uint64_t ready = command == DramCommand::kRead ? groups_[g].read : groups_[g].write;
    const uint64_t blocked = banks & first_group_banks_ << g;
    if (ready <= now || blocked == 0) continue;
    banks &= ~blocked;
    wake = std::min(wake, ready);
  }
  for (uint64_t opening = banks & opening_; opening != 0; opening &= opening - 1) {
    const int bank = std::countr_zero(opening);
    const uint64_t ready = banks_[size_t(bank)].column;
    if (ready <= now) continue;
    banks &= ~(uint64_t{1} << bank);
    wake = std::min(wake, ready);
  }
  return banks;
}

inline uint64_t DramState::FirstRead(uint64_t banks, uint64_t from, uint64_t& at) const {
  const uint64_t all = std::max(std::max(all_.read, bus_), from);
  uint64_t first = ~uint64_t{0}, ready = 0;
  const auto add = [&](uint64_t time, uint64_t which) {
    if (time > first) return;
    ready = time < first ? which : ready | which;
    first = time;
  };
  for (size_t g = 0; g < size_t(group_count_); ++g) {
    const uint64_t steady = banks & ~opening_ & first_group_banks_ << g;
    if (steady != 0) add(std::max(all, groups_[g].read), steady);
  }
  for (uint64_t opening = banks & opening_; opening != 0; opening &= opening - 1) {
    const int bank = std::countr_zero(opening);
    const uint64_t group = groups_[size_t(bank & group_mask_)].read;
    add(std::max(banks_[size_t(bank)].column, std::max(all, group)), opening & -opening);
  }
  at = first;
  return ready;
}

}  // namespace ternfab
