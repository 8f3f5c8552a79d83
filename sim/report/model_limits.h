// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/report/cycle_limits.h"
#include "sim/timing/design_model.h"

namespace ternfab {

/// Hands the cycles of the cycle model to an accountant.
class ModelLimits : public timing::CycleSink {
 public:
  /// `accountant` outlives the sink; it begins each run before the model starts it.
  explicit ModelLimits(CycleAccountant& accountant) : accountant_(accountant) {}

  void OnCycles(const timing::CycleView& view) override {
    CycleActivity activity;
    activity.beat = view.beat;
    activity.starved = view.starved;
    for (int u = 0; u < kUnits; ++u) {
      if (view.heads[u] == nullptr) continue;
      activity.head |= uint8_t(1u << u);
      activity.issue |= uint8_t(view.units[u].issue << u);
      activity.retire |= uint8_t(view.units[u].retire << u);
      activity.index[size_t(u)] = view.heads[u]->index;
    }
    accountant_.Add(activity, view.count);
  }

 private:
  CycleAccountant& accountant_;
};

}  // namespace ternfab
