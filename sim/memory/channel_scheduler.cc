// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/channel_scheduler.h"

#include <algorithm>
#include <bit>

// The parts of Step are inline: it runs a few times in every fabric cycle.

namespace ternfab {
namespace {

/// Calls f(index) for each bit that is set.
template <class F>
void ForEachBit(uint64_t bits, F f) {
  for (; bits != 0; bits &= bits - 1) f(std::countr_zero(bits));
}

}  // namespace

ChannelScheduler::ChannelScheduler(const DramConfig& config)
    : state_(config.timings, config.geometry),
      reads_(config.read_queue, config.geometry.banks()),
      writes_(config.write_queue, config.geometry.banks()),
      age_cap_(uint64_t(config.age_cap)),
      write_drain_(config.write_drain),
      write_quantum_(config.write_queue),
      per_bank_(config.timings.per_bank_refresh),
      refresh_banks_(per_bank_ ? config.geometry.banks() : 1),
      refresh_interval_(uint64_t(config.timings.tREFI / refresh_banks_)),
      refresh_due_(refresh_interval_) {}

void ChannelScheduler::PushRead(DramAccess access) {
  const bool had_hit = ((reads_.hits() >> access.bank) & 1) != 0;
  const bool had_reads = ((reads_.waiting() >> access.bank) & 1) != 0;
  Push(access, reads_);
  if (!foreseen_) {
    Wake(access.arrival);
  } else if (!had_hit) {
    ForeseeArrival(access.bank, had_reads, access.arrival);
  }
}

void ChannelScheduler::PushWrite(const DramAccess& access) {
  if (writes_.empty()) write_since_ = access.arrival;
  Push(access, writes_);
  foreseen_ = false;
  Wake(access.arrival);
}

inline void ChannelScheduler::Push(DramAccess access, AccessQueue& queue) {
  access.order = next_order_++;
  const bool closing = ((closing_ >> access.bank) & 1) != 0;
  queue.Push(access, closing ? DramState::kClosed : state_.open_row(access.bank));
  if (((queue.hits() >> access.bank) & 1) == 0) row_wake_ = 0;
}

inline void ChannelScheduler::ConsiderRow(int bank, uint64_t from) {
  const bool open = state_.open_row(bank) != DramState::kClosed;
  const uint64_t ready = open ? state_.precharge_ready(bank) : state_.activate_ready(bank);
  const Next next{std::max(from, ready), reads_.OldestOrder(bank), bank};
  if (next.at < row_.at || (next.at == row_.at && next.order < row_.order)) row_ = next;
}

inline void ChannelScheduler::ForeseeRow(uint64_t from) {
  row_ = {};
  ForEachBit(reads_.waiting() & ~reads_.hits(), [&](int bank) { ConsiderRow(bank, from); });
}

inline void ChannelScheduler::ConsiderColumn(int bank, uint64_t from) {
  const uint64_t ready = state_.ReadyAt(DramCommand::kRead, bank);
  const Next next{std::max(from, ready), reads_.HitOrder(bank), bank};
  if (next.at < column_.at || (next.at == column_.at && next.order < column_.order)) column_ = next;
}

inline void ChannelScheduler::ForeseeColumn(uint64_t from) {
  column_ = {};
  if (reads_.hits() == 0) return;
  const uint64_t ready = state_.FirstRead(reads_.hits(), from, column_.at);
  ForEachBit(ready, [&](int bank) {
    const uint64_t order = reads_.HitOrder(bank);
    if (order >= column_.order) return;
    column_.order = order;
    column_.bank = bank;
  });
}

/// The command bus is free for the row command when no read goes first.
inline void ChannelScheduler::SetForeseenWake() {
  const uint64_t bus = state_.command_bus_ready();
  uint64_t next = column_.at;
  if (next > std::max(row_.at, bus)) {
    if (row_.at < bus) ForeseeRow(bus);
    next = row_.at;
  }
  wake_ = std::min(next, refresh_due_);
}

void ChannelScheduler::Foresee(uint64_t from) {
  foreseen_ = true;
  row_wake_ = 0;
  ForeseeColumn(from);
  ForeseeRow(from);
  SetForeseenWake();
}

void ChannelScheduler::ForeseeArrival(int bank, bool had_reads, uint64_t arrival) {
  if (((reads_.hits() >> bank) & 1) != 0) {
    if (row_.bank == bank) ForeseeRow(arrival);  // its row stays open
    ConsiderColumn(bank, arrival);
  } else if (!had_reads) {
    ConsiderRow(bank, arrival);
  }
  SetForeseenWake();
}

ChannelScheduler::Done ChannelScheduler::IssueForeseen(uint64_t now) {
  Done done;
  if (column_.at > now) {
    const int bank = row_.bank;
    OpenOrClose(bank, reads_.Oldest(bank).row, now);
    ForeseeRow(now + 1);
    if (column_.at < state_.command_bus_ready()) {
      ForeseeColumn(now + 1);
    } else if (state_.open_row(bank) != DramState::kClosed) {
      ConsiderColumn(bank, now + 1);
    }
    SetForeseenWake();
    return done;
  }
  const int bank = column_.bank;
  const DramAccess& oldest = reads_.Oldest(bank);
  if (oldest.order != column_.order && now - oldest.arrival > age_cap_) {
    CloseToHits(bank);
    Foresee(now);
    return wake_ == now ? IssueForeseen(now) : done;
  }
  const DramAccess access = reads_.PopHit(bank);
  state_.Issue(DramCommand::kRead, bank, access.row, now);
  if (((reads_.waiting() & ~reads_.hits()) >> bank & 1) != 0) ConsiderRow(bank, now + 1);
  ForeseeColumn(now + 1);
  SetForeseenWake();
  return {access.port, access.slot, now + uint64_t(state_.read_cycles())};
}

inline void ChannelScheduler::ChooseDirection(uint64_t now) {
  const bool before = writing_;
  if (writing_) {
    if (writes_.empty() || (writes_left_ <= 0 && !reads_.empty())) {
      writing_ = false;
      write_since_ = now;
    }
  } else if (!writes_.empty() &&
             (reads_.empty() || writes_.size() >= write_drain_ || now - write_since_ > age_cap_)) {
    writing_ = true;
    writes_left_ = write_quantum_;
  }
  if (writing_ != before) row_wake_ = 0;
}

void ChannelScheduler::Precharge(int bank, uint64_t now) {
  state_.Issue(DramCommand::kPrecharge, bank, DramState::kClosed, now);
  reads_.SetRow(bank, DramState::kClosed);
  writes_.SetRow(bank, DramState::kClosed);
  closing_ &= ~(uint64_t{1} << bank);
}

bool ChannelScheduler::Refresh(uint64_t now) {
  const bool open =
      per_bank_ ? state_.open_row(refresh_bank_) != DramState::kClosed : state_.any_open();
  const DramCommand close = per_bank_ ? DramCommand::kPrecharge : DramCommand::kPrechargeAll;
  const DramCommand command = open ? close : DramCommand::kRefresh;
  const uint64_t ready = state_.ReadyAt(command, refresh_bank_);
  if (ready > now) {
    Wake(ready);
    refresh_ready_ = ready;
    return false;
  }
  if (command == DramCommand::kPrecharge) {
    Precharge(refresh_bank_, now);
    return true;
  }
  state_.Issue(command, refresh_bank_, DramState::kClosed, now);
  if (command == DramCommand::kPrechargeAll) {
    reads_.SetAllClosed();
    writes_.SetAllClosed();
    closing_ = 0;
  } else {
    closing_ &= ~(uint64_t{per_bank_} << refresh_bank_);
    refresh_due_ += refresh_interval_;
    refresh_bank_ = (refresh_bank_ + 1) % refresh_banks_;
  }
  return true;
}

void ChannelScheduler::CloseToHits(int bank) {
  closing_ |= uint64_t{1} << bank;
  row_wake_ = 0;
  reads_.SetRow(bank, DramState::kClosed);
  writes_.SetRow(bank, DramState::kClosed);
}

inline int ChannelScheduler::ChooseHit(const AccessQueue& queue, DramCommand command,
                                       uint64_t now) {
  int best = -1;
  uint64_t best_order = ~uint64_t{0};
  ForEachBit(state_.ColumnReady(command, queue.hits(), now, wake_), [&](int bank) {
    const uint64_t order = queue.HitOrder(bank);
    if (order < best_order) {
      best = bank;
      best_order = order;
    }
  });
  return best;
}

inline bool ChannelScheduler::IssueColumn(uint64_t now, Done& done) {
  AccessQueue& queue = writing_ ? writes_ : reads_;
  if (queue.hits() == 0) return false;
  const uint64_t all = writing_ ? state_.write_ready() : state_.read_ready();
  if (all > now) {
    Wake(all);
    return false;
  }
  const DramCommand command = ColumnCommand();
  int bank = ChooseHit(queue, command, now);
  while (bank >= 0 && queue.Oldest(bank).order != queue.HitOrder(bank) &&
         now - queue.Oldest(bank).arrival > age_cap_) {
    CloseToHits(bank);
    bank = ChooseHit(queue, command, now);
  }
  if (bank < 0) return false;
  const DramAccess access = queue.PopHit(bank);
  if (((queue.hits() >> bank) & 1) == 0) row_wake_ = 0;  // the bank may need another row
  state_.Issue(command, bank, access.row, now);
  if (writing_) {
    --writes_left_;
  } else {
    done = {access.port, access.slot, now + uint64_t(state_.read_cycles())};
  }
  return true;
}

inline bool ChannelScheduler::IssueRow(uint64_t now) {
  if (row_wake_ > now) {
    Wake(row_wake_);
    return false;
  }
  const AccessQueue& queue = writing_ ? writes_ : reads_;
  int best = -1;
  uint64_t best_order = ~uint64_t{0};
  uint64_t next = ~uint64_t{0};
  const uint64_t refreshed = per_bank_ && refresh_due_ <= now ? uint64_t{1} << refresh_bank_ : 0;
  ForEachBit(queue.waiting() & ~queue.hits() & ~refreshed, [&](int bank) {
    const bool open = state_.open_row(bank) != DramState::kClosed;
    const uint64_t ready =
        state_.ReadyAt(open ? DramCommand::kPrecharge : DramCommand::kActivate, bank);
    if (ready > now) {
      next = std::min(next, ready);
      return;
    }
    const uint64_t order = queue.Oldest(bank).order;
    if (order < best_order) {
      best = bank;
      best_order = order;
    }
  });
  if (best < 0) {
    row_wake_ = next;
    Wake(next);
    return false;
  }
  row_wake_ = 0;
  OpenOrClose(best, queue.Oldest(best).row, now);
  return true;
}

void ChannelScheduler::OpenOrClose(int bank, int32_t row, uint64_t now) {
  if (state_.open_row(bank) != DramState::kClosed) return Precharge(bank, now);
  state_.Issue(DramCommand::kActivate, bank, row, now);
  reads_.SetRow(bank, row);
  writes_.SetRow(bank, row);
}

/// After a command: a cycle before which nothing can be issued.
inline uint64_t ChannelScheduler::NextWake(uint64_t now) const {
  const uint64_t bus = state_.command_bus_ready();
  const AccessQueue& other = writing_ ? reads_ : writes_;
  const AccessQueue& queue = writing_ ? writes_ : reads_;
  if (refresh_due_ <= now || !other.empty() || queue.empty()) return bus;
  uint64_t next = std::min(refresh_due_, row_wake_);
  if (queue.hits() != 0) {
    next = std::min(next, writing_ ? state_.write_ready() : state_.read_ready());
  }
  return std::max(bus, next);
}

ChannelScheduler::Done ChannelScheduler::Step(uint64_t now) {
  if (foreseen_ && refresh_due_ > now) return wake_ <= now ? IssueForeseen(now) : Done{};
  foreseen_ = false;
  const Done done = StepAny(now);
  if (OnlyReads(now)) Foresee(now + 1);
  return done;
}

ChannelScheduler::Done ChannelScheduler::StepAny(uint64_t now) {
  Done done;
  wake_ = refresh_due_ > now ? refresh_due_ : ~uint64_t{0};
  if (state_.command_bus_ready() > now) {
    wake_ = state_.command_bus_ready();
    return done;
  }
  bool issued = false;
  if (refresh_due_ <= now) {
    if (per_bank_ && ((closing_ >> refresh_bank_) & 1) == 0) CloseToHits(refresh_bank_);
    issued = Refresh(now);
    row_wake_ = 0;
  }
  if (!issued && (per_bank_ || refresh_due_ > now)) {
    ChooseDirection(now);
    issued = IssueColumn(now, done) || IssueRow(now);
  } else if (!issued && now + uint64_t(state_.precharge_after(ColumnCommand())) <= refresh_ready_) {
    issued = IssueColumn(now, done);
  }
  if (issued) wake_ = NextWake(now);
  return done;
}

void ChannelScheduler::Digest(uint64_t now, Digester& digest) const {
  state_.Digest(now, digest);
  reads_.Digest(now, next_order_, digest);
  writes_.Digest(now, next_order_, digest);
  digest.AddTime(refresh_due_, now);
  digest.Add(uint64_t(refresh_bank_));
  digest.Add(closing_);
  digest.Add(uint64_t(writing_));
  digest.Add(uint64_t(int64_t(writing_ ? writes_left_ : 0)));
  digest.Add(writes_.empty() ? 0 : now - write_since_);
  digest.AddTime(wake_, now);
}

}  // namespace ternfab
