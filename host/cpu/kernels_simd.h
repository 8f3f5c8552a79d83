// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "host/cpu/kernels.h"

namespace ternfab {

#if defined(__x86_64__)
/// 32-byte blocks; needs avx2.
const Kernels& Avx2Kernels();
/// 64-byte blocks; needs avx512f, avx512bw, avx512vnni.
const Kernels& Avx512Kernels();
/// Needs avx512vbmi too.
const Kernels& Avx512VbmiKernels();
#elif defined(__aarch64__)
/// 16-byte blocks; needs HasDotProduct().
const Kernels& NeonKernels();
#endif

}  // namespace ternfab
