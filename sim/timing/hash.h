// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/timing/digest.h"

namespace ternfab::timing {

/// Collects the digest of a state that several classes share.
class StateHash {
 public:
  template <class... T>
  void Add(T... values) {
    ((value_ = MixDigest(value_, static_cast<uint64_t>(values))), ...);
  }
  uint64_t value() const { return value_; }

 private:
  uint64_t value_ = 0;
};

}  // namespace ternfab::timing
