// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/report/timeline.h"
#include "sim/rtl/verilated_device.h"

namespace ternfab::rtl {

/// Counts the read bursts in flight at every memory port, from the address handshake to the last
/// beat, both cycles included, and hands them to a timeline.
class BurstObserver : public CycleObserver {
 public:
  /// Both outlive the observer.
  BurstObserver(RtlDesign& design, TimelineWriter& timeline)
      : design_(design), timeline_(timeline), ports_(design.ports().size()) {}

  void OnCycle(const TracePins& trace, uint64_t cycle) override;
  bool stop() const override { return false; }
  /// What is in flight ends before cycle `end`.
  void Finish(uint64_t end);

 private:
  struct Port {
    int open = 0;        ///< after the last cycle
    int bursts = 0;      ///< in the last cycle
    uint64_t since = 0;  ///< cycle from which on as many
  };

  void Close(size_t port, uint64_t end);

  RtlDesign& design_;
  TimelineWriter& timeline_;
  std::vector<Port> ports_;
};

}  // namespace ternfab::rtl
