// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
#define TF_AVX512_VBMI
#include "host/cpu/panels_avx512_body.h"

namespace ternfab {

const PanelKernels& Avx512VbmiPanelKernels() { return kKernels; }

}  // namespace ternfab
#endif
