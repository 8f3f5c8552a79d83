// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/port_pins.h"

#include <bit>
#include <cstring>

namespace ternfab::rtl {

void DrivePort(const AxiResponse& r, int beat_bytes, const PortPins& pins) {
  *pins.arready = r.arready;
  *pins.rvalid = r.rvalid;
  if (r.rvalid) {
    std::memcpy(pins.rdata, r.rdata, beat_bytes);
    *pins.rresp = r.rresp;
    *pins.rlast = r.rlast;
  }
  *pins.awready = r.awready;
  *pins.wready = r.wready;
  *pins.bvalid = r.bvalid;
  *pins.bresp = r.bresp;
}

AxiRequest SamplePort(const PortPins& pins, int beat_bytes) {
  AxiRequest q;
  q.arvalid = *pins.arvalid;
  q.araddr = *pins.araddr;
  q.arlen = *pins.arlen;
  q.arsize = q.awsize = uint8_t(std::countr_zero(unsigned(beat_bytes)));
  q.rready = *pins.rready;
  q.awvalid = *pins.awvalid;
  q.awaddr = *pins.awaddr;
  q.awlen = *pins.awlen;
  q.wvalid = *pins.wvalid;
  q.wdata = pins.wdata;
  if (q.wvalid) std::memcpy(&q.wstrb, pins.wstrb, (beat_bytes + 7) / 8);
  q.wlast = *pins.wlast;
  q.bready = *pins.bready;
  return q;
}

}  // namespace ternfab::rtl
