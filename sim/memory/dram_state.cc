// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/dram_state.h"

#include <algorithm>
#include <bit>

#include "common/check.h"

namespace ternfab {
namespace {

void NotBefore(uint64_t& time, uint64_t least) { time = std::max(time, least); }

}  // namespace

DramState::DramState(const DramTimings& timings, const DramGeometry& geometry)
    : timings_(timings),
      group_mask_(geometry.bank_groups - 1),
      bank_count_(geometry.banks()),
      group_count_(geometry.bank_groups) {
  TF_CHECK(std::has_single_bit(unsigned(group_count_)) && bank_count_ <= kMostBanks,
           "{} groups of {} banks", geometry.bank_groups, geometry.banks_per_group);
  for (int b = 0; b < geometry.banks(); b += geometry.bank_groups) {
    first_group_banks_ |= uint64_t{1} << b;
  }
}

uint64_t DramState::AllReadyAt(DramCommand command, int bank) const {
  uint64_t ready = bus_;
  if (command == DramCommand::kRefresh && timings_.per_bank_refresh) {
    return std::max(ready, banks_[size_t(bank)].activate);
  }
  for (const Bank& each : banks()) {
    if (command == DramCommand::kRefresh) {
      NotBefore(ready, each.activate);
    } else if (each.row != kClosed) {
      NotBefore(ready, each.precharge);
    }
  }
  return ready;
}

void DramState::IssueActivate(int bank, int32_t row, uint64_t now) {
  Bank& b = banks_[size_t(bank)];
  TF_CHECK(b.row == kClosed, "bank {} is open", bank);
  b.row = row;
  open_banks_ |= uint64_t{1} << bank;
  opening_ |= uint64_t{1} << bank;
  b.column = now + uint64_t(timings_.tRCD);
  NotBefore(b.precharge, now + uint64_t(timings_.tRAS));
  activates_[oldest_activate_] = now + uint64_t(timings_.tFAW);
  oldest_activate_ = (oldest_activate_ + 1) % 4;
  all_.activate = std::max(now + uint64_t(timings_.tRRD_S), activates_[oldest_activate_]);
  GroupOf(bank).activate = now + uint64_t(timings_.tRRD_L);
  bus_ = now + uint64_t(timings_.act_slots);
}

void DramState::IssueRead(int bank, uint64_t now) {
  opening_ &= ~(uint64_t{1} << bank);
  const DramTimings& t = timings_;
  NotBefore(banks_[size_t(bank)].precharge, now + uint64_t(precharge_after(DramCommand::kRead)));
  all_.read = now + uint64_t(t.tCCD_S);
  GroupOf(bank).read = now + uint64_t(t.tCCD_L);
  // The bus is turned when the data are through.
  NotBefore(all_.write, now + uint64_t(std::max(1, t.tCL + t.burst + t.turnaround - t.tCWL)));
  bus_ = now + uint64_t(t.cas_slots);
}

void DramState::IssueWrite(int bank, uint64_t now) {
  opening_ &= ~(uint64_t{1} << bank);
  const DramTimings& t = timings_;
  const uint64_t end = now + uint64_t(t.tCWL + t.burst);
  NotBefore(banks_[size_t(bank)].precharge, now + uint64_t(precharge_after(DramCommand::kWrite)));
  all_.write = now + uint64_t(t.tCCD_S);
  GroupOf(bank).write = now + uint64_t(t.tCCD_L);
  NotBefore(all_.read, end + uint64_t(t.tWTR_S));
  NotBefore(GroupOf(bank).read, end + uint64_t(t.tWTR_L));
  bus_ = now + uint64_t(t.cas_slots);
}

void DramState::IssuePrechargeAll(uint64_t now) {
  for (Bank& b : banks()) {
    b.row = kClosed;
    NotBefore(b.activate, now + uint64_t(timings_.tRPab));
  }
  open_banks_ = 0;
  bus_ = now + uint64_t(timings_.pre_slots);
}

void DramState::IssueRefresh(int bank, uint64_t now) {
  if (timings_.per_bank_refresh) {
    TF_CHECK(banks_[size_t(bank)].row == kClosed, "bank {} is open", bank);
    banks_[size_t(bank)].activate = now + uint64_t(timings_.tRFC);
  } else {
    TF_CHECK(open_banks_ == 0, "banks {:x} are open", open_banks_);
    for (Bank& b : banks()) b.activate = now + uint64_t(timings_.tRFC);
  }
  bus_ = now + uint64_t(timings_.pre_slots);
}

void DramState::Issue(DramCommand command, int bank, int32_t row, uint64_t now) {
  switch (command) {
    case DramCommand::kActivate:
      return IssueActivate(bank, row, now);
    case DramCommand::kRead:
      return IssueRead(bank, now);
    case DramCommand::kWrite:
      return IssueWrite(bank, now);
    case DramCommand::kPrechargeAll:
      return IssuePrechargeAll(now);
    case DramCommand::kRefresh:
      return IssueRefresh(bank, now);
    case DramCommand::kPrecharge:
      break;
  }
  Bank& b = banks_[size_t(bank)];
  b.row = kClosed;
  open_banks_ &= ~(uint64_t{1} << bank);
  NotBefore(b.activate, now + uint64_t(timings_.tRP));
  bus_ = now + uint64_t(timings_.pre_slots);
}

void DramState::Digest(uint64_t now, Digester& digest) const {
  for (const Bank& b : banks()) {
    digest.Add(uint64_t(int64_t(b.row)));
    digest.AddTime(b.activate, now);
    digest.AddTime(b.precharge, now);
    digest.AddTime(b.column, now);
  }
  const auto shared = [&](const Shared& s) {
    digest.AddTime(s.activate, now);
    digest.AddTime(s.read, now);
    digest.AddTime(s.write, now);
  };
  for (int g = 0; g < group_count_; ++g) shared(groups_[size_t(g)]);
  shared(all_);
  for (unsigned i = 0; i < 4; ++i) digest.AddTime(activates_[(oldest_activate_ + i) % 4], now);
  digest.AddTime(bus_, now);
}

}  // namespace ternfab
