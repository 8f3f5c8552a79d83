// SPDX-License-Identifier: Apache-2.0
#include "models/trit_codes.h"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ternfab {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr uint64_t kLowBits = 0x5555555555555555;
constexpr uint8_t kPad = 0b01010101;

/// Whether the codes of the bytes, some multiple of 8, hold no 3.
bool NoCode3(std::span<const uint8_t> bytes) {
  uint64_t bad = 0;
  for (size_t i = 0; i < bytes.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, bytes.data() + i, 8);
    bad |= word & word >> 1;
  }
  return (bad & kLowBits) == 0;
}

/// Field k of 8 bytes, joined.
uint16_t JoinEight(uint64_t word, int k) {
  word = word >> (2 * k) & 0x0303030303030303;
  word = (word | word >> 6) & 0x000f000f000f000f;
  word = (word | word >> 12) & 0x000000ff000000ff;
  return uint16_t(word | word >> 24);
}

#if defined(__x86_64__)
/// Field k of 32 bytes: four codes a 32-bit element.
[[gnu::target("avx2")]] inline __m256i JoinFour(__m256i bytes, int k) {
  const __m256i codes = _mm256_and_si256(_mm256_srli_epi16(bytes, 2 * k), _mm256_set1_epi8(3));
  const __m256i pairs = _mm256_maddubs_epi16(codes, _mm256_set1_epi16(0x0401));  // c0 + 4 c1
  return _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00100001));                // p0 + 16 p1
}

[[gnu::target("avx2")]] bool SplitAvx2(const uint8_t* from, int64_t blocks,
                                       const std::array<uint8_t*, 4>& to, int64_t stride) {
  const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  __m256i bad = _mm256_setzero_si256();
  for (int64_t i = 0; i < blocks; ++i) {
    const __m256i bytes =
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + kCodeBlock * i));
    bad = _mm256_or_si256(bad, _mm256_and_si256(bytes, _mm256_srli_epi16(bytes, 1)));
    const __m256i low = _mm256_packs_epi32(JoinFour(bytes, 0), JoinFour(bytes, 1));
    const __m256i high = _mm256_packs_epi32(JoinFour(bytes, 2), JoinFour(bytes, 3));
    // Packing keeps the halves of a register apart: 32-bit elements 0, 4 are field 0's bytes.
    const __m256i joined = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(low, high), order);
    alignas(32) uint64_t fields[4];
    _mm256_store_si256(reinterpret_cast<__m256i*>(fields), joined);
    for (int k = 0; k < 4; ++k) std::memcpy(to[k] + i * stride, &fields[k], 8);
  }
  return _mm256_testz_si256(bad, _mm256_set1_epi8(0x55)) != 0;
}
#endif

}  // namespace

int64_t FindCode3(std::span<const uint8_t> bytes) {
  for (size_t i = 0; i < bytes.size(); ++i) {
    if ((bytes[i] & bytes[i] >> 1 & 0x55) != 0) return int64_t(i);
  }
  return -1;
}

bool SplitCodesScalar(const uint8_t* from, int64_t blocks, const std::array<uint8_t*, 4>& to,
                      int64_t stride) {
  for (int64_t i = 0; i < blocks; ++i) {
    for (int part = 0; part < 4; ++part) {
      uint64_t word;
      std::memcpy(&word, from + kCodeBlock * i + 8 * part, 8);
      for (int k = 0; k < 4; ++k) {
        const uint16_t joined = JoinEight(word, k);
        std::memcpy(to[k] + i * stride + 2 * part, &joined, 2);
      }
    }
  }
  return NoCode3({from, size_t(blocks * kCodeBlock)});
}

bool SplitCodes(const uint8_t* from, int64_t blocks, const std::array<uint8_t*, 4>& to,
                int64_t stride) {
#if defined(__x86_64__)
  static const bool kHasAvx2 = __builtin_cpu_supports("avx2") != 0;
  if (kHasAvx2) return SplitAvx2(from, blocks, to, stride);
#endif
  return SplitCodesScalar(from, blocks, to, stride);
}

void JoinField(std::span<const uint8_t> bytes, int k, uint8_t* to) {
  for (size_t i = 0; i < bytes.size(); i += 4) {
    int joined = kPad;
    for (size_t j = i; j < std::min(i + 4, bytes.size()); ++j) {
      const int at = 2 * int(j % 4);
      joined = (joined & ~(3 << at)) | (bytes[j] >> (2 * k) & 3) << at;
    }
    *to++ = uint8_t(joined);
  }
}

}  // namespace ternfab
