// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "codegen/plan/decoder.h"
#include "codegen/plan/program.h"

namespace ternfab {

/// Writes parts of a memory image, addressed in wide beats.
class ImageWriter {
 public:
  ImageWriter(const DesignParams& design, std::vector<uint8_t>& image)
      : design_(design), image_(image) {}

  std::span<uint8_t> Bytes(uint64_t beat, uint64_t count);
  void Floats(uint64_t beat, std::span<const float> values);
  void Instructions(const InstructionList& list);

  /// Fills in the trits of row r; `trits` are zeros.
  using RowFiller = std::function<void(int r, std::span<int8_t> trits)>;
  /// Weights of a MATVEC: `rows` rows of `row_beats` beats, row r to engine r mod ports; rows that
  /// fill up the last group are zeros. Row r has `row_beats * lanes` trits.
  void TernaryRows(uint64_t beat, int rows, int row_beats, const RowFiller& fill);

 private:
  DesignParams design_;
  std::vector<uint8_t>& image_;
};

/// int8 values and scale of a row: scale = max |w| / 127, value = w / scale rounded half to even.
/// A row of zeros has scale 0. Returns the scale.
float QuantiseRow(std::span<const float> row, std::span<int8_t> values);

/// Ternary values of a row by absmean: value = clamp(round(w / mean |w|), -1, 1). Returns the mean
/// of |w| over the values that are not 0, which is the scale of the least square error; 0 for a row
/// of zeros.
float TernariseRow(std::span<const float> row, std::span<int8_t> values);

/// Tables, norms and weights of a model into an image of plan.map.image_beats wide beats.
void WriteModel(const PlanContext& plan, ImageWriter& writer);

}  // namespace ternfab
