// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "codegen/plan/dependence.h"
#include "codegen/signature.h"
#include "sim/timing/fifo.h"
#include "sim/timing/hash.h"
#include "sim/timing/read_dma.h"
#include "sim/timing/unit_timing.h"

namespace ternfab::timing {

inline constexpr int kUnitCount = 3;  ///< ternary, int8, vector, as in Unit

/// tf_tokens.
struct Tokens {
  uint16_t count[4] = {};

  uint8_t available() const {
    uint8_t mask = 0;
    for (int k = 0; k < 4; ++k) mask |= uint8_t((count[k] != 0) << k);
    return mask;
  }
  void Put(uint8_t mask) {
    for (int k = 0; k < 4; ++k) count[k] += mask >> k & 1;
  }
  void Take(uint8_t mask) {
    for (int k = 0; k < 4; ++k) count[k] -= mask >> k & 1;
  }
};

/// tf_sequencer with tf_instr_gather, tf_instr_resolve, the tf_unit_queue and tf_tokens, for
/// programs without errors.
class Sequencer {
 public:
  explicit Sequencer(const DesignSignature& signature);

  /// A start: the next cycle is the first of the run. `list` outlives the run, which begins with
  /// instruction `first`; the header is at wide beat `program`, that instruction behind it.
  void Start(std::span<const DecodedInstruction> list, uint32_t first, uint32_t program,
             const Tokens& tokens);

  bool running() const { return state_ != State::kIdle; }
  /// As long as no unit has worked, or could, as the design takes for a deadlock.
  bool deadlock() const { return stuck_cycles_ == kDeadlockCycles; }
  const DecodedInstruction* head(int unit) const {
    return queues_[unit].empty() ? nullptr : &list_[queues_[unit].front()];
  }
  bool working(int unit) const { return working_[unit]; }
  uint8_t tokens() const { return available_; }
  const Tokens& token_counts() const { return tokens_; }
  /// Next instruction to be dispatched.
  uint32_t next() const { return index_; }

  struct In {
    bool i_valid = false;  ///< client I has a beat
    bool desc_ready[kClients] = {};
    bool rd_idle = false;
    bool wr_idle = false;
    const UnitOut* units = nullptr;  ///< of this cycle
  };
  struct Out {
    bool i_ready = false;
    bool i_pop = false;          ///< i_ready and a beat
    bool accept = false;         ///< an instruction is dispatched
    int push_client = kClients;  ///< client that gets `push`
    Descriptor push;
  };
  /// One clock cycle.
  Out Step(const In& in);

  /// True: the last Step changed the state in a way that makes the next one different.
  bool eventful() const { return eventful_; }
  /// Cycles in which, with the same `in` and units that neither issue nor retire, nothing happens.
  uint64_t SteadyCycles(const In& in) const;
  void Skip(uint64_t cycles) {
    if (step_ != 0) step_ = uint32_t(step_ + cycles < kResolved ? step_ + cycles : kResolved);
  }

  void AddTo(StateHash& hash) const;

 private:
  enum class State : uint8_t { kIdle, kHeaderAsk, kHeader, kListAsk, kFetch, kResolve, kEnd };
  static constexpr uint32_t kQueueDepth = 16;
  static constexpr uint32_t kResolved = 7;  ///< cycles from load to resolved
  static constexpr uint32_t kDeadlockCycles = 64;

  bool UnitValid(const In& in) const {
    return gather_beats_ == 1 ? in.i_valid : gathered_ == gather_beats_;
  }
  bool CanDispatch(const In& in) const;
  void StepGather(bool i_valid, bool unit_valid, bool unit_ready, Out& out);
  void Ask(Out& out);
  State NextState(const In& in, bool unit_valid, bool dispatch, bool end) const;
  void Dispatch(Out& out);
  void StepUnits(const UnitOut* units);
  /// No unit has an instruction, in its queue or in work.
  bool Empty(const UnitOut* units) const;
  bool Stuck(const In& in) const;
  bool MayReadTag(const In& in) const;
  void StepTag(const In& in);

  std::span<const DecodedInstruction> list_;
  uint32_t gather_beats_;  ///< wide beats of an instruction
  State state_ = State::kIdle;
  bool eventful_ = true;
  uint32_t program_ = 0;
  uint32_t gathered_ = 0;
  uint32_t step_ = 0;  ///< of tf_instr_resolve; 0: nothing loaded yet, or a tag is missing
  uint8_t tag_ = 0;    ///< of a tag index: 0 none or there, 1 to be read, 2 and 3 on its way
  uint32_t index_ = 0;
  uint32_t stuck_cycles_ = 0;
  Fifo<uint32_t, kQueueDepth> queues_[kUnitCount];
  bool working_[kUnitCount] = {};
  Tokens tokens_;
  uint8_t available_ = 0;
};

}  // namespace ternfab::timing
