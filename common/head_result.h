// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

// Tags in fp32 numbers and the result of the LM head (docs/isa.md, "LM head"): what planner,
// executors and driver share.

namespace ternfab {

/// A tag is the low bits of an fp32 number.
inline constexpr int kTagBits = 12;
inline constexpr uint32_t kTagMask = (1u << kTagBits) - 1;

/// Bits of `m` with the tag of `c`. The exponent is brought into 1..254, so that the result is a
/// normal number and keeps its tag through every comparison.
constexpr uint32_t Tagged(uint32_t m, uint32_t c) {
  const uint32_t exponent = (m >> 23) & 0xff;
  const uint32_t normal = exponent == 0 ? 1 : exponent == 0xff ? 0xfe : exponent;
  return (m & 0x8000'0000u) | normal << 23 | (m & 0x007f'ffffu & ~kTagMask) | (c & kTagMask);
}

/// The index that a tag stands for: kTagMask minus the tag, at most `limit`. Tags count down, so
/// that among positive numbers that differ in nothing else the first index is the greatest.
constexpr uint32_t TagIndex(uint32_t bits, uint32_t limit = kTagMask) {
  const uint32_t index = kTagMask - (bits & kTagMask);
  return index < limit ? index : limit;
}

/// What the LM head leaves in main memory.
///
/// Without a shortlist: `vocab` fp32 logits. With one: `shortlist_rows` logits, each the first of
/// `lanes` fp32 elements, and from the next wide beat on `shortlist_rows` fp32 keys; key j's index
/// c says that logit j is that of vocabulary row c * shortlist_rows + j.
struct HeadResult {
  uint64_t vocab = 0;
  uint64_t shortlist_rows = 0;  ///< 0: no shortlist
  uint64_t lanes = 0;           ///< VL
  uint64_t wide_bytes = 0;      ///< WB

  /// Of the keys, from the beginning.
  uint64_t keys_offset() const {
    return (4 * shortlist_rows * lanes + wide_bytes - 1) / wide_bytes * wide_bytes;
  }
  uint64_t bytes() const {
    return shortlist_rows == 0 ? 4 * vocab : keys_offset() + 4 * shortlist_rows;
  }

  /// Logits [vocab] from `result`, which has bytes(); minus infinity for rows that were not picked.
  std::vector<float> Logits(std::span<const uint8_t> result) const {
    std::vector<float> logits(vocab, -std::numeric_limits<float>::infinity());
    if (shortlist_rows == 0) std::memcpy(logits.data(), result.data(), 4 * vocab);
    for (uint64_t j = 0; j < shortlist_rows; ++j) {
      uint32_t key = 0;
      std::memcpy(&key, &result[keys_offset() + 4 * j], 4);
      const uint64_t row = TagIndex(key) * shortlist_rows + j;
      if (row < vocab) std::memcpy(&logits[row], &result[4 * j * lanes], 4);
    }
    return logits;
  }
};

}  // namespace ternfab
