// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "host/cpu/panels.h"

namespace ternfab {

#if defined(__x86_64__)
/// Needs avx2.
const PanelKernels& Avx2PanelKernels();
/// Needs avx512f, avx512bw, avx512vnni.
const PanelKernels& Avx512PanelKernels();
/// Needs avx512vbmi too.
const PanelKernels& Avx512VbmiPanelKernels();
#elif defined(__aarch64__)
/// Whether the CPU has the dot products of int8 (asimddp).
bool HasDotProduct();
/// Needs them.
const PanelKernels& NeonPanelKernels();
#endif

}  // namespace ternfab
