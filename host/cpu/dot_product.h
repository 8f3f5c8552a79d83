// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__aarch64__)
#include <sys/auxv.h>

namespace ternfab {

/// Whether the CPU has the dot products of int8 (asimddp), which all NEON kernels need.
inline bool HasDotProduct() {
  constexpr unsigned long kHwcapAsimdDp = 1ul << 20;  // of Linux's AT_HWCAP on aarch64
  return (getauxval(AT_HWCAP) & kHwcapAsimdDp) != 0;
}

}  // namespace ternfab
#endif
