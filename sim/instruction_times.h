// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "codegen/plan/dependence.h"

namespace ternfab {

/// When an instruction was in work. Times are cycles of its run: 0 is the first cycle that the
/// counter Cycles counts, the one after ap_start was taken.
struct InstructionTime {
  static constexpr uint64_t kNever = ~uint64_t{0};

  Unit unit = Unit::kTernary;
  bool skip = false;         ///< its predicate was false; then issue == retire
  uint64_t issue = kNever;   ///< cycle in which the unit started it
  uint64_t retire = kNever;  ///< cycle in which it retired; both cycles are its own

  bool operator==(const InstructionTime&) const = default;
};

/// By index in the run's program, without END. Shorter, or with kNever, where a run was stopped.
using InstructionTimes = std::vector<InstructionTime>;

/// Makes the record of one run of the things that happen in it, in order.
class InstructionTimer {
 public:
  void Clear() { times_.clear(); }
  void OnIssue(Unit unit, uint32_t index, bool skip, uint64_t cycle) {
    if (index >= times_.size()) times_.resize(index + 1);
    times_[index] = {unit, skip, cycle, InstructionTime::kNever};
  }
  /// After OnIssue; in the same cycle, too.
  void OnRetire(uint32_t index, uint64_t cycle) { times_[index].retire = cycle; }

  const InstructionTimes& times() const { return times_; }

 private:
  InstructionTimes times_;
};

}  // namespace ternfab
