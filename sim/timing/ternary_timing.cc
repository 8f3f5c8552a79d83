// SPDX-License-Identifier: Apache-2.0
#include "sim/timing/ternary_timing.h"

#include <bit>

#include "codegen/engine_writer.h"
#include "codegen/signature.h"
#include "common/check.h"

namespace ternfab::timing {
namespace {

TernaryTiming::Shape ShapeOf(const DesignSignature& signature) {
  const DesignParams& d = signature.params;
  return {d.ports, d.vector_lanes, EngineLatency(EngineShapeOf(signature))};
}

}  // namespace

// A beat waits two cycles for its activations before it enters the engines.
TernaryTiming::TernaryTiming(const Shape& shape)
    : row_age_(uint8_t(shape.latency + 2)), packer_(shape.vector_lanes / shape.engines) {
  TF_CHECK(shape.latency >= 1 && shape.latency <= 60);
}

TernaryTiming::TernaryTiming(const DesignSignature& signature)
    : TernaryTiming(ShapeOf(signature)) {}

uint64_t TernaryTiming::SteadyCycles(const UnitIn& in) const {
  switch (phase_) {
    case Phase::kIdle:
      return in.head == nullptr || (in.head->wait & ~in.tokens) != 0 ? kForever : 0;
    case Phase::kRun:
      if (!in.vm_ready) return 0;
      return in.stream_valid ? beats_left() : kForever;
    case Phase::kDrain:
      break;
  }
  // settle_ counts from the last row on.
  return rows_ == 0 ? settle_ : uint64_t(row_age_ - std::countr_zero(rows_) + 2 * count_);
}

bool TernaryTiming::MayWriteVm(const UnitIn& in) const {
  const bool waits = phase_ == Phase::kRun && !in.stream_valid && rows_ == 0 && packer_.empty();
  return phase_ != Phase::kIdle && !waits;
}

void TernaryTiming::Skip(uint64_t cycles, const UnitIn& in) {
  if (phase_ == Phase::kIdle) return;
  // A row is out of sight when its word's last slot has left.
  const uint64_t window = uint64_t(row_age_) + count_ + 2;
  if (phase_ == Phase::kDrain || cycles < window) {
    for (; cycles != 0; --cycles) Step(in);
    return;
  }
  if (!in.stream_valid) {
    for (uint64_t i = 0; i < window; ++i) Step(in);
    return;
  }
  const uint64_t popped = uint64_t(group_) * row_beats_ + beat_ + cycles;
  group_ = uint32_t(popped / row_beats_);
  beat_ = uint32_t(popped % row_beats_);
  if (group_ == groups_) phase_ = Phase::kDrain;
  // The last beat of row group_ - 1 - i was popped beat_ + 1 + i * row_beats_ cycles ago.
  rows_ = 0;
  received_ = group_;
  for (uint64_t age = uint64_t(beat_) + 1; age <= row_age_ && received_ != 0; age += row_beats_) {
    rows_ |= uint64_t{1} << (age - 1);
    --received_;
  }
  const uint64_t places = uint64_t(packer_.places());
  const uint64_t since_word = group_ - received_ / places * places;
  packer_.SetFlowing(received_, beat_ + 1 + since_word * row_beats_ - row_age_, places * row_beats_,
                     count_);
}

uint64_t TernaryTiming::Digest() const {
  StateHash hash;
  hash.Add(count_, phase_, signal_, settle_, row_beats_, groups_, beat_, group_, received_, rows_);
  packer_.AddTo(hash);
  return hash.value();
}

}  // namespace ternfab::timing
