// SPDX-License-Identifier: Apache-2.0
#include "sim/timing/vector_timing.h"

#include <algorithm>
#include <bit>

#include "codegen/signature.h"
#include "common/check.h"
#include "sim/timing/hash.h"

namespace ternfab::timing {
namespace {

using isa::Combine, isa::Destination, isa::Reduce, isa::SourceA, isa::SourceB, isa::SourceC;

/// Cycles of the tree over the partial sums: an addition for each level, and a row a cycle in
/// levels of whole rows (tf_vector_sum).
int SumTreeCycles(uint32_t length, int lanes) {
  int cycles = 0;
  for (int width = 1; width < isa::kPartialSums && uint32_t(width) < length; width *= 2) {
    cycles += 4 + width / lanes;
  }
  return cycles;
}

VectorTiming::Shape ShapeOf(const DesignParams& d) {
  return {d.vector_lanes, d.wide_bytes(), d.port_bytes(), d.lanes};
}

}  // namespace

VectorTiming::VectorTiming(const Shape& shape)
    : shape_(shape), lanes_log2_(uint8_t(std::countr_zero(unsigned(shape.lanes)))) {
  TF_CHECK(std::has_single_bit(unsigned(shape.lanes)) && shape.lanes <= 16);
  TF_CHECK(shape.wide_bytes % (4 * shape.lanes) == 0 && shape.wide_bytes / shape.lanes < 256);
  TF_CHECK(shape.engine_lanes % shape.lanes == 0 && shape.engine_lanes / shape.lanes < 256);
  TF_CHECK(shape.wide_bytes / shape.port_bytes <= 32);
}

VectorTiming::VectorTiming(const DesignSignature& signature)
    : VectorTiming(ShapeOf(signature.params)) {}

void VectorTiming::Load(const DecodedInstruction& i) {
  s_.signal = i.signal;
  if (i.skip) {
    phase_ = Phase::kSkip;
    return;
  }
  phase_ = Phase::kRun;
  const int reads = (i.a == SourceA::kVm) + (i.b == SourceB::kVm) + (i.c == SourceC::kVm);
  s_.reads = uint8_t(std::max(reads, 1));
  s_.vm = reads != 0;
  s_.norm = i.norm;
  s_.join = i.join;
  s_.sum_last = i.sum_last;
  s_.pace = i.norm ? kNormPace : s_.reads;
  s_.a_int = i.a == SourceA::kVm && i.a_int;
  s_.pop_at_issue = i.a == SourceA::kStreamI8;
  s_.stream = i.stream;
  s_.sum = i.reduce == Reduce::kSum;
  s_.max = i.reduce == Reduce::kMax || i.reduce == Reduce::kAbsMax;
  s_.results = i.dst != Destination::kNone && !s_.sum;
  s_.words = (i.length - 1) >> lanes_log2_;
  s_.beat_words = uint8_t(shape_.wide_bytes / (s_.pop_at_issue ? 1 : 4) / shape_.lanes);
  SetDestination(i);
  SetDelays(i);
  w_.active = true;
  w_.words = s_.words;
  w_.segments = i.segments - 1;
  w_.result_done = !s_.results && i.reduce != Reduce::kNone;
  w_.reduce_done = i.reduce == Reduce::kNone;
  w_.wr_addr = s_.sink == Sink::kMemory ? i.mem_addr : 0;
}

void VectorTiming::SetDestination(const DecodedInstruction& i) {
  const int ports = shape_.wide_bytes / shape_.port_bytes;
  if (!s_.results) return;
  switch (i.dst) {
    case Destination::kNone:
      break;
    case Destination::kVm:
      s_.sink = Sink::kVm;
      break;
    case Destination::kScalar:
      s_.sink = Sink::kScalar;
      break;
    case Destination::kAm:
      s_.sink = Sink::kWords;
      s_.pack_words = uint8_t(shape_.engine_lanes / shape_.lanes);
      break;
    case Destination::kQm:
      s_.sink = Sink::kWords;
      s_.pack_words = uint8_t(shape_.wide_bytes / shape_.lanes);
      break;
    case Destination::kMemF32:
    case Destination::kMemI8:
    case Destination::kMemElement: {
      const bool int8 = i.dst == Destination::kMemI8;
      s_.sink = Sink::kMemory;
      s_.pack_words = uint8_t(shape_.wide_bytes / (int8 ? 1 : 4) / shape_.lanes);
      s_.wr_ports = i.dst == Destination::kMemElement
                        ? 1u << (4 * i.mem_elem / uint32_t(shape_.port_bytes))
                        : uint32_t((uint64_t{1} << ports) - 1);
      break;
    }
  }
}

/// VM 2 cycles, int32 to fp32 2, operand registers 1, multiplier 4, adder 4 or the other
/// combinations 1, fp32 to int8 2, comparison 1 + 1 + a cycle for each level of lanes. A norm takes
/// the multiplier again 4 cycles after the product for the result, 5 after it for the sum.
void VectorTiming::SetDelays(const DecodedInstruction& i) {
  const bool int8 =
      i.dst == Destination::kAm || i.dst == Destination::kQm || i.dst == Destination::kMemI8;
  s_.launch = s_.a_int ? 4 : 2;
  const int product = s_.launch + 1 + (i.b != SourceB::kNone ? 4 : 0);
  s_.result = uint8_t(product + (i.norm ? 4 : 0) + (i.combine == Combine::kAdd ? 4 : 1));
  s_.push = uint8_t(s_.result + (int8 ? 2 : 0));
  s_.maximum = uint8_t(s_.result + 2 + lanes_log2_);
  TF_CHECK(kPipe >> (s_.maximum - 1) != 0, "{} cycles to the maximum", s_.maximum);
  const uint32_t partial_sums = i.norm ? uint32_t{isa::kPartialSums} : i.length;
  s_.total = uint8_t(product + (i.norm ? 5 : 0) + 4 + SumTreeCycles(partial_sums, shape_.lanes));
}

/// Cycles before the earliest possible retirement.
uint64_t VectorTiming::CyclesToRetire() const {
  // The issue of the final word, from now; negative: that long ago.
  int64_t final = 0;
  if (w_.active) {
    const int64_t words = int64_t(w_.segments) * (s_.words + 1) + w_.words + 1;
    final = (words - 1) * s_.pace + (s_.a_int ? 0 : s_.reads - 1) - w_.step;
  } else {
    if (w_.final == 0 && w_.total == 0) return 0;
    final = -1 - std::countr_zero(w_.final);
  }
  int64_t done = 0;
  if (!w_.result_done) {
    const bool packed = s_.sink == Sink::kWords || s_.sink == Sink::kMemory;
    done = final + (s_.results ? s_.push + 1 + packed : s_.result);
  }
  if (!w_.reduce_done) {
    const int64_t sum = w_.active ? final + s_.total : w_.total - 1;
    done = std::max(done, s_.sum || s_.sum_last ? sum : final + s_.maximum);
  }
  return uint64_t(std::max<int64_t>(done + 1, 0));
}

/// Nothing moves before the next beat of the stream.
bool VectorTiming::Starves() const {
  const bool waits = w_.active && s_.stream && w_.step == 0 && w_.place == 0 && unclaimed_ == 0;
  return waits && !w_.held && w_.total == 0 && w_.issued == 0 && w_.count == 0 && !w_.pack_valid;
}

bool VectorTiming::MayWriteVm(const UnitIn& in) const {
  return s_.sink == Sink::kVm && (in.stream_valid || !Starves());
}

/// An instruction in work is steady until it retires where it neither takes nor offers beats.
uint64_t VectorTiming::SteadyCycles(const UnitIn& in) const {
  switch (phase_) {
    case Phase::kSkip:
      break;
    case Phase::kIdle:
      if (in.head != nullptr && (in.head->wait & ~in.tokens) == 0) break;
      return Fills(in) ? uint64_t(kReaderDepth - beats_) : kForever;
    case Phase::kRun: {
      if (Fills(in) || s_.sink == Sink::kMemory || (w_.result_done && w_.reduce_done)) break;
      if (!s_.stream) return CyclesToRetire();
      if (beats_ == kReaderDepth) break;
      return Starves() ? kForever : CyclesToRetire();
    }
  }
  return 0;
}

void VectorTiming::Skip(uint64_t cycles, const UnitIn& in) {
  if (phase_ == Phase::kIdle) {
    if (!Fills(in)) return;
    beats_ = uint8_t(beats_ + cycles);
    unclaimed_ = uint8_t(unclaimed_ + cycles);
    return;
  }
  // In the middle of a segment all but the number of words left comes back with the places in the
  // packer; where nothing moves, that does, too.
  const uint64_t words = s_.sink == Sink::kWords ? s_.pack_words : 1;
  const uint64_t period = words * s_.pace;
  while (cycles != 0) {
    if (cycles < 2 * period) {
      for (; cycles != 0; --cycles) Step(in);
      return;
    }
    VectorTiming before = *this;
    for (uint64_t k = 0; k < period; ++k) Step(in);
    cycles -= period;
    if (*this == before) {
      for (cycles %= period; cycles != 0; --cycles) Step(in);
      return;
    }
    if (w_.words + words != before.w_.words) continue;
    before.w_.words = w_.words;
    if (!(*this == before)) continue;
    // Not as far as the last word.
    const uint64_t periods = std::min(cycles / period, (std::max(w_.words, 1u) - 1) / words);
    w_.words -= uint32_t(periods * words);
    cycles -= periods * period;
  }
}

uint64_t VectorTiming::Digest() const {
  StateHash hash;
  hash.Add(phase_, beats_, unclaimed_);
  if (phase_ == Phase::kIdle) return hash.value();
  hash.Add(s_.signal, s_.reads, s_.a_int, s_.stream, s_.pop_at_issue, s_.vm, s_.results, s_.sum,
           s_.max, s_.join, s_.norm, s_.sum_last);
  hash.Add(s_.launch, s_.result, s_.push, s_.maximum, s_.total, s_.sink, s_.beat_words);
  hash.Add(s_.pack_words, s_.words, s_.wr_ports);
  hash.Add(w_.active, w_.held, w_.result_done, w_.reduce_done, w_.step, w_.turn, w_.place);
  hash.Add(w_.pop_place);
  hash.Add(w_.count, w_.reserved, w_.pack_place, w_.pack_valid, w_.pack_final, w_.total);
  hash.Add(w_.total_final, w_.words, w_.segments, w_.issued, w_.last, w_.final, w_.fifo_last);
  hash.Add(w_.fifo_final, w_.wr_addr);
  return hash.value();
}

}  // namespace ternfab::timing
