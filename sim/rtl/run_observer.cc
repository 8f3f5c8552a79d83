// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/run_observer.h"

#include <utility>

namespace ternfab::rtl {

void RunObserver::Begin(const InstructionList& list, const DesignParams& design,
                        const RunArguments& arguments, std::function<void(uint64_t)> on_cycles) {
  *this = RunObserver(with_times_);
  on_cycles_ = std::move(on_cycles);
  accountant_.Begin(list, design, arguments);
}

void RunObserver::OnCycle(const TracePins& trace, uint64_t cycle) {
  if (!*trace.run) return;
  if (cycles_ == 0) start_cycle_ = cycle;
  CycleActivity activity;
  activity.head = *trace.head;
  activity.beat = *trace.beat;
  activity.starved = *trace.starved;
  for (int u = 0; u < kUnits; ++u) {
    const UnitTrace& unit = trace.units[u];
    activity.issue |= uint8_t(*unit.issue << u);
    activity.retire |= uint8_t(*unit.retire << u);
    activity.index[size_t(u)] = *unit.index;
  }
  accountant_.Add(activity);
  if ((activity.issue | activity.retire) != 0) OnUnits(trace, activity);
  if ((++cycles_ & 0xffff) == 0) on_cycles_(cycles_);
}

void RunObserver::OnUnits(const TracePins& trace, const CycleActivity& activity) {
  if (activity.issue & 1) last_issue_ = cycles_;
  if ((activity.retire & 1) && !*trace.units[0].skip) {
    matvec_cycles_ += cycles_ - last_issue_;
    ++matvecs_;
  }
  if (!with_times_) return;
  for (int u = 0; u < kUnits; ++u) {
    const UnitTrace& unit = trace.units[u];
    if (*unit.issue) timer_.OnIssue(Unit(u), *unit.index, *unit.skip != 0, cycles_);
    if (*unit.retire) timer_.OnRetire(*unit.index, cycles_);
  }
}

}  // namespace ternfab::rtl
