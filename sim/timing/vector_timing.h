// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/timing/unit_timing.h"

namespace ternfab {
struct DesignSignature;
}

namespace ternfab::timing {

/// The vector unit (rtl/tf_vector_unit.sv), cycle by cycle. See unit_timing.h.
///
/// Words take a fixed time from their issue to each stage behind it, because what they need (room
/// for the result, a beat of the stream) is theirs from the issue on. So one shift register of
/// issued words stands for all pipeline registers of tf_vector_fetch, _datapath, _max and _sum.
class VectorTiming {
 public:
  struct Shape {
    int lanes;         ///< 1, 2, 4, 8 or 16
    int wide_bytes;    ///< multiple of 4 * lanes
    int port_bytes;    ///< of one memory port's beat; divides wide_bytes
    int engine_lanes;  ///< multiple of lanes
    bool operator==(const Shape&) const = default;
  };

  explicit VectorTiming(const Shape& shape);
  explicit VectorTiming(const DesignSignature& signature);

  void SetCount(int) {}
  UnitOut Step(const UnitIn& in);
  uint64_t SteadyCycles(const UnitIn& in) const;
  /// False: in SteadyCycles(in) cycles the unit does not ask for VM, whatever in.vm_ready is.
  bool MayWriteVm(const UnitIn& in) const;
  void Skip(uint64_t cycles, const UnitIn& in);
  uint64_t Digest() const;
  bool operator==(const VectorTiming&) const = default;

  /// No instruction is in work: VM is not written.
  bool idle() const { return phase_ == Phase::kIdle; }

 private:
  enum class Phase : uint8_t { kIdle, kRun, kSkip };
  /// Where words of results go.
  enum class Sink : uint8_t { kNone, kVm, kScalar, kWords, kMemory };
  static constexpr uint8_t kNormPace = 3;     ///< cycles of a norm's word
  static constexpr int kReaderDepth = 16;     ///< beats
  static constexpr int kResultDepth = 32;     ///< words
  static constexpr uint32_t kPipe = 0xfffff;  ///< cycles behind the issue that matter

  /// Constant while an instruction is in work. Delays are cycles from a word's issue: from its last
  /// read, or from that of A where A is converted from int32 of VM.
  struct Setup {
    uint8_t signal = 0;
    uint8_t reads = 0;   ///< cycles of a word's issue
    uint8_t pace = 0;    ///< cycles from word to word, at least
    bool a_int = false;  ///< int32 of VM
    bool stream = false;
    bool pop_at_issue = false;  ///< int8 of the stream is converted on the way
    bool vm = false;            ///< reads VM
    bool results = false;
    bool sum = false;
    bool max = false;   ///< or ABSMAX
    bool join = false;  ///< one maximum of all segments
    bool norm = false;
    bool sum_last = false;  ///< of a norm
    uint8_t launch = 0;     ///< to the operand registers; pop of an fp32 stream
    uint8_t result = 0;     ///< to the lanes' results
    uint8_t push = 0;       ///< to the result FIFO
    uint8_t maximum = 0;    ///< to the maximum in S
    uint8_t total = 0;      ///< to the sum in S
    Sink sink = Sink::kNone;
    uint8_t beat_words = 1;  ///< of the stream
    uint8_t pack_words = 1;  ///< of a word of AM, QM or a wide beat
    uint32_t words = 0;      ///< of a segment, less one
    uint32_t wr_ports = 0;
    bool operator==(const Setup&) const = default;
  };

  /// The registers that change while an instruction is in work.
  struct Work {
    bool active = false;  ///< words are left to issue
    bool held = false;    ///< between two segments of a SUM
    bool result_done = false;
    bool reduce_done = false;
    uint8_t step = 0;       ///< reads of the present word that are done
    uint8_t turn = 0;       ///< of a norm: 0 where a word may begin
    uint8_t place = 0;      ///< of the present word in its beat of the stream
    uint8_t pop_place = 0;  ///< of the next word to pop from the reader
    uint8_t count = 0;      ///< words in the result FIFO
    uint8_t reserved = 0;   ///< in it or on their way
    uint8_t pack_place = 0;
    bool pack_valid = false;  ///< a packed word leaves
    bool pack_final = false;
    uint8_t total = 0;  ///< cycles to the sum, 0 where none is on its way
    bool total_final = false;
    uint32_t words = 0;      ///< of the segment after the present one
    uint32_t segments = 0;   ///< after the present one
    uint32_t issued = 0;     ///< bit k: a word was issued k + 1 cycles ago
    uint32_t last = 0;       ///< ... the last of a segment
    uint32_t final = 0;      ///< ... of the instruction
    uint32_t fifo_last = 0;  ///< bit k: word k of the FIFO
    uint32_t fifo_final = 0;
    uint32_t wr_addr = 0;
    bool operator==(const Work&) const = default;
  };

  /// What happens in one cycle.
  struct Now {
    bool go = false;       ///< a read, or a word without reads
    bool claim = false;    ///< of a beat
    bool word = false;     ///< the last cycle of a word's issue
    bool pop = false;      ///< of a word of the stream
    bool drop = false;     ///< ... the last of its beat
    bool push = false;     ///< into the result FIFO
    bool take = false;     ///< from it
    bool total = false;    ///< of a SUM or a norm
    bool reduced = false;  ///< a reduction writes S
    bool result_done = false;
    bool reduce_done = false;
    uint32_t issued = 0, last = 0, final = 0;  ///< as in Work, with this cycle at bit 0
  };

  void Load(const DecodedInstruction& i);
  void SetDestination(const DecodedInstruction& i);
  void SetDelays(const DecodedInstruction& i);
  void Issue(Now& now) const;
  void Pipe(Now& now) const;
  void Result(const UnitIn& in, Now& now, UnitOut& out);
  void TakeResult(const Now& now);
  void Advance(const Now& now);
  void Run(const UnitIn& in, UnitOut& out);
  uint64_t CyclesToRetire() const;
  bool Starves() const;
  /// The reader takes a beat.
  bool Fills(const UnitIn& in) const { return in.stream_valid && beats_ != kReaderDepth; }

  Shape shape_;
  uint8_t lanes_log2_ = 0;
  Phase phase_ = Phase::kIdle;
  uint8_t beats_ = 0;      ///< in the reader
  uint8_t unclaimed_ = 0;  ///< of these, not claimed
  Setup s_;
  Work w_;
};

/// The issue of this cycle (tf_vector_issue).
inline void VectorTiming::Issue(Now& now) const {
  const bool first_of_beat = s_.stream && w_.place == 0;
  now.go = w_.active &&
           (w_.step != 0 || ((!s_.results || w_.reserved != kResultDepth) &&
                             (!first_of_beat || unclaimed_ != 0) && !w_.held && w_.turn == 0));
  now.word = now.go && w_.step + 1 == s_.reads;
  now.claim = now.go && w_.step == 0 && first_of_beat;
  const bool event = s_.a_int ? now.go && w_.step == 0 : now.word;
  const bool last = event && w_.words == 0;
  now.issued = w_.issued << 1 | uint32_t{event};
  now.last = w_.last << 1 | uint32_t{last};
  now.final = w_.final << 1 | uint32_t{last && w_.segments == 0};
}

/// What reaches the ends of the pipelines in this cycle.
inline void VectorTiming::Pipe(Now& now) const {
  const auto at = [](uint32_t pipe, int delay) { return (pipe >> delay & 1) != 0; };
  if (s_.stream) {
    const int delay = s_.pop_at_issue ? 0 : s_.launch;
    now.pop = at(now.issued, delay);
    now.drop = now.pop && (at(now.last, delay) || w_.pop_place + 1 == s_.beat_words);
  }
  now.push = s_.results && at(now.issued, s_.push);
  now.total = w_.total == 1;
  const bool maximum = s_.max && at(s_.join ? now.final : now.last, s_.maximum);
  now.reduced = now.total || maximum;
  now.reduce_done =
      (now.total && w_.total_final) || (maximum && at(now.final, s_.maximum) && !s_.sum_last);
  now.result_done = !s_.results && !s_.sum && !s_.max && at(now.final, s_.result);
}

/// The way from the result FIFO to the destination (tf_vector_result).
inline void VectorTiming::Result(const UnitIn& in, Now& now, UnitOut& out) {
  const bool valid = w_.count != 0;
  const bool packed_leaves = s_.sink == Sink::kWords || in.wr_ready;
  switch (s_.sink) {
    case Sink::kNone:
      return;
    case Sink::kVm:
      out.vm_valid = valid;
      now.take = valid && in.vm_ready;
      now.result_done = now.take && (w_.fifo_final & 1) != 0;
      return;
    case Sink::kScalar:
      now.take = valid && !now.reduced;
      now.result_done = now.take && (w_.fifo_final & 1) != 0;
      return;
    case Sink::kMemory:
      out.wr_valid = w_.pack_valid;
      out.wr_addr = w_.pack_valid ? w_.wr_addr : 0;
      out.wr_ports = w_.pack_valid ? s_.wr_ports : 0;
      w_.wr_addr += uint32_t{w_.pack_valid && in.wr_ready};
      break;
    case Sink::kWords:
      break;
  }
  now.result_done = w_.pack_valid && packed_leaves && w_.pack_final;
  now.take = valid && (!w_.pack_valid || packed_leaves);
  if (now.take) {
    const bool full = (w_.fifo_last & 1) != 0 || w_.pack_place + 1 == s_.pack_words;
    w_.pack_place = full ? uint8_t{0} : uint8_t(w_.pack_place + 1);
    w_.pack_valid = full;
    w_.pack_final = full && (w_.fifo_final & 1) != 0;
  } else if (packed_leaves) {
    w_.pack_valid = w_.pack_final = false;
  }
}

inline void VectorTiming::TakeResult(const Now& now) {
  if (now.take) {
    w_.fifo_last >>= 1;
    w_.fifo_final >>= 1;
    --w_.count;
  }
  if (now.push) {
    w_.fifo_last |= (now.last >> s_.push & 1) << w_.count;
    w_.fifo_final |= (now.final >> s_.push & 1) << w_.count;
    ++w_.count;
  }
  w_.reserved = uint8_t(w_.reserved + (now.go && w_.step == 0 && s_.results) - now.take);
}

/// The clock edge of all but the destination.
inline void VectorTiming::Advance(const Now& now) {
  TakeResult(now);
  const bool last = w_.words == 0;
  if (now.total) w_.held = false;
  if (w_.total != 0) --w_.total;
  if (s_.norm) w_.turn = w_.active && w_.turn != kNormPace - 1 ? uint8_t(w_.turn + 1) : uint8_t{0};
  if ((s_.sum && (now.last & 1) != 0) || (s_.sum_last && (now.final & 1) != 0)) {
    w_.total = s_.total;
    w_.total_final = w_.segments == 0;
  }
  if (now.go) w_.step = now.word ? uint8_t{0} : uint8_t(w_.step + 1);
  if (now.word) {
    if (s_.stream) {
      w_.place = last || w_.place + 1 == s_.beat_words ? uint8_t{0} : uint8_t(w_.place + 1);
    }
    if (last && w_.segments == 0) {
      w_.active = false;
    } else if (last) {
      w_.held = s_.sum;
      w_.words = s_.words;
      --w_.segments;
    } else {
      --w_.words;
    }
  }
  if (now.pop) w_.pop_place = now.drop ? uint8_t{0} : uint8_t(w_.pop_place + 1);
  beats_ = uint8_t(beats_ - now.drop);
  unclaimed_ = uint8_t(unclaimed_ - now.claim);
  w_.issued = now.issued & kPipe;
  w_.last = now.last & kPipe;
  w_.final = now.final & kPipe;
  w_.result_done |= now.result_done;
  w_.reduce_done |= now.reduce_done;
}

inline void VectorTiming::Run(const UnitIn& in, UnitOut& out) {
  if (w_.result_done && w_.reduce_done) {
    out.retire = true;
    out.put = s_.signal;
    phase_ = Phase::kIdle;
    s_ = {};
    w_ = {};
    return;
  }
  Now now;
  Issue(now);
  out.vm_read = now.go && s_.vm;
  Pipe(now);
  Result(in, now, out);
  Advance(now);
}

inline UnitOut VectorTiming::Step(const UnitIn& in) {
  UnitOut out;
  out.stream_ready = beats_ != kReaderDepth;
  out.stream_pop = out.stream_ready && in.stream_valid;
  switch (phase_) {
    case Phase::kIdle:
      if (in.head != nullptr && (in.head->wait & ~in.tokens) == 0) {
        out.issue = true;
        out.take = in.head->wait;
        Load(*in.head);
        out.go = phase_ == Phase::kRun && s_.stream && in.head->dependent;
      }
      break;
    case Phase::kRun:
      Run(in, out);
      break;
    case Phase::kSkip:
      out.retire = true;
      out.put = s_.signal;
      phase_ = Phase::kIdle;
      s_ = {};
      break;
  }
  beats_ = uint8_t(beats_ + out.stream_pop);
  unclaimed_ = uint8_t(unclaimed_ + out.stream_pop);
  return out;
}

}  // namespace ternfab::timing
