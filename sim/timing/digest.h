// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ternfab::timing {

/// Adds `value` to the hash of a state; also of two hashes.
constexpr uint64_t MixDigest(uint64_t digest, uint64_t value) {
  uint64_t x = (digest ^ value) * 0x9e3779b97f4a7c15ull;
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ull;
  return x ^ (x >> 29);
}

/// Hash of a state that consists of `values`, in this order.
template <class... T>
constexpr uint64_t DigestOf(T... values) {
  uint64_t digest = 0;
  ((digest = MixDigest(digest, static_cast<uint64_t>(values))), ...);
  return digest;
}

}  // namespace ternfab::timing
