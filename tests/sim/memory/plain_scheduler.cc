// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/memory/plain_scheduler.h"

#include <algorithm>

namespace ternfab {

PlainScheduler::PlainScheduler(const DramConfig& config)
    : config_(config),
      state_(config.timings, config.geometry),
      read_queue_(size_t(config.read_queue)),
      write_queue_(size_t(config.write_queue)),
      age_cap_(uint64_t(config.age_cap)),
      interval_(uint64_t(config.timings.tREFI /
                         (config.timings.per_bank_refresh ? config.geometry.banks() : 1))),
      refresh_due_(interval_) {}

void PlainScheduler::PushRead(DramAccess access) {
  access.order = next_order_++;
  reads_.push_back(access);
  Wake(access.arrival);
}

void PlainScheduler::PushWrite(DramAccess access) {
  if (writes_.empty()) write_since_ = access.arrival;
  access.order = next_order_++;
  writes_.push_back(access);
  Wake(access.arrival);
}

PlainScheduler::Queue::iterator PlainScheduler::Find(Queue& queue, int bank, bool hit) {
  const bool closing = (closing_ >> bank & 1) != 0;
  return std::ranges::find_if(queue, [&](const DramAccess& a) {
    return a.bank == bank && (!hit || (!closing && a.row == state_.open_row(bank)));
  });
}

uint64_t PlainScheduler::Banks(Queue& queue, bool hit) {
  uint64_t banks = 0;
  for (int bank = 0; bank < config_.geometry.banks(); ++bank) {
    if (Find(queue, bank, hit) != queue.end()) banks |= uint64_t{1} << bank;
  }
  return banks;
}

void PlainScheduler::ChooseDirection(uint64_t now) {
  if (writing_) {
    if (!writes_.empty() && (writes_left_ > 0 || reads_.empty())) return;
    writing_ = false;
    write_since_ = now;
    return;
  }
  if (writes_.empty()) return;
  if (!reads_.empty() && int(writes_.size()) < config_.write_drain &&
      now - write_since_ <= age_cap_) {
    return;
  }
  writing_ = true;
  writes_left_ = config_.write_queue;
}

bool PlainScheduler::Refresh(uint64_t now) {
  const bool per_bank = config_.timings.per_bank_refresh;
  if (per_bank) closing_ |= uint64_t{1} << refresh_bank_;
  const bool open =
      per_bank ? state_.open_row(refresh_bank_) != DramState::kClosed : state_.any_open();
  const DramCommand close = per_bank ? DramCommand::kPrecharge : DramCommand::kPrechargeAll;
  const DramCommand command = open ? close : DramCommand::kRefresh;
  refresh_ready_ = state_.ReadyAt(command, refresh_bank_);
  if (refresh_ready_ > now) {
    Wake(refresh_ready_);
    return false;
  }
  state_.Issue(command, refresh_bank_, DramState::kClosed, now);
  closing_ &= per_bank ? ~(uint64_t{1} << refresh_bank_) : 0;
  if (open) return true;
  refresh_due_ += interval_;
  if (per_bank) refresh_bank_ = (refresh_bank_ + 1) % config_.geometry.banks();
  return true;
}

bool PlainScheduler::IssueColumn(uint64_t now, ChannelScheduler::Done& done) {
  const DramCommand command = writing_ ? DramCommand::kWrite : DramCommand::kRead;
  while (true) {
    const uint64_t hits = Banks(queue(), true);
    if (hits == 0) return false;
    const uint64_t all = writing_ ? state_.write_ready() : state_.read_ready();
    if (all > now) {
      Wake(all);
      return false;
    }
    const uint64_t ready = state_.ColumnReady(command, hits, now, wake_);
    auto best = queue().end();
    for (auto a = queue().begin(); a != queue().end() && best == queue().end(); ++a) {
      if ((ready >> a->bank & 1) != 0 && a == Find(queue(), a->bank, true)) best = a;
    }
    if (best == queue().end()) return false;
    const DramAccess& oldest = *Find(queue(), best->bank, false);
    if (oldest.order != best->order && now - oldest.arrival > age_cap_) {
      closing_ |= uint64_t{1} << best->bank;
      continue;
    }
    const DramAccess access = *best;
    queue().erase(best);
    state_.Issue(command, access.bank, access.row, now);
    if (writing_) {
      --writes_left_;
    } else {
      done = {access.port, access.slot, now + uint64_t(state_.read_cycles())};
    }
    return true;
  }
}

bool PlainScheduler::IssueRow(uint64_t now) {
  uint64_t banks = Banks(queue(), false) & ~Banks(queue(), true);
  if (config_.timings.per_bank_refresh && refresh_due_ <= now) {
    banks &= ~(uint64_t{1} << refresh_bank_);
  }
  for (const DramAccess& access : queue()) {
    if ((banks >> access.bank & 1) == 0) continue;
    banks &= ~(uint64_t{1} << access.bank);  // the younger ones wait for it
    const bool open = state_.open_row(access.bank) != DramState::kClosed;
    const DramCommand command = open ? DramCommand::kPrecharge : DramCommand::kActivate;
    const uint64_t ready = state_.ReadyAt(command, access.bank);
    if (ready > now) {
      Wake(ready);
      continue;
    }
    state_.Issue(command, access.bank, access.row, now);
    if (open) closing_ &= ~(uint64_t{1} << access.bank);
    return true;
  }
  return false;
}

ChannelScheduler::Done PlainScheduler::Step(uint64_t now) {
  ChannelScheduler::Done done;
  wake_ = refresh_due_ > now ? refresh_due_ : ~uint64_t{0};
  if (state_.command_bus_ready() > now) {
    wake_ = state_.command_bus_ready();
    return done;
  }
  const bool due = refresh_due_ <= now;
  bool issued = due && Refresh(now);
  if (!issued && (config_.timings.per_bank_refresh || !due)) {
    ChooseDirection(now);
    issued = IssueColumn(now, done) || IssueRow(now);
  } else if (!issued) {
    const DramCommand command = writing_ ? DramCommand::kWrite : DramCommand::kRead;
    if (now + uint64_t(state_.precharge_after(command)) <= refresh_ready_) {
      issued = IssueColumn(now, done);
    }
  }
  if (issued) wake_ = state_.command_bus_ready();
  return done;
}

}  // namespace ternfab
