// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
#include "host/cpu/panels_avx512_body.h"

namespace ternfab {

const PanelKernels& Avx512PanelKernels() { return kKernels; }

}  // namespace ternfab
#endif
