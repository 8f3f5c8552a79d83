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
  return state_ == State::kEnd ||
         (state_ == State::kResolve && step_ == kResolved && !CanDispatch(in));
}

Sequencer::Out Sequencer::Step(const In& in) {
  Out out;
  eventful_ = false;
  const bool unit_valid = UnitValid(in);
  const bool dispatch = CanDispatch(in);
  const bool quiet = state_ == State::kEnd && in.wr_idle && Empty(in.units);
  const bool end = dispatch && list_[index_].opcode == isa::Opcode::kEnd;
  const bool load = unit_valid && (state_ == State::kFetch || (dispatch && !end));
  const bool unit_ready = state_ == State::kHeader || load;
  stuck_cycles_ = Stuck(in) ? stuck_cycles_ + 1 : 0;

  // tf_instr_gather
  if (gather_beats_ == 1) {
    out.i_ready = unit_ready;
    out.i_pop = in.i_valid && unit_ready;
  } else if (unit_valid) {
    if (unit_ready) gathered_ = 0;
  } else {
    out.i_ready = true;
    out.i_pop = in.i_valid;
  }
  if (gather_beats_ != 1 && out.i_pop) {
    ++gathered_;
    eventful_ = true;
  }
  // tf_instr_resolve
  if (load) {
    step_ = 1;
  } else if (step_ != 0 && step_ != kResolved) {
    ++step_;
  }

  const State before = state_;
  switch (state_) {
    case State::kIdle:
      break;
    case State::kHeaderAsk:
    case State::kListAsk:
      if (!in.desc_ready[kClientI]) break;
      out.push_client = kClientI;
      out.push = state_ == State::kHeaderAsk
                     ? Descriptor{program_, gather_beats_, false}
                     : Descriptor{program_ + gather_beats_,
                                  uint32_t(list_.size() - index_) * gather_beats_, false};
      state_ = state_ == State::kHeaderAsk ? State::kHeader : State::kFetch;
      break;
    case State::kHeader:
      if (unit_valid) state_ = State::kListAsk;
      break;
    case State::kFetch:
      if (unit_valid) state_ = State::kResolve;
      break;
    case State::kResolve:
      if (end)
        state_ = State::kEnd;
      else if (dispatch && !unit_valid)
        state_ = State::kFetch;
      break;
    case State::kEnd:
      if (quiet) state_ = State::kIdle;
      break;
  }
  if (dispatch) Dispatch(out);
  StepUnits(in.units);
  eventful_ = eventful_ || state_ != before || load;
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
      if (step_ != kResolved) return kResolved - step_;
      return CanDispatch(in) || Stuck(in) ? 0 : kForever;
    case State::kEnd:
      return (in.wr_idle && Empty(in.units)) || Stuck(in) ? 0 : kForever;
  }
  return 0;
}

void Sequencer::AddTo(StateHash& hash) const {
  hash.Add(state_, gathered_, state_ == State::kResolve ? step_ : 0, index_, stuck_cycles_);
  for (int u = 0; u < kUnitCount; ++u) {
    hash.Add(queues_[u].count, working_[u]);
    for (uint32_t i = 0; i < queues_[u].count; ++i) hash.Add(queues_[u].at(i));
  }
  for (const uint16_t count : tokens_.count) hash.Add(count);
}

}  // namespace ternfab::timing
