// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/trit.h"

namespace ternfab {

/// Ternary rows as they lie in main memory (docs/isa.md, MATVEC). Group g of `ports` rows takes
/// `row_beats` wide beats; beat j of it holds in port e's bytes trits j*lanes() .. of row
/// g*ports + e. Ports and port_bytes are powers of two, port_bytes is 4 to 64.
struct TernaryShape {
  WeightCode code = WeightCode::kBase3;
  int ports = 1;
  int port_bytes = 8;
  int row_beats = 1;

  int wide_bytes() const { return ports * port_bytes; }
  int digits() const { return TritsPerByte(code); }
  int lanes() const { return port_bytes * digits(); }
  int cols() const { return row_beats * lanes(); }
  int64_t group_bytes() const { return int64_t(row_beats) * wide_bytes(); }
};

/// Activation vectors in the order in which a kernel meets the weights. A *block* is what the
/// kernel loads at once, `block_bytes` consecutive bytes: part of a wide beat or several of them.
/// Digit d of byte k of a block meets activation Block(step, pattern, d, slot)[k]; block c of the
/// blocks of a wide beat uses pattern c mod patterns(). What lies beyond the row is 0.
class TernaryInput {
 public:
  /// Longer rows could overflow the sums of scaled digits (trits_avx512.h).
  static constexpr int kMaxCols = 1 << 19;

  /// `slots[b]` points to shape.cols() (at most kMaxCols) activations of slot b; they are copied.
  void Set(const TernaryShape& shape, int block_bytes, std::span<const int8_t* const> slots);

  int slots() const { return slots_; }
  int steps() const { return steps_; }        ///< blocks of a row, one below the other
  int columns() const { return columns_; }    ///< blocks of a wide beat, side by side
  int patterns() const { return patterns_; }  ///< columns of a port
  int step_bytes() const { return step_bytes_; }
  int32_t sum(int slot) const { return sums_[slot]; }
  const int8_t* Block(int step, int pattern, int digit, int slot) const {
    const int64_t index = ((int64_t(step) * patterns_ + pattern) * digits_ + digit) * slots_ + slot;
    return blocks_.data()->bytes + index * block_bytes_;
  }

 private:
  struct alignas(64) Line {
    int8_t bytes[64];
  };
  std::vector<Line> blocks_;
  std::vector<int32_t> sums_;
  int block_bytes_ = 0, slots_ = 0, digits_ = 0;
  int steps_ = 0, columns_ = 0, patterns_ = 0, step_bytes_ = 0;
};

/// y[b * pitch + g * ports + e] = sum over k of trit(row g*ports + e, k) * x[b][k] for groups
/// first .. last - 1.
struct TernaryTask {
  TernaryShape shape;
  const uint8_t* weights = nullptr;  ///< of group 0; all codes are valid
  const TernaryInput* x = nullptr;   ///< set with the kernels' block_bytes
  int first = 0;
  int last = 0;
  int32_t* y = nullptr;
  int64_t pitch = 0;
};

/// One implementation of the integer sums, all modulo 2^32.
struct Kernels {
  const char* name;
  int block_bytes;

  void (*ternary)(const TernaryTask& task);
  /// y[t] = sum over i < row_bytes of rows[t * row_bytes + i] * x[i], t < count.
  void (*dot)(const int8_t* rows, int64_t row_bytes, int64_t count, const int8_t* x, int32_t* y);
  /// y[i] = sum over t < count of p[t] * rows[t * row_bytes + i], i < columns <= row_bytes.
  void (*accumulate)(const int8_t* rows, int64_t row_bytes, int64_t count, const int8_t* p,
                     int columns, int32_t* y);
};

/// Plain loops, the meaning of the others.
const Kernels& ScalarKernels();

/// All that this CPU can execute: scalar first, fastest last.
std::span<const Kernels* const> SupportedKernels();

/// The fastest of them.
const Kernels& BestKernels();

/// Whether every byte is a code of five (base3) or four (two_bit) trits, or an int8 weight.
bool ValidWeights(WeightCode code, std::span<const uint8_t> bytes);

}  // namespace ternfab
