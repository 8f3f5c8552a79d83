// SPDX-License-Identifier: Apache-2.0
#pragma once

// The intrinsics of g++ 12 begin with values that are undefined on purpose (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <immintrin.h>

#include <cstdint>

// Decoding of packed trits, shared by the kernels on the hardware's layout and on panels. Each of
// them is compiled twice, with and without TF_AVX512_VBMI, so that the code exists once.

#if defined(TF_AVX512_VBMI)
#define TF_AVX512 __attribute__((target("avx512f,avx512bw,avx512vnni,avx512vbmi")))
#define TF_AVX512_NAME "avx512-vbmi"
#define TF_AVX512_VARIANT vbmi
#else
#define TF_AVX512 __attribute__((target("avx512f,avx512bw,avx512vnni")))
#define TF_AVX512_NAME "avx512-vnni"
#define TF_AVX512_VARIANT vnni
#endif
#define TF_AVX512_INLINE TF_AVX512 __attribute__((always_inline)) inline

namespace ternfab::avx512 {
inline namespace TF_AVX512_VARIANT {

/// v mod n for v < 3 n <= 256: subtracts n twice where it can; wrapped differences are the greater.
TF_AVX512_INLINE __m512i Mod(__m512i v, int n) {
  const __m512i m = _mm512_set1_epi8(char(n));
  v = _mm512_min_epu8(v, _mm512_sub_epi8(v, m));
  return _mm512_min_epu8(v, _mm512_sub_epi8(v, m));
}

TF_AVX512_INLINE __m512i Table(__m128i table, __m512i index) {
  return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(table), index);
}

/// Bits 2d and 2d + 1 of each byte, as they stand there: 4^d times a digit.
TF_AVX512_INLINE __m512i TwoBits(__m512i v, int d) {
  return _mm512_and_si512(v, _mm512_set1_epi8(char(3 << (2 * d))));
}

/// The four two-bit digits of each byte, the lowest first.
TF_AVX512_INLINE void TwoBitDigits(__m512i v, __m512i* d) {
  d[0] = TwoBits(v, 0);
  for (int i = 1; i < 4; ++i) d[i] = TwoBits(_mm512_srli_epi16(v, unsigned(2 * i)), 0);
}

/// a with a * n = 1 modulo 2^32, for odd n.
constexpr uint32_t Inverse(uint32_t n) {
  uint32_t a = n;  // right in three bits, each step doubles them
  for (int i = 0; i < 4; ++i) a *= 2 - n * a;
  return a;
}

#if defined(TF_AVX512_VBMI)

/// The four lower digits of a value up to 80, two bits each.
struct Base3Table {
  alignas(64) uint8_t codes[128] = {};
  constexpr Base3Table() {
    for (int v = 0; v < 81; ++v) {
      codes[v] = uint8_t(v % 3 | v / 3 % 3 << 2 | v / 9 % 3 << 4 | v / 27 << 6);
    }
  }
};
inline constexpr Base3Table kBase3Table;

/// Digits 0 to 3 as two_bit has them, from v mod 81.
TF_AVX512_INLINE __m512i LowDigits(__m512i v) {
  return _mm512_permutex2var_epi8(_mm512_load_si512(kBase3Table.codes), v,
                                  _mm512_load_si512(kBase3Table.codes + 64));
}

/// The five base-3 digits of each byte, the lowest first.
TF_AVX512_INLINE void Base3Digits(__m512i v, __m512i* d) {
  const __m512i low = Mod(v, 81);
  TwoBitDigits(LowDigits(low), d);
  d[4] = TwoBits(_mm512_sub_epi8(v, low), 0);  // 0, 81, 162
}

/// The same, quicker: digit i times a power, which Base3Unscaled takes out of a sum.
TF_AVX512_INLINE void Base3Scaled(__m512i v, __m512i* d) {
  const __m512i low = Mod(v, 81);
  const __m512i codes = LowDigits(low);
  for (int i = 0; i < 4; ++i) d[i] = TwoBits(codes, i);
  d[4] = _mm512_sub_epi8(v, low);
}

/// The sum of digit `i`'s products, from that of its scaled products (below 2^31 in magnitude).
TF_AVX512_INLINE __m512i Base3Unscaled(int i, __m512i sum) {
  if (i == 4) return _mm512_mullo_epi32(sum, _mm512_set1_epi32(int(Inverse(81))));
  return _mm512_srai_epi32(sum, unsigned(2 * i));
}

#else

/// The five base-3 digits of each byte, the lowest first.
TF_AVX512_INLINE void Base3Digits(__m512i v, __m512i* d) {
  // Low nibbles of 0, 3, 6 and of 0, 27, 54 to 0, 1, 2.
  const __m128i third = _mm_setr_epi8(0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0);
  const __m512i r4 = Mod(v, 81);
  const __m512i r3 = Mod(r4, 27);
  const __m512i r2 = Mod(r3, 9);
  d[0] = Mod(r2, 3);
  d[1] = Table(third, _mm512_sub_epi8(r2, d[0]));
  d[2] = TwoBits(_mm512_sub_epi8(r3, r2), 0);  // 0, 9, 18
  d[3] = Table(third, _mm512_sub_epi8(r4, r3));
  d[4] = TwoBits(_mm512_sub_epi8(v, r4), 0);  // 0, 81, 162
}

/// The same, quicker: digit i times a power, which Base3Unscaled takes out of a sum.
TF_AVX512_INLINE void Base3Scaled(__m512i v, __m512i* d) {
  const __m512i r4 = Mod(v, 81);
  const __m512i r3 = Mod(r4, 27);
  const __m512i r2 = Mod(r3, 9);
  d[0] = Mod(r2, 3);
  d[1] = _mm512_sub_epi8(r2, d[0]);
  d[2] = _mm512_sub_epi8(r3, r2);
  d[3] = _mm512_sub_epi8(r4, r3);
  d[4] = _mm512_sub_epi8(v, r4);
}

/// The sum of digit `i`'s products, from that of its scaled products.
TF_AVX512_INLINE __m512i Base3Unscaled(int i, __m512i sum) {
  constexpr uint32_t kInverses[5] = {1, Inverse(3), Inverse(9), Inverse(27), Inverse(81)};
  return _mm512_mullo_epi32(sum, _mm512_set1_epi32(int(kInverses[i])));
}

#endif

}  // namespace TF_AVX512_VARIANT
}  // namespace ternfab::avx512
