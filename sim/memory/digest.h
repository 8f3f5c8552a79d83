// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ternfab {

/// Hash of a sequence of words (a multiply and a fold of each; not for adversaries).
class Digester {
 public:
  void Add(uint64_t word) {
    hash_ = (hash_ ^ word) * 0x9e3779b97f4a7c15u;
    hash_ ^= hash_ >> 29;
  }
  /// A point in time: equal for all times that have passed.
  void AddTime(uint64_t time, uint64_t now) { Add(time > now ? time - now : 0); }
  uint64_t value() const { return hash_; }

 private:
  uint64_t hash_ = 0xcbf29ce484222325u;
};

}  // namespace ternfab
