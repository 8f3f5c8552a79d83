// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "tests/rtl/unit_driver.h"

class Vunit_bench;

namespace ternfab {

struct Int8Shape {
  int index;  ///< in bench_int8.svh
  int lanes, queries, vector_lanes;
  int qm_words;
  int max_row_beats() const { return lanes < 256 ? 256 / lanes : 1; }
};
inline constexpr Int8Shape kInt8Large{0, 64, 4, 16, 64};
inline constexpr Int8Shape kInt8Small{1, 8, 2, 2, 64};

/// One int8 unit of the bench.
class Int8Port : public UnitPort {
 public:
  explicit Int8Port(const Int8Shape& shape, bool fault = false);
  ~Int8Port() override;

  UnitOutputs Settle(const UnitInputs& inputs) override;
  void Clock() override;
  bool has_go() const override { return true; }

  /// Writes a word of QM in a cycle of its own.
  void WriteQm(int bank, int address, const std::vector<int8_t>& word);

 private:
  Int8Shape shape_;
  std::unique_ptr<Vunit_bench> bench_;
  uint32_t noise_ = 1;
};

}  // namespace ternfab
