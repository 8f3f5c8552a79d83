// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>

#include "tests/rtl/unit_driver.h"

class Vunit_bench;

namespace ternfab {

struct TernaryShape {
  int index;  ///< in bench_ternary.svh
  int engines, batch, lanes, vector_lanes;
  int am_words;
  int beat_bytes() const { return lanes / 5; }  ///< base3, one engine
};
inline constexpr TernaryShape kTernaryLarge{0, 4, 4, 80, 16, 48};
inline constexpr TernaryShape kTernarySmall{1, 2, 2, 40, 4, 48};
inline constexpr TernaryShape kTernarySingle{2, 1, 1, 40, 1, 48};

/// One ternary unit of the bench, and engines: a beat that the unit hands out is multiplied with
/// the activations that it shows in the same cycle; rows come back `latency` cycles after their
/// last beat.
class TernaryPort : public UnitPort {
 public:
  TernaryPort(const TernaryShape& shape, int count, int latency);
  ~TernaryPort() override;

  UnitOutputs Settle(const UnitInputs& inputs) override;
  void Clock() override;

  /// Writes a word of AM in a cycle of its own.
  void WriteAm(int slot, int address, const std::vector<int8_t>& word);

  /// First fault of the signals to the engines and of the counters, in words; empty if none.
  const std::string& error() const { return error_; }
  int64_t consumed() const { return consumed_; }
  int64_t starved() const { return starved_; }

 private:
  void DriveRows();
  void TakeBeat();

  TernaryShape shape_;
  int count_, latency_;
  std::unique_ptr<Vunit_bench> bench_;
  uint32_t noise_ = 1;
  std::string error_;
  std::vector<int32_t> sums_;  ///< slice-major, of the rows under way
  /// Rows on their way: front is due in this cycle; empty where none is.
  std::deque<std::vector<int32_t>> rows_;
  int64_t consumed_ = 0, starved_ = 0;
};

}  // namespace ternfab
