// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

namespace ternfab {

/// xoshiro256** seeded by splitmix64 (Blackman and Vigna, public domain): the same numbers on every
/// machine. Streams of one seed are independent of each other and of the order they are drawn in.
class Random {
 public:
  Random(uint64_t seed, uint64_t stream) {
    uint64_t x = seed ^ stream * 0xd1342543de82ef95;
    for (uint64_t& word : state_) {
      x += 0x9e3779b97f4a7c15;
      uint64_t z = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
      z = (z ^ z >> 27) * 0x94d049bb133111eb;
      word = z ^ z >> 31;
    }
  }

  uint64_t Next() {
    const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

 private:
  uint64_t state_[4];
};

}  // namespace ternfab
