// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/timing/result_packer_timing.h"
#include "sim/timing/unit_timing.h"

namespace ternfab {
struct DesignSignature;
}

namespace ternfab::timing {

/// The ternary unit (rtl/tf_ternary_unit.sv) with its engines, cycle by cycle. See unit_timing.h.
class TernaryTiming {
 public:
  struct Shape {
    int engines;
    int vector_lanes;
    int latency;  ///< of an engine: from a row's last beat to its result, at most 60 cycles
  };

  explicit TernaryTiming(const Shape& shape);
  explicit TernaryTiming(const DesignSignature& signature);

  void SetCount(int count) { count_ = uint8_t(count); }
  UnitOut Step(const UnitIn& in);
  uint64_t SteadyCycles(const UnitIn& in) const;
  /// False: in SteadyCycles(in) cycles the unit does not ask for VM, whatever in.vm_ready is.
  bool MayWriteVm(const UnitIn& in) const;
  void Skip(uint64_t cycles, const UnitIn& in);
  uint64_t Digest() const;
  bool operator==(const TernaryTiming&) const = default;

  /// No instruction is in work: VM is not written.
  bool idle() const { return phase_ == Phase::kIdle; }

 private:
  enum class Phase : uint8_t { kIdle, kRun, kDrain };

  void Start(const UnitIn& in, UnitOut& out);
  void PopBeat();
  uint64_t beats_left() const {
    return uint64_t(groups_ - group_ - 1) * row_beats_ + (row_beats_ - beat_);
  }

  uint8_t row_age_;  ///< cycles from the pop of a row's last beat to row_valid_i
  uint8_t count_ = 1;
  Phase phase_ = Phase::kIdle;
  uint8_t signal_ = 0;
  uint8_t settle_ = 0;  ///< cycles before which the instruction does not retire
  ResultPackerTiming packer_;
  uint32_t row_beats_ = 0, groups_ = 0;  ///< of the instruction
  uint32_t beat_ = 0, group_ = 0;        ///< of the next beat
  uint32_t received_ = 0;                ///< rows that have come from the engines
  uint64_t rows_ = 0;                    ///< bit k: a row's last beat was popped k + 1 cycles ago
};

inline void TernaryTiming::Start(const UnitIn& in, UnitOut& out) {
  const DecodedInstruction& i = *in.head;
  out.issue = true;
  out.take = i.wait;
  if (i.skip) {
    out.retire = true;
    out.put = i.signal;
    return;
  }
  phase_ = Phase::kRun;
  signal_ = i.signal;
  row_beats_ = i.mv_beats;
  groups_ = i.mv_groups;
}

inline void TernaryTiming::PopBeat() {
  const bool last_beat = beat_ + 1 == row_beats_;
  rows_ |= uint64_t{last_beat};
  beat_ = last_beat ? 0 : beat_ + 1;
  group_ += uint32_t{last_beat};
  if (last_beat && group_ == groups_) phase_ = Phase::kDrain;
}

inline UnitOut TernaryTiming::Step(const UnitIn& in) {
  UnitOut out;
  if (phase_ == Phase::kIdle) {
    if (in.head != nullptr && (in.head->wait & ~in.tokens) == 0) Start(in, out);
    return out;
  }
  out.vm_valid = packer_.vm_valid();
  if (phase_ == Phase::kDrain && packer_.done() && settle_ == 0) {
    out.retire = true;
    out.put = signal_;
    packer_.Clear();
    phase_ = Phase::kIdle;
    signal_ = 0;
    row_beats_ = groups_ = beat_ = group_ = received_ = 0;
    return out;
  }
  const bool row = (rows_ >> (row_age_ - 1) & 1) != 0;
  const bool last_row = received_ + 1 == groups_;
  packer_.Step(row, last_row, in.vm_ready, count_);
  settle_ = row && last_row ? uint8_t(2 * count_) : uint8_t(settle_ - (settle_ != 0));
  received_ += uint32_t{row};
  rows_ = (rows_ & ((uint64_t{1} << (row_age_ - 1)) - 1)) << 1;
  if (phase_ == Phase::kRun) {
    out.stream_ready = true;
    out.stream_pop = in.stream_valid;
    if (in.stream_valid) PopBeat();
  }
  return out;
}

}  // namespace ternfab::timing
