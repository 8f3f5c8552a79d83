// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <immintrin.h>

// Decoding of packed trits, shared by the kernels on the hardware's layout and on panels.

#define TF_AVX512 __attribute__((target("avx512f,avx512bw,avx512vnni")))
#define TF_AVX512_INLINE TF_AVX512 __attribute__((always_inline)) inline

namespace ternfab::avx512 {

/// v mod n for v < 3 n <= 256: subtracts n twice where it can; wrapped differences are the greater.
TF_AVX512_INLINE __m512i Mod(__m512i v, int n) {
  const __m512i m = _mm512_set1_epi8(char(n));
  v = _mm512_min_epu8(v, _mm512_sub_epi8(v, m));
  return _mm512_min_epu8(v, _mm512_sub_epi8(v, m));
}

TF_AVX512_INLINE __m512i Table(__m128i table, __m512i index) {
  return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(table), index);
}

/// The five base-3 digits of each byte, the lowest first.
TF_AVX512_INLINE void Base3Digits(__m512i v, __m512i* d) {
  const __m512i low = _mm512_set1_epi8(3);
  // Low nibbles of 0, 3, 6 and of 0, 27, 54 to 0, 1, 2.
  const __m128i third = _mm_setr_epi8(0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0);
  const __m512i r4 = Mod(v, 81);
  const __m512i r3 = Mod(r4, 27);
  const __m512i r2 = Mod(r3, 9);
  d[0] = Mod(r2, 3);
  d[1] = Table(third, _mm512_sub_epi8(r2, d[0]));
  d[2] = _mm512_and_si512(_mm512_sub_epi8(r3, r2), low);  // 0, 9, 18
  d[3] = Table(third, _mm512_sub_epi8(r4, r3));
  d[4] = _mm512_and_si512(_mm512_sub_epi8(v, r4), low);  // 0, 81, 162
}

}  // namespace ternfab::avx512
