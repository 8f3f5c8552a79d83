// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arm_neon.h>

#include <cstdint>

// Decoding of packed trits, shared by the kernels on the hardware's layout and on panels.

#define TF_NEON __attribute__((target("arch=armv8.2-a+dotprod")))
#define TF_NEON_INLINE TF_NEON __attribute__((always_inline)) inline

namespace ternfab::neon {

/// v mod n for v < 3 n <= 256: subtracts n twice where it can; wrapped differences are the greater.
TF_NEON_INLINE uint8x16_t Mod(uint8x16_t v, uint8_t n) {
  const uint8x16_t m = vdupq_n_u8(n);
  v = vminq_u8(v, vsubq_u8(v, m));
  return vminq_u8(v, vsubq_u8(v, m));
}

/// The five base-3 digits of each byte, the lowest first.
TF_NEON_INLINE void Base3Digits(uint8x16_t v, uint8x16_t* d) {
  // 0, 3, 6 and 0, 13, 27 (halves of 0, 27, 54) to 0, 1, 2.
  const uint8x16_t low = vdupq_n_u8(3);
  const uint8x16_t r4 = Mod(v, 81);
  const uint8x16_t r3 = Mod(r4, 27);
  const uint8x16_t r2 = Mod(r3, 9);
  d[0] = Mod(r2, 3);
  d[1] = vshrq_n_u8(vmulq_u8(vsubq_u8(r2, d[0]), vdupq_n_u8(11)), 5);
  d[2] = vandq_u8(vsubq_u8(r3, r2), low);  // 0, 9, 18
  const uint8x16_t d27 = vsubq_u8(r4, r3);
  d[3] = vshrq_n_u8(vmulq_u8(vshrq_n_u8(d27, 1), vdupq_n_u8(5)), 6);
  d[4] = vandq_u8(vsubq_u8(v, r4), low);  // 0, 81, 162
}

}  // namespace ternfab::neon
