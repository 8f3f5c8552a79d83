// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/timing/result_packer_timing.h"
#include "sim/timing/unit_timing.h"

namespace ternfab {
struct DesignSignature;
}

namespace ternfab::timing {

/// The int8 unit (rtl/tf_int8_unit.sv), cycle by cycle. See unit_timing.h.
class Int8Timing {
 public:
  struct Shape {
    int lanes;  ///< bytes of a wide beat; a power of two, at most 2^20
    int vector_lanes;
  };

  explicit Int8Timing(const Shape& shape);
  explicit Int8Timing(const DesignSignature& signature);

  void SetCount(int) {}
  UnitOut Step(const UnitIn& in);
  uint64_t SteadyCycles(const UnitIn& in) const;
  /// False: in SteadyCycles(in) cycles the unit does not ask for VM, whatever in.vm_ready is.
  bool MayWriteVm(const UnitIn& in) const;
  void Skip(uint64_t cycles, const UnitIn& in);
  uint64_t Digest() const;
  bool operator==(const Int8Timing&) const = default;

  /// No instruction is in work: VM is not written.
  bool idle() const { return phase_ == Phase::kIdle; }

 private:
  enum class Phase : uint8_t { kIdle, kRun, kFlush, kDot, kOut };
  static constexpr int kFifoDepth = 16;

  void Start(const UnitIn& in, UnitOut& out);
  void Retire(UnitOut& out);
  bool PopBeat();
  void StepDot(bool row_popped, bool vm_ready);
  void StepOut(const UnitIn& in, UnitOut& out);
  void SetFlowing();
  uint64_t beats_left() const {
    return uint64_t(length_ - row_ - 1) * row_beats_ + (row_beats_ - beat_);
  }

  uint8_t sum_age_;  ///< cycles from the pop of a row's last beat to its sum at the FIFO
  Phase phase_ = Phase::kIdle;
  bool dot_ = false;
  uint8_t signal_ = 0;
  uint8_t queries_ = 0;
  uint8_t flush_ = 0;            ///< cycles of kFlush that have passed
  uint8_t fifo_ = 0;             ///< rows in the FIFO
  uint8_t credit_ = kFifoDepth;  ///< places of it that no row has taken
  bool out_valid_ = false;       ///< ACCUMULATE: a word leaves
  ResultPackerTiming packer_;
  uint32_t row_beats_ = 0, length_ = 0;
  uint32_t beat_ = 0, row_ = 0;  ///< of the next beat
  uint32_t packed_ = 0;          ///< rows that the packer has taken
  uint32_t rows_ = 0;            ///< DOT, bit k: a row's last beat was popped k + 1 cycles ago
  uint32_t out_left_ = 0;        ///< ACCUMULATE: VM words to read from the accumulators
};

inline void Int8Timing::Start(const UnitIn& in, UnitOut& out) {
  const DecodedInstruction& i = *in.head;
  out.issue = true;
  out.take = i.wait;
  if (i.skip) {
    out.retire = true;
    out.put = i.signal;
    return;
  }
  out.go = i.dependent;
  phase_ = Phase::kRun;
  dot_ = i.opcode == isa::Opcode::kDot;
  signal_ = i.signal;
  queries_ = uint8_t(i.queries);
  row_beats_ = i.row_beats;
  length_ = i.length;
  out_left_ = dot_ ? 0 : i.queries * i.out_words;
}

inline void Int8Timing::Retire(UnitOut& out) {
  out.retire = true;
  out.put = signal_;
  packer_.Clear();
  phase_ = Phase::kIdle;
  dot_ = out_valid_ = false;
  signal_ = queries_ = flush_ = 0;
  row_beats_ = length_ = beat_ = row_ = packed_ = 0;
}

/// True with the last beat of a row.
inline bool Int8Timing::PopBeat() {
  const bool last_beat = beat_ + 1 == row_beats_;
  beat_ = last_beat ? 0 : beat_ + 1;
  row_ += uint32_t{last_beat};
  if (last_beat && row_ == length_) phase_ = dot_ ? Phase::kDot : Phase::kFlush;
  return last_beat;
}

/// The clock edge of what follows the products of DOT.
inline void Int8Timing::StepDot(bool row_popped, bool vm_ready) {
  const bool sum = (rows_ >> (sum_age_ - 1) & 1) != 0;
  const bool taken = packer_.Step(fifo_ != 0, packed_ + 1 == length_, vm_ready, queries_);
  packed_ += uint32_t{taken};
  fifo_ = uint8_t(fifo_ + sum - taken);
  credit_ = uint8_t(credit_ - row_popped + taken);
  rows_ = (rows_ & ((1u << (sum_age_ - 1)) - 1)) << 1 | uint32_t{row_popped};
}

/// ACCUMULATE: a word is read while the one before it is written.
inline void Int8Timing::StepOut(const UnitIn& in, UnitOut& out) {
  if (out_valid_ && !in.vm_ready) return;
  if (out_left_ != 0) {
    --out_left_;
    out_valid_ = true;
  } else {
    Retire(out);
  }
}

inline UnitOut Int8Timing::Step(const UnitIn& in) {
  UnitOut out;
  if (phase_ == Phase::kIdle) {
    if (in.head != nullptr && (in.head->wait & ~in.tokens) == 0) Start(in, out);
    return out;
  }
  out.vm_valid = out_valid_ || packer_.vm_valid();
  switch (phase_) {
    case Phase::kDot:
      if (packer_.done()) {
        Retire(out);
      } else {
        StepDot(false, in.vm_ready);
      }
      break;
    case Phase::kFlush:  // the last product reaches the accumulators
      if (++flush_ == 3) phase_ = Phase::kOut;
      break;
    case Phase::kOut:
      StepOut(in, out);
      break;
    default: {
      out.stream_ready = !dot_ || credit_ != 0;
      out.stream_pop = out.stream_ready && in.stream_valid;
      const bool row_popped = out.stream_pop && PopBeat();
      if (dot_) StepDot(row_popped, in.vm_ready);
    }
  }
  return out;
}

}  // namespace ternfab::timing
