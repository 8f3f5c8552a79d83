// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "host/cpu/panels.h"

namespace ternfab {

/// What this machine can do, measured: the roofline of the CPU path.
struct CpuLimits {
  double read_bytes_per_second = 0;  ///< all threads read memory that no cache holds
  double int8_macs_per_second = 0;   ///< all threads multiply int8 in registers
};

/// Takes about half a second. `kernels` null: the fastest ones. The best of several repetitions.
CpuLimits MeasureCpuLimits(int threads, const PanelKernels* kernels = nullptr);

}  // namespace ternfab
