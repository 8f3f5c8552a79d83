// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <immintrin.h>

// Decoding of packed trits, shared by the kernels on the hardware's layout and on panels.

#define TF_AVX2 __attribute__((target("avx2")))
#define TF_AVX2_INLINE TF_AVX2 __attribute__((always_inline)) inline

namespace ternfab::avx2 {

/// v mod n for v < 3 n <= 256: subtracts n twice where it can; wrapped differences are the greater.
TF_AVX2_INLINE __m256i Mod(__m256i v, int n) {
  const __m256i m = _mm256_set1_epi8(char(n));
  v = _mm256_min_epu8(v, _mm256_sub_epi8(v, m));
  return _mm256_min_epu8(v, _mm256_sub_epi8(v, m));
}

TF_AVX2_INLINE __m256i Table(__m128i table, __m256i index) {
  return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(table), index);
}

/// The five base-3 digits of each byte, the lowest first.
TF_AVX2_INLINE void Base3Digits(__m256i v, __m256i* d) {
  const __m256i low = _mm256_set1_epi8(3);
  // Low nibbles of 0, 3, 6 and of 0, 27, 54 to 0, 1, 2.
  const __m128i third = _mm_setr_epi8(0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0);
  const __m256i r4 = Mod(v, 81);
  const __m256i r3 = Mod(r4, 27);
  const __m256i r2 = Mod(r3, 9);
  d[0] = Mod(r2, 3);
  d[1] = Table(third, _mm256_sub_epi8(r2, d[0]));
  d[2] = _mm256_and_si256(_mm256_sub_epi8(r3, r2), low);  // 0, 9, 18
  d[3] = Table(third, _mm256_sub_epi8(r4, r3));
  d[4] = _mm256_and_si256(_mm256_sub_epi8(v, r4), low);  // 0, 81, 162
}

}  // namespace ternfab::avx2
