// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "host/cpu/panels.h"

namespace ternfab {

/// f.operator()<code>(): from a code to code that is made for it.
template <class F>
void WithCode(PanelCode code, F f) {
  switch (code) {
    case PanelCode::kBase3:
      return f.template operator()<PanelCode::kBase3>();
    case PanelCode::kTwoBit:
      return f.template operator()<PanelCode::kTwoBit>();
    case PanelCode::kInt4:
      return f.template operator()<PanelCode::kInt4>();
    case PanelCode::kInt8:
      return f.template operator()<PanelCode::kInt8>();
  }
}

#if defined(__x86_64__)
/// Needs avx2.
const PanelKernels& Avx2PanelKernels();
/// Needs avx512f, avx512bw, avx512vnni.
const PanelKernels& Avx512PanelKernels();
/// Needs avx512vbmi too.
const PanelKernels& Avx512VbmiPanelKernels();
#elif defined(__aarch64__)
/// Needs HasDotProduct().
const PanelKernels& NeonPanelKernels();
#endif

}  // namespace ternfab
