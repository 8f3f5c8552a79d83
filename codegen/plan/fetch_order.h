// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>

#include "codegen/plan/isa.h"
#include "codegen/plan/unit.h"

namespace ternfab {

/// Which writes to main memory are complete whenever a stream is fetched that is not Dependent.
///
/// Only the vector unit writes; it executes in program order, and a retired instruction has handed
/// its beats to the write DMA. A Dependent stream X is fetched after X has its tokens and when no
/// write is outstanding. So all writes of instructions up to r are complete then, if r retires
/// before X can start: for a stream of the vector unit every instruction before X; for one of the
/// int8 unit those up to the last one whose token the unit has taken. The streams of one unit are
/// fetched in program order; hence those writes are complete for every later stream of that unit
/// too, Dependent or not.
///
/// A skipped X has no stream and orders nothing. Slots are active from 0 upwards: X orders the
/// stream of Y if Y is never active without X.
class FetchOrder {
 public:
  /// X = `in` is Dependent; the vector unit's instructions up to `retired` retire before it starts.
  void AddDependent(Unit unit, const isa::Instruction& in, int32_t retired) {
    const auto predicate = in.GetAs<isa::Predicate>(isa::kPredicate);
    if (predicate == isa::Predicate::kSlotLast) return;  // active in one count only
    for (size_t slot = Slot(in); slot < complete_[int(unit)].size(); ++slot) {
      int32_t& complete = complete_[int(unit)][slot];
      complete = std::max(complete, retired);
    }
  }

  /// The latest instruction whose write, and all before it, are complete when the stream of Y =
  /// `in` is fetched, if Y comes next and is not Dependent; -1: none.
  int32_t Complete(Unit unit, const isa::Instruction& in) const {
    return complete_[int(unit)][Slot(in)];
  }

 private:
  /// `in` is skipped exactly when this slot is inactive (of the last slot: at least then).
  static size_t Slot(const isa::Instruction& in) {
    return in.GetAs<isa::Predicate>(isa::kPredicate) == isa::Predicate::kAlways
               ? 0
               : in.Get(isa::kSlot);
  }

  static constexpr std::array<int32_t, isa::kMaxBatch> Nothing() {
    std::array<int32_t, isa::kMaxBatch> none{};
    none.fill(-1);
    return none;
  }
  // Per unit and slot: an instruction that is active only when that slot is.
  std::array<std::array<int32_t, isa::kMaxBatch>, kUnits> complete_{Nothing(), Nothing(),
                                                                    Nothing()};
};

}  // namespace ternfab
