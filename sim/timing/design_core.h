// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "common/check.h"
#include "sim/timing/decode.h"
#include "sim/timing/design_model.h"
#include "sim/timing/int8_timing.h"
#include "sim/timing/read_dma.h"
#include "sim/timing/sequencer.h"
#include "sim/timing/ternary_timing.h"
#include "sim/timing/vector_timing.h"
#include "sim/timing/write_dma.h"

namespace ternfab::timing::internal {

/// The modules of the generated top, wired, with a memory behind them (DesignModel).
template <class Memory>
class DesignCore {
 public:
  DesignCore(const DesignSignature& signature, Memory memory,
             const std::vector<uint64_t>& port_bases, bool skip)
      : params_(signature.params),
        may_skip_(skip),
        memory_(std::move(memory)),
        rd_(signature, port_bases, memory_.read_ports()),
        wr_(signature, port_bases),
        sequencer_(signature),
        ternary_(signature),
        int8_(signature),
        vector_(signature) {}

  void Idle(uint64_t cycles) {
    while (cycles != 0) {
      const uint64_t steady = may_skip_ ? std::min(cycles, memory_.SteadyCycles()) : 0;
      if (steady == 0) memory_.Tick();
      cycles -= steady == 0 ? 1 : memory_.Skip(steady);
    }
  }

  void Start(const InstructionList& list, const RunArguments& arguments, const StartPoint& from,
             std::span<const uint32_t> tags) {
    list_ = std::make_shared<const std::vector<DecodedInstruction>>(
        DecodeRun(list, params_, arguments, tags));
    const uint32_t header =
        uint32_t(list.beat) + from.first * uint32_t(params_.instruction_beats());
    sequencer_.Start(*list_, from.first, header, from.tokens);
    ternary_.SetCount(int(arguments.count));
    int8_.SetCount(int(arguments.count));
    vector_.SetCount(int(arguments.count));
    cycle_ = 0;
    counters_ = {};
    times_.assign(list_->size() - 1, {});
    quiet_ = false;
  }

  /// True at the end of the run; false at `stop` or in a deadlock.
  bool Run(const StopPoint& stop) {
    stopped_ = false;
    while (sequencer_.running() && !stopped_ && !sequencer_.deadlock()) {
      Inputs inputs = MakeInputs();
      const uint64_t steady = quiet_ && may_skip_ ? UnitsSteady(inputs) : 0;
      Cycle(inputs, stop);
      if (steady > 1 && quiet_) SkipUpTo(steady - 1, inputs);
    }
    counters_[0] = cycle_;
    return !sequencer_.running();
  }

  void set_sink(CycleSink* sink) { sink_ = sink; }
  const Sequencer& sequencer() const { return sequencer_; }
  uint64_t cycles() const { return cycle_; }
  uint64_t memory_cycle() const { return memory_.cycle(); }
  const InstructionTimes& times() const { return times_; }
  const RunCounters& counters() const { return counters_; }

  uint64_t Digest() const {
    StateHash hash;
    memory_.AddTo(hash);
    rd_.AddTo(hash);
    wr_.AddTo(hash);
    sequencer_.AddTo(hash);
    hash.Add(ternary_.Digest(), int8_.Digest(), vector_.Digest());
    return hash.value();
  }

 private:
  /// In the order of kRunCounters.
  enum Counter {
    kCycles,
    kInstructions,
    kWStarved,
    kWBeats,
    kReadBeats,
    kWriteBeats,
    kTernaryBusy,
    kInt8Busy,
    kVectorBusy
  };

  /// What comes out of registers in a cycle.
  struct Inputs {
    UnitIn units[kUnitCount];
    Sequencer::In sequencer;
  };

  /// In the order of Client.
  static uint8_t Mask(bool i, bool v, bool k, bool w) {
    return uint8_t(int(i) | int(v) << 1 | int(k) << 2 | int(w) << 3);
  }

  Inputs MakeInputs() const {
    constexpr int kStreams[kUnitCount] = {kClientW, kClientK, kClientV};
    Inputs in;
    for (int u = 0; u < kUnitCount; ++u) {
      UnitIn& unit = in.units[u];
      unit.head = sequencer_.head(u);
      unit.tokens = sequencer_.tokens();
      unit.stream_valid = rd_.valid(kStreams[u]);
      unit.vm_ready = true;
    }
    in.units[2].wr_ready = wr_.ready();
    in.sequencer.i_valid = rd_.valid(kClientI);
    for (int c = 0; c < kClients; ++c) in.sequencer.desc_ready[c] = rd_.desc_ready(c);
    in.sequencer.rd_idle = rd_.idle();
    in.sequencer.wr_idle = wr_.idle();
    in.sequencer.units = out_;
    return in;
  }

  /// Cycles in which no unit does anything new. VM has one writer at a time only while no more
  /// than one unit works.
  uint64_t UnitsSteady(const Inputs& in) const {
    int working = 0;
    for (int u = 0; u < kUnitCount; ++u) working += int(sequencer_.working(u));
    if (working > 1) return 0;
    uint64_t cycles = ternary_.SteadyCycles(in.units[0]);
    if (cycles > 1) cycles = std::min(cycles, int8_.SteadyCycles(in.units[1]));
    if (cycles > 1) cycles = std::min(cycles, vector_.SteadyCycles(in.units[2]));
    return cycles;
  }

  void Cycle(Inputs& in, const StopPoint& stop) {
    out_[0] = ternary_.Step(in.units[0]);
    in.units[1].vm_ready = !out_[0].vm_valid;
    out_[1] = int8_.Step(in.units[1]);
    in.units[2].vm_ready = !out_[0].vm_valid && !out_[1].vm_valid;
    out_[2] = vector_.Step(in.units[2]);
    for (int u = 0; u < kUnitCount; ++u) {
      busy_[u] = sequencer_.working(u) || out_[u].issue;
      if (out_[u].issue || out_[u].retire) Note(u, *in.units[u].head, stop);
    }
    const Sequencer::Out dispatch = sequencer_.Step(in.sequencer);
    pop_ = Mask(dispatch.i_pop, out_[2].stream_pop, out_[1].stream_pop, out_[0].stream_pop);
    if (sink_ != nullptr) Show(in, dispatch.i_ready);
    ReadDma::In rd;
    if (dispatch.push_client != kClients) rd.push[dispatch.push_client] = &dispatch.push;
    rd.go = Mask(false, out_[2].go, out_[1].go, false);
    rd.pop = pop_;
    rd.wr_idle = in.sequencer.wr_idle;
    const bool write = out_[2].wr_valid && in.units[2].wr_ready;
    wr_.Step(write ? out_[2].wr_ports : 0, out_[2].wr_addr, memory_);
    beat_ = rd_.Step(rd, memory_);
    memory_.Tick();
    counters_[kInstructions] += dispatch.accept;
    counters_[kWriteBeats] += write;
    Count(1);
    quiet_ = !write && !sequencer_.eventful() && !rd_.eventful();
  }

  void Count(uint64_t cycles) {
    counters_[kWStarved] += cycles * uint64_t(out_[0].stream_ready && !out_[0].stream_pop);
    counters_[kWBeats] += cycles * uint64_t(out_[0].stream_pop);
    counters_[kReadBeats] += cycles * uint64_t(beat_);
    for (int u = 0; u < kUnitCount; ++u) counters_[kTernaryBusy + u] += cycles * uint64_t(busy_[u]);
    cycle_ += cycles;
  }

  void Note(int unit, const DecodedInstruction& i, const StopPoint& stop) {
    InstructionTime& time = times_[i.index];
    if (out_[unit].issue) {
      time = {Unit(unit), i.skip, cycle_, InstructionTime::kNever};
      stopped_ = stopped_ || i.index == stop.issue;
    }
    if (out_[unit].retire) {
      time.retire = cycle_;
      stopped_ = stopped_ || i.index == stop.retire;
    }
  }

  /// The cycle that has passed, with `before`, was the first of up to `cycles` + 1 alike as far as
  /// the units are concerned: takes as many of the others as are alike for all.
  void SkipUpTo(uint64_t cycles, const Inputs& before) {
    const Inputs in = MakeInputs();
    for (int u = 0; u < kUnitCount; ++u) {
      if (in.units[u].stream_valid != before.units[u].stream_valid) return;
    }
    if (in.sequencer.i_valid != before.sequencer.i_valid || (pop_ & 1) != 0 || !wr_.idle()) return;
    cycles = std::min({cycles, sequencer_.SteadyCycles(in.sequencer), memory_.SteadyCycles()});
    if (cycles <= 1) return;
    cycles = std::min(cycles, rd_.SteadyCycles(pop_, in.sequencer.wr_idle, memory_));
    if (cycles == 0) return;
    TF_CHECK(cycles != kForever, "no end of cycle {}", cycle_);
    const uint32_t arriving = rd_.Arriving(memory_);
    cycles = memory_.Skip(cycles);
    view_.cycle = cycle_;
    view_.count = cycles;
    if (sink_ != nullptr) sink_->OnCycles(view_);
    ternary_.Skip(cycles, in.units[0]);
    int8_.Skip(cycles, in.units[1]);
    vector_.Skip(cycles, in.units[2]);
    sequencer_.Skip(cycles);
    rd_.Skip(cycles, pop_, arriving);
    beat_ = (arriving & 1) != 0;
    Count(cycles);
  }

  void Show(const Inputs& in, bool i_ready) {
    view_ = {cycle_, 1, out_, {}, 0, 0};
    view_.beat = pop_;
    view_.starved = uint8_t(
        ~pop_ & Mask(i_ready, out_[2].stream_ready, out_[1].stream_ready, out_[0].stream_ready));
    for (int u = 0; u < kUnitCount; ++u) view_.heads[u] = in.units[u].head;
    sink_->OnCycles(view_);
  }

  DesignParams params_;
  bool may_skip_;
  Memory memory_;
  ReadDma rd_;
  WriteDma wr_;
  Sequencer sequencer_;
  TernaryTiming ternary_;
  Int8Timing int8_;
  VectorTiming vector_;

  std::shared_ptr<const std::vector<DecodedInstruction>> list_;
  CycleSink* sink_ = nullptr;
  CycleView view_;
  RunCounters counters_{};
  InstructionTimes times_;
  uint64_t cycle_ = 0;
  bool quiet_ = false;    ///< the cycle before changed counts only
  bool stopped_ = false;  ///< at a StopPoint
  // Of the cycle before.
  UnitOut out_[kUnitCount];
  uint8_t pop_ = 0;  ///< a bit for each Client
  bool busy_[kUnitCount] = {};
  bool beat_ = false;
};

}  // namespace ternfab::timing::internal
