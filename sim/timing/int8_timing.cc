// SPDX-License-Identifier: Apache-2.0
#include "sim/timing/int8_timing.h"

#include <bit>

#include "codegen/signature.h"
#include "common/check.h"

namespace ternfab::timing {

// Two cycles for QM, one for the products, the tree, one for the sum of the row's beats.
Int8Timing::Int8Timing(const Shape& shape) : sum_age_(0), packer_(shape.vector_lanes) {
  TF_CHECK(std::has_single_bit(unsigned(shape.lanes)) && shape.lanes <= 1 << 20);
  const int levels = std::countr_zero(unsigned(shape.lanes));
  sum_age_ = uint8_t(4 + (levels + 1) / 2);
}

Int8Timing::Int8Timing(const DesignSignature& signature)
    : Int8Timing(Shape{signature.params.int8_lanes(), signature.params.vector_lanes}) {}

uint64_t Int8Timing::SteadyCycles(const UnitIn& in) const {
  switch (phase_) {
    case Phase::kIdle:
      return in.head == nullptr || (in.head->wait & ~in.tokens) != 0 ? kForever : 0;
    case Phase::kRun:
      if (!dot_) return in.stream_valid ? beats_left() : kForever;
      if (!in.vm_ready || credit_ == 0) return 0;
      if (!in.stream_valid) return kForever;
      // The packer never waits: then no row waits for a place in the FIFO.
      return fifo_ <= 1 && packer_.NeverWaits(queries_) ? beats_left() : 0;
    case Phase::kFlush:
      return uint64_t(3 - flush_);
    case Phase::kDot:  // until the packer has the last row, at least
      return rows_ == 0 ? 0 : uint64_t(sum_age_ - std::countr_zero(rows_));
    case Phase::kOut:
      return in.vm_ready ? out_left_ : 0;
  }
  return 0;
}

bool Int8Timing::MayWriteVm(const UnitIn& in) const {
  if (phase_ == Phase::kDot || phase_ == Phase::kOut) return true;
  const bool waits = !in.stream_valid && rows_ == 0 && fifo_ == 0 && packer_.empty();
  return dot_ && !waits;
}

void Int8Timing::Skip(uint64_t cycles, const UnitIn& in) {
  if (phase_ == Phase::kIdle || cycles == 0) return;
  if (phase_ == Phase::kOut) {
    out_left_ -= uint32_t(cycles);
    out_valid_ = true;
    return;
  }
  // A row is out of sight when its word's last query has left.
  const uint64_t window = uint64_t(sum_age_) + queries_ + 3;
  if (phase_ != Phase::kRun || cycles < window) {
    for (; cycles != 0; --cycles) Step(in);
    return;
  }
  if (!in.stream_valid) {
    // Until nothing moves any more.
    for (Int8Timing before = *this; cycles != 0; --cycles, before = *this) {
      Step(in);
      if (*this == before) return;
    }
    return;
  }
  const uint64_t popped = uint64_t(row_) * row_beats_ + beat_ + cycles;
  row_ = uint32_t(popped / row_beats_);
  beat_ = uint32_t(popped % row_beats_);
  if (row_ == length_) phase_ = dot_ ? Phase::kDot : Phase::kFlush;
  if (dot_) SetFlowing();
}

/// The rows behind the stream after a while of a beat a cycle and VM always ready.
void Int8Timing::SetFlowing() {
  // The last beat of row row_ - 1 - i was popped beat_ + 1 + i * row_beats_ cycles ago.
  rows_ = 0;
  fifo_ = 0;
  packed_ = row_;
  uint64_t age = uint64_t(beat_) + 1;
  for (; age <= sum_age_ && packed_ != 0; age += row_beats_, --packed_) {
    rows_ |= 1u << (age - 1);
  }
  const uint64_t packer_age = uint64_t(sum_age_) + 1;
  if (age == packer_age && packed_ != 0) {
    fifo_ = 1;
    --packed_;
  }
  credit_ = uint8_t(kFifoDepth - (row_ - packed_));
  const uint64_t places = uint64_t(packer_.places());
  const uint64_t since_word = row_ - packed_ / places * places;
  packer_.SetFlowing(packed_, beat_ + 1 + since_word * row_beats_ - packer_age, places * row_beats_,
                     queries_);
}

uint64_t Int8Timing::Digest() const {
  StateHash hash;
  hash.Add(phase_, dot_, signal_, queries_, row_beats_, length_, flush_, fifo_, credit_);
  hash.Add(out_valid_, beat_, row_, packed_, rows_, out_left_);
  packer_.AddTo(hash);
  return hash.value();
}

}  // namespace ternfab::timing
