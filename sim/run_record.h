// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "codegen/plan/schedule.h"
#include "host/driver/driver.h"
#include "sim/instruction_times.h"
#include "sim/report/cycle_limits.h"

namespace ternfab {

/// One start of a design, whoever executed it.
struct RunRecord {
  RunArguments arguments;
  uint64_t start_cycle = 0;    ///< cycle of the device that is cycle 0 of the run
  uint64_t cycles = 0;         ///< ap_start to ap_done: the counter Cycles
  uint64_t first_beats = 0;    ///< wide beats of weights and head rows, consumed for the first time
  uint64_t weight_beats = 0;   ///< wide beats of weights consumed
  uint64_t weight_cycles = 0;  ///< from cycle 0 to the last of them; 0: there was none
  uint64_t matvecs = 0;        ///< MATVEC instructions executed
  uint64_t matvec_cycles = 0;  ///< issue to retire, summed over them
  std::vector<driver::CounterValue> counters;
  LimitTable limits;       ///< cause of every cycle
  InstructionTimes times;  ///< empty unless asked for

  /// Value of a counter by name; 0: there is none.
  uint64_t Counter(std::string_view name) const {
    for (const driver::CounterValue& counter : counters) {
      if (counter.name == name) return counter.value;
    }
    return 0;
  }
};

}  // namespace ternfab
