// SPDX-License-Identifier: Apache-2.0
#pragma once

// Functions marked TF_SIMD are compiled for several instruction sets of x86-64; the loader takes
// the best one that the CPU has. Integer and correctly rounded fp32 code gives the same bits in
// each.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__)
#define TF_SIMD __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define TF_SIMD
#endif
