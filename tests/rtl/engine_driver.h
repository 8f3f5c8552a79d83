// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "tests/rtl/tree_units.h"

class Vunit_bench;

namespace ternfab {

/// One beat: weights as the stream has them, and an int8 vector for each slice.
struct EngineBeat {
  std::vector<uint8_t> bytes;
  std::vector<std::vector<int8_t>> activations;
  bool first = false, last = false;
  unsigned slices = 0;  ///< enabled slices, bit b for slice b
};

/// Drives one engine of the bench beside a plain model of it.
class EngineDriver {
 public:
  explicit EngineDriver(size_t engine);
  ~EngineDriver();

  const EngineShape& shape() const { return kTestEngines[engine_]; }

  /// One cycle with a beat, or with noise. Checks the outputs of the cycle after it.
  void Step(const EngineBeat* beat);
  void Drain();
  /// Reset in mid-run: all rows on their way are lost.
  void Reset();
  void set_fault(int fault) { fault_ = fault; }

  /// A beat of `trits` with the same activations in each slice.
  EngineBeat Beat(const std::vector<int8_t>& trits, const std::vector<int8_t>& activations) const;

  int rows() const { return rows_; }
  /// The first difference in words; "" where there is none.
  const std::string& error() const { return error_; }

 private:
  struct Row {
    int64_t cycle = 0;
    unsigned slices = 0;
    std::vector<int32_t> sums;
  };
  void Drive(const EngineBeat* beat);
  void Model(const EngineBeat& beat);
  void Check(bool invalid);
  int32_t RowOf(int slice) const;
  void Fail(const std::string& what);

  size_t engine_;
  std::unique_ptr<Vunit_bench> bench_;
  std::deque<Row> expected_;
  std::vector<int32_t> sums_;
  std::vector<int32_t> held_;  ///< row_o at the last row of each slice
  bool invalid_ = false;       ///< the last beat has an invalid code
  int fault_ = 0;
  int64_t cycle_ = 0;
  int rows_ = 0;
  uint32_t noise_ = 1;
  std::string error_;
};

}  // namespace ternfab
