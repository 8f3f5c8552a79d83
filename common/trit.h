// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "common/check.h"
#include "common/error.h"

// Trits and how a beat of the weight stream packs them.
//
//   base3    1.6 bits a trit: byte = sum of (trit_j + 1) * 3^j, j = 0..4; 243..255 are invalid
//   two_bit  2 bits a trit: trit j in bits 2j (non-zero) and 2j+1 (negative); 10 is invalid

namespace ternfab {

enum class WeightCode { kBase3, kTwoBit };

inline constexpr int kBase3TritsPerByte = 5;
inline constexpr int kBase3Codes = 243;
inline constexpr uint8_t kBase3Zeros = 121;  ///< five zero trits

/// Trits of one byte.
constexpr int TritsPerByte(WeightCode code) {
  return code == WeightCode::kBase3 ? kBase3TritsPerByte : 4;
}

/// Trits (= engine lanes) of a beat of `width_bits`.
constexpr int LanesOf(WeightCode code, int width_bits) {
  return width_bits / 8 * TritsPerByte(code);
}

/// Packs trits (-1, 0, 1; zero-padded to the beat) into bytes.
inline void PackBeat(std::span<const int8_t> trits, WeightCode code, std::span<uint8_t> bytes) {
  const size_t per_byte = size_t(TritsPerByte(code));
  TF_CHECK(trits.size() <= bytes.size() * per_byte, "{} trits in {} bytes", trits.size(),
           bytes.size());
  for (size_t b = 0; b < bytes.size(); ++b) {
    int value = 0;
    for (size_t j = per_byte; j-- > 0;) {
      const size_t i = b * per_byte + j;
      const int trit = i < trits.size() ? trits[i] : 0;
      value = code == WeightCode::kBase3 ? value * 3 + trit + 1
                                         : value * 4 + (trit == 0  ? 0
                                                        : trit > 0 ? 1
                                                                   : 3);
    }
    bytes[b] = uint8_t(value);
  }
}

/// Unpacks a beat into bytes.size() * TritsPerByte(code) trits. Fails on an invalid code.
inline Expected<void> UnpackBeat(std::span<const uint8_t> bytes, WeightCode code,
                                 std::span<int8_t> trits) {
  const size_t per_byte = size_t(TritsPerByte(code));
  TF_CHECK(trits.size() == bytes.size() * per_byte, "{} trits from {} bytes", trits.size(),
           bytes.size());
  for (size_t b = 0; b < bytes.size(); ++b) {
    int value = bytes[b];
    if (code == WeightCode::kBase3 && value >= kBase3Codes) {
      return Fail("base3 byte {} = {}: must be below {}", b, value, kBase3Codes);
    }
    for (size_t j = 0; j < per_byte; ++j) {
      int8_t& trit = trits[b * per_byte + j];
      if (code == WeightCode::kBase3) {
        trit = int8_t(value % 3 - 1);
        value /= 3;
        continue;
      }
      constexpr std::array<int8_t, 4> kTrits = {0, 1, 9, -1};
      trit = kTrits[value & 3];
      if (trit == 9) return Fail("two_bit trit {} of byte {}: code 10 is invalid", j, b);
      value >>= 2;
    }
  }
  return {};
}

}  // namespace ternfab
