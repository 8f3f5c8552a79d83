// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "common/error.h"
#include "models/model.h"

namespace ternfab {

/// How the reference stores the LM head. Every row is scored in each.
enum class HeadKind {
  kModel,  ///< as the model's file has it; fp32 products
  kBf16,   ///< rounded to bfloat16; fp32 products
  kInt8,   ///< row scale absmax/127, multiplied with the int8 of the final norm's output
  kSplit   ///< the same in two halves of four bits: see SplitHead
};

/// An int8 row as 16 * high + low, high in -8..7 and low in 0..15. All rows are scored by `high`
/// alone, with 7.5 for each `low`; the groups of 16 rows that hold the best of these scores are
/// scored once more by both, which is the score of kInt8.
struct SplitHead {
  static constexpr int kGroupRows = 16;
  static constexpr int kExactGroups = 256;

  static int High(int8_t weight) { return weight >> 4; }
  static int Low(int8_t weight) { return weight & 15; }
  /// Sum of weight * x, from the sums of high * x and of x: the first, 7.5 for each low.
  static int32_t Rough(int32_t high, int32_t x) { return 16 * high + ((15 * x) >> 1); }
  static int32_t Exact(int32_t high, int32_t low) { return 16 * high + low; }
  /// The groups to be scored once more, ascending: the kExactGroups with the greatest score of a
  /// row, of equal ones the first.
  static std::vector<int> ExactGroups(std::span<const float> scores);
};

/// "model", "bf16", "int8", "split"; an error names the choices.
Expected<HeadKind> ParseHead(std::string_view name);
std::string_view HeadName(HeadKind kind);

/// bfloat16 bits of a finite number, rounded half to even.
uint16_t ToBf16(float value);
/// The number that they are.
float RoundToBf16(float value);

/// Bytes of the head that a token reads.
int64_t HeadBytes(const Model& model, HeadKind kind);

}  // namespace ternfab
