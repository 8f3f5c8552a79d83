// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "common/check.h"
#include "common/error.h"

// Trits and how a beat of the weight stream packs them.
//
//   base3    1.6 bits a trit: byte = sum of (trit_j + 1) * 3^j, j = 0..4; 243..255 are invalid
//   two_bit  2 bits a trit: trit j in bits 2j (non-zero) and 2j+1 (negative); 10 is invalid
//   int8     8 bits a weight, any int8; a trit is -1, 0 or 1

namespace ternfab {

/// The values stand in Program files.
enum class WeightCode : uint8_t { kBase3 = 0, kTwoBit = 1, kInt8 = 2 };

inline constexpr int kWeightCodes = 3;

/// As `engine.weight_code` of a spec says it.
constexpr std::string_view WeightCodeName(WeightCode code) {
  constexpr std::array<std::string_view, kWeightCodes> kNames = {"base3", "two_bit", "int8"};
  return kNames[size_t(code)];
}

inline constexpr int kBase3TritsPerByte = 5;
inline constexpr int kBase3Codes = 243;
inline constexpr uint8_t kBase3Zeros = 121;  ///< five zero trits

/// Trits (or int8 weights) of one byte.
constexpr int TritsPerByte(WeightCode code) {
  constexpr std::array<int, kWeightCodes> kTrits = {kBase3TritsPerByte, 4, 1};
  return kTrits[size_t(code)];
}

/// Trits (= engine lanes) of a beat of `width_bits`.
constexpr int LanesOf(WeightCode code, int width_bits) {
  return width_bits / 8 * TritsPerByte(code);
}

/// Whether a byte stands for TritsPerByte(code) weights.
constexpr bool IsCode(WeightCode code, uint8_t byte) {
  switch (code) {
    case WeightCode::kBase3:
      return byte < kBase3Codes;
    case WeightCode::kTwoBit:
      return (byte >> 1 & ~byte & 0x55) == 0;
    case WeightCode::kInt8:
      break;
  }
  return true;
}

/// `value` with one more weight in front of those that it has.
constexpr int PushTrit(WeightCode code, int value, int trit) {
  switch (code) {
    case WeightCode::kBase3:
      return value * 3 + trit + 1;
    case WeightCode::kTwoBit:
      return value * 4 + (trit == 0 ? 0 : trit > 0 ? 1 : 3);
    case WeightCode::kInt8:
      break;
  }
  return trit;
}

/// Packs trits (-1, 0, 1; zero-padded to the beat) into bytes; with kInt8 any int8.
inline void PackBeat(std::span<const int8_t> trits, WeightCode code, std::span<uint8_t> bytes) {
  const size_t per_byte = size_t(TritsPerByte(code));
  TF_CHECK(trits.size() <= bytes.size() * per_byte, "{} trits in {} bytes", trits.size(),
           bytes.size());
  for (size_t b = 0; b < bytes.size(); ++b) {
    int value = 0;
    for (size_t j = per_byte; j-- > 0;) {
      const size_t i = b * per_byte + j;
      value = PushTrit(code, value, i < trits.size() ? trits[i] : 0);
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
    if (code == WeightCode::kInt8) {
      trits[b] = int8_t(bytes[b]);
      continue;
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
