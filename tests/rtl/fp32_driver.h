// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "tests/common/fp32_operands.h"

class Vunit_bench;

namespace ternfab {

/// Drives the fp32 units of the bench and compares every result, and the cycle in which it appears,
/// with common/fp32.h.
class Fp32Driver {
 public:
  Fp32Driver();
  ~Fp32Driver();

  /// Advances one cycle with `pair` as a valid operation, or none (operands are then noise).
  /// Returns the first difference in words; empty if all units answered as they must.
  std::string Step(std::optional<Fp32Pair> pair);

  /// Steps without operations until every pipeline is empty.
  std::string Drain();

  int64_t operations() const { return operations_; }

  /// For the test of the checker: adds this to the expected sum of each later operation.
  void set_fault(uint32_t fault) { fault_ = fault; }

 private:
  struct Expected {
    Fp32Pair operands;
    uint32_t sum, product, from_int32;
    uint8_t int8;
  };
  std::string CheckMinMax(Fp32Pair pair) const;
  std::string CheckPipelines() const;
  void Clock();

  std::unique_ptr<Vunit_bench> bench_;
  /// Operation of n cycles ago at index n; none where there was none.
  std::deque<std::optional<Expected>> history_;
  int64_t operations_ = 0;
  uint32_t noise_ = 1;
  uint32_t fault_ = 0;
};

/// Runs `count` pairs of Fp32PairSource(seed), one a cycle; with `gaps`, about half of the cycles
/// have none. Returns the first difference in words.
std::string RunFp32Random(uint64_t seed, int64_t count, bool gaps);

}  // namespace ternfab
