// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/burst_observer.h"

namespace ternfab::rtl {

void BurstObserver::OnCycle(const TracePins&, uint64_t cycle) {
  for (size_t p = 0; p < ports_.size(); ++p) {
    const PortPins& pins = design_.ports()[p];
    Port& port = ports_[p];
    const int bursts = port.open + int(*pins.arvalid && *pins.arready);
    if (bursts != port.bursts) {
      Close(p, cycle);
      port.bursts = bursts;
      port.since = cycle;
    }
    port.open = bursts - int(*pins.rvalid && *pins.rready && *pins.rlast);
  }
}

void BurstObserver::Close(size_t p, uint64_t end) {
  const Port& port = ports_[p];
  if (port.bursts > 0) timeline_.AddBursts(int(p), port.since, end, port.bursts);
}

void BurstObserver::Finish(uint64_t end) {
  for (size_t p = 0; p < ports_.size(); ++p) {
    Close(p, end);
    ports_[p].bursts = 0;
  }
}

}  // namespace ternfab::rtl
