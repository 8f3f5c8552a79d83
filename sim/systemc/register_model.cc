// SPDX-License-Identifier: Apache-2.0
#include "sim/systemc/register_model.h"

#include <algorithm>

#include "codegen/plan/isa.h"
#include "common/check.h"

namespace ternfab::systemc {
namespace {

constexpr uint32_t kStartBit = 1, kDoneBit = 2, kIdleBit = 4, kReadyBit = 8;
constexpr uint32_t kIrqBits = 3;  // of IER and ISR

}  // namespace

RegisterModel::RegisterModel(const driver::DesignInfo& info) : info_(info) {}

void RegisterModel::Update(uint64_t cycle) {
  if (!end_cycle_ || cycle < *end_cycle_) return;
  end_cycle_.reset();
  start_ = false;
  done_ = true;
  isr_ |= ier_;
}

bool RegisterModel::IsArgument(uint32_t offset) const {
  const driver::RegisterOffsets& at = info_.offsets;
  const auto within = [&](uint32_t first, uint32_t bytes) { return offset - first < bytes; };
  return offset == at.program || offset == at.position || offset == at.count ||
         within(at.token, 4 * isa::kMaxBatch) ||
         within(at.port_base_lo, info_.ports * at.port_base_stride);
}

uint32_t RegisterModel::ReadControl(uint64_t cycle) {
  const bool resetting = reset_cycle_ && cycle < *reset_cycle_ + kResetIdle;
  uint32_t value = start_ ? kStartBit : 0;
  if (done_) value |= kDoneBit | kReadyBit;
  if (!start_ && !resetting) value |= kIdleBit;
  done_ = false;
  return value;
}

std::optional<uint64_t> RegisterModel::CounterOf(uint32_t offset) const {
  const uint32_t place = offset - info_.offsets.counters;
  if (place >= 8 * kRunCounters.size()) return std::nullopt;
  return counters_[place / 8] >> (place % 8 == 0 ? 0 : 32);
}

Expected<uint32_t> RegisterModel::Read(uint32_t offset, uint64_t cycle) {
  Update(cycle);
  const driver::RegisterOffsets& at = info_.offsets;
  if (const std::optional<uint64_t> counter = CounterOf(offset)) {
    if (start_) return Fail("the model knows the counters of a run only after its end");
    return uint32_t(*counter);
  }
  if (offset == at.ap_ctrl) return ReadControl(cycle);
  if (offset == at.gie) return uint32_t(gie_);
  if (offset == at.ier) return ier_;
  if (offset == at.isr) return isr_;
  if (offset == at.control) return uint32_t(reset_cycle_ && cycle < *reset_cycle_ + kResetDone);
  if (offset == at.isa_version) return info_.isa_version;
  if (offset == at.design_hash_lo) return uint32_t(info_.design_hash);
  if (offset == at.design_hash_hi) return uint32_t(info_.design_hash >> 32);
  if (offset == at.error) return uint32_t(ErrorCause::kNone);
  if (offset == at.error_index) return kNoInstruction;
  return IsArgument(offset) ? Argument(offset) : 0;
}

bool RegisterModel::Starts(uint32_t offset, uint32_t value, uint64_t cycle) {
  Update(cycle);
  const bool resetting = reset_cycle_ && cycle < *reset_cycle_ + kResetDone;
  return offset == info_.offsets.ap_ctrl && (value & kStartBit) != 0 && !start_ && !resetting;
}

Expected<void> RegisterModel::Write(uint32_t offset, uint32_t value, uint64_t cycle) {
  const bool starts = Starts(offset, value, cycle);  // updates
  const driver::RegisterOffsets& at = info_.offsets;
  if (start_ && (IsArgument(offset) || offset == at.control)) {
    return Fail("the model takes no arguments and no reset during a run");
  }
  if (IsArgument(offset)) words_[offset / 4] = value;
  if (offset == at.gie) gie_ = (value & 1) != 0;
  if (offset == at.ier) ier_ = value & kIrqBits;
  if (offset == at.isr) isr_ ^= value & kIrqBits;
  if (offset == at.control && (value & 1) != 0) {
    reset_cycle_ = cycle;
    done_ = false;
  }
  if (starts) {
    start_ = true;
    counters_ = {};
  }
  return {};
}

void RegisterModel::EndRun(uint64_t cycle, const Counters& counters) {
  TF_CHECK(start_ && !end_cycle_, "no run");
  end_cycle_ = cycle;
  counters_ = counters;
}

bool RegisterModel::interrupt(uint64_t cycle) {
  Update(cycle);
  return gie_ && isr_ != 0;
}

RunArguments RegisterModel::arguments() const {
  RunArguments arguments;
  arguments.position = Argument(info_.offsets.position);
  arguments.count = count();
  for (uint32_t i = 0; i < isa::kMaxBatch; ++i) {
    arguments.tokens[i] = Argument(info_.offsets.token + 4 * i);
  }
  return arguments;
}

std::vector<uint64_t> RegisterModel::port_bases() const {
  std::vector<uint64_t> bases;
  for (uint32_t p = 0; p < info_.ports; ++p) {
    const uint32_t at = p * info_.offsets.port_base_stride;
    bases.push_back(uint64_t{Argument(info_.offsets.port_base_hi + at)} << 32 |
                    Argument(info_.offsets.port_base_lo + at));
  }
  return bases;
}

}  // namespace ternfab::systemc
