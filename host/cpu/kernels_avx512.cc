// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
#include "host/cpu/kernels_avx512_body.h"

namespace ternfab {

const Kernels& Avx512Kernels() { return kKernels; }

}  // namespace ternfab
#endif
