// SPDX-License-Identifier: Apache-2.0
#include "sim/timing/sequencer.h"

namespace ternfab::timing {
namespace {

int UnitOf(isa::Opcode opcode) {
  return opcode == isa::Opcode::kMatvec ? 0 : opcode == isa::Opcode::kVector ? 2 : 1;
}

constexpr int kClientOf[kUnitCount] = {kClientW, kClientK, kClientV};

}  // namespace

Sequencer::Sequencer(const DesignSignature& signature)
    : gather_beats_(uint32_t(signature.params.instruction_beats())) {}

void Sequencer::Start(std::span<const DecodedInstruction> list, uint32_t first, uint32_t program,
                      const Tokens& tokens) {
  list_ = list;
  program_ = program;
  index_ = first;
  state_ = State::kHeaderAsk;
  tag_ = 0;
  stuck_cycles_ = 0;
  tokens_ = tokens;
  available_ = tokens_.available();
  eventful_ = true;
}

bool Sequencer::CanDispatch(const In& in) const {
  if (state_ != State::kResolve || step_ != kResolved) return false;
  const DecodedInstruction& i = list_[index_];
  if (i.opcode == isa::Opcode::kEnd) return true;
  const int unit = UnitOf(i.opcode);
  return queues_[unit].count != kQueueDepth && (!i.stream || in.desc_ready[kClientOf[unit]]);
}

void Sequencer::Dispatch(Out& out) {
  const DecodedInstruction& i = list_[index_];
  out.accept = true;
  ++index_;
  eventful_ = true;
  if (i.opcode == isa::Opcode::kEnd) return;
  const int unit = UnitOf(i.opcode);
  queues_[unit].Push(i.index);
  if (!i.stream) return;
  out.push_client = kClientOf[unit];
  out.push = {i.stream_addr, i.stream_beats, i.dependent && unit != 0};
}

void Sequencer::StepUnits(const UnitOut* units) {
  uint8_t changes = 0;
  for (int u = 0; u < kUnitCount; ++u) {
    const UnitOut& unit = units[u];
    if (!unit.issue && !unit.retire) continue;
    eventful_ = true;
    working_[u] = (working_[u] || unit.issue) && !unit.retire;
    if (unit.retire) queues_[u].Pop();
    tokens_.Put(unit.put);
    tokens_.Take(unit.take);
    changes |= uint8_t(unit.put | unit.take);
  }
  if (changes != 0) available_ = tokens_.available();
}

bool Sequencer::Empty(const UnitOut* units) const {
  for (int u = 0; u < kUnitCount; ++u) {
    if (!queues_[u].empty() || working_[u] || units[u].issue) return false;
  }
  return true;
}

bool Sequencer::Stuck(const In& in) const {
  bool any_head = false;
  for (int u = 0; u < kUnitCount; ++u) {
    if (working_[u] || in.units[u].issue) return false;
    any_head = any_head || !queues_[u].empty();
  }
  if (!any_head || !in.rd_idle || !in.wr_idle) return false;
  return state_ == State::kEnd || tag_ != 0 ||
         (state_ == State::kResolve && step_ == kResolved && !CanDispatch(in));
}

bool Sequencer::MayReadTag(const In& in) const {
  return !list_[index_].dependent || (in.wr_idle && Empty(in.units));
}

/// The tag of the loaded instruction: read where the vector unit leaves VM, there after two cycles.
void Sequencer::StepTag(const In& in) {
  if (tag_ == 1 && (!MayReadTag(in) || in.units[2].vm_read)) return;
  tag_ = tag_ == 3 ? 0 : uint8_t(tag_ + 1);
  if (tag_ == 0) step_ = 1;
  eventful_ = true;
}

/// tf_instr_gather: takes beats of client I, gives them away as a whole instruction.
void Sequencer::StepGather(bool i_valid, bool unit_valid, bool unit_ready, Out& out) {
  if (gather_beats_ == 1) {
    out.i_ready = unit_ready;
    out.i_pop = i_valid && unit_ready;
    return;
  }
  out.i_ready = !unit_valid;
  out.i_pop = i_valid && !unit_valid;
  if (unit_valid && unit_ready) gathered_ = 0;
  if (!out.i_pop) return;
  ++gathered_;
  eventful_ = true;
}

/// Descriptor of client I: the header, then all instructions.
void Sequencer::Ask(Out& out) {
  const bool header = state_ == State::kHeaderAsk;
  out.push_client = kClientI;
  out.push.addr = header ? program_ : program_ + gather_beats_;
  out.push.beats = (header ? 1 : uint32_t(list_.size() - index_)) * gather_beats_;
}

Sequencer::State Sequencer::NextState(const In& in, bool unit_valid, bool dispatch,
                                      bool end) const {
  switch (state_) {
    case State::kHeaderAsk:
      return in.desc_ready[kClientI] ? State::kHeader : state_;
    case State::kHeader:
      return unit_valid ? State::kListAsk : state_;
    case State::kListAsk:
      return in.desc_ready[kClientI] ? State::kFetch : state_;
    case State::kFetch:
      return unit_valid ? State::kResolve : state_;
    case State::kResolve:
      if (end) return State::kEnd;
      return dispatch && !unit_valid ? State::kFetch : state_;
    case State::kEnd:
      return in.wr_idle && Empty(in.units) ? State::kIdle : state_;
    case State::kIdle:
      break;
  }
  return state_;
}

Sequencer::Out Sequencer::Step(const In& in) {
  Out out;
  eventful_ = false;
  const bool unit_valid = UnitValid(in);
  const bool dispatch = CanDispatch(in);
  const bool end = dispatch && list_[index_].opcode == isa::Opcode::kEnd;
  const bool load = unit_valid && (state_ == State::kFetch || (dispatch && !end));
  const State next = NextState(in, unit_valid, dispatch, end);
  stuck_cycles_ = Stuck(in) ? stuck_cycles_ + 1 : 0;
  StepGather(in.i_valid, unit_valid, state_ == State::kHeader || load, out);
  if (step_ != 0 && step_ != kResolved) ++step_;
  if (tag_ != 0) StepTag(in);
  if (next != state_ && (state_ == State::kHeaderAsk || state_ == State::kListAsk)) Ask(out);
  eventful_ = eventful_ || next != state_ || load;
  state_ = next;
  if (dispatch) Dispatch(out);
  if (load) {
    tag_ = list_[index_].tag ? 1 : 0;
    step_ = tag_ != 0 ? 0 : 1;
  }
  StepUnits(in.units);
  return out;
}

uint64_t Sequencer::SteadyCycles(const In& in) const {
  const bool unit_valid = UnitValid(in);
  if (gather_beats_ != 1 && !unit_valid && in.i_valid) return 0;
  switch (state_) {
    case State::kIdle:
      return kForever;
    case State::kHeaderAsk:
    case State::kListAsk:
      return 0;
    case State::kHeader:
    case State::kFetch:
      return unit_valid ? 0 : kForever;
    case State::kResolve:
      if (tag_ != 0) return tag_ != 1 || MayReadTag(in) || Stuck(in) ? 0 : kForever;
      if (step_ != kResolved) return kResolved - step_;
      return CanDispatch(in) || Stuck(in) ? 0 : kForever;
    case State::kEnd:
      return (in.wr_idle && Empty(in.units)) || Stuck(in) ? 0 : kForever;
  }
  return 0;
}

void Sequencer::AddTo(StateHash& hash) const {
  hash.Add(state_, gathered_, state_ == State::kResolve ? step_ : 0, tag_, index_, stuck_cycles_);
  for (int u = 0; u < kUnitCount; ++u) {
    hash.Add(queues_[u].count, working_[u]);
    for (uint32_t i = 0; i < queues_[u].count; ++i) hash.Add(queues_[u].at(i));
  }
  for (const uint16_t count : tokens_.count) hash.Add(count);
}

}  // namespace ternfab::timing
