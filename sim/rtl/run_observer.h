// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "sim/instruction_times.h"
#include "sim/report/cycle_limits.h"
#include "sim/rtl/verilated_device.h"

namespace ternfab::rtl {

/// Watches one run: what its cycles were spent on and, on request, when each instruction ran.
class RunObserver : public CycleObserver {
 public:
  explicit RunObserver(bool times) : with_times_(times) {}

  /// Before each run; `list` outlives it. `on_cycles` is called every 2^16 cycles.
  void Begin(const InstructionList& list, const DesignParams& design, const RunArguments& arguments,
             std::function<void(uint64_t)> on_cycles);
  void OnCycle(const TracePins& trace, uint64_t cycle) override;
  bool stop() const override { return false; }

  uint64_t start_cycle() const { return start_cycle_; }  ///< of the device
  uint64_t cycles() const { return cycles_; }            ///< of the run, so far
  uint64_t matvecs() const { return matvecs_; }
  uint64_t matvec_cycles() const { return matvec_cycles_; }  ///< issue to retire, summed
  const CycleAccountant& accountant() const { return accountant_; }
  const InstructionTimes& times() const { return timer_.times(); }

 private:
  void OnUnits(const TracePins& trace, const CycleActivity& activity);

  bool with_times_;
  uint64_t start_cycle_ = 0;
  uint64_t cycles_ = 0;
  uint64_t last_issue_ = 0;  ///< of a MATVEC
  uint64_t matvecs_ = 0;
  uint64_t matvec_cycles_ = 0;
  std::function<void(uint64_t)> on_cycles_;
  CycleAccountant accountant_;
  InstructionTimer timer_;
};

}  // namespace ternfab::rtl
