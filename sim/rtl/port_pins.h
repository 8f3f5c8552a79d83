// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/rtl/axi_memory.h"
#include "sim/rtl/rtl_design.h"

namespace ternfab::rtl {

/// Puts what the memory drives on the pins of a port of `beat_bytes` a beat.
void DrivePort(const AxiResponse& response, int beat_bytes, const PortPins& pins);

/// What the design drives on a port; wdata points to the pins.
AxiRequest SamplePort(const PortPins& pins, int beat_bytes);

}  // namespace ternfab::rtl
