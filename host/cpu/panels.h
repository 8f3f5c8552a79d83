// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "common/integer.h"
#include "models/tensor.h"

// Matrices repacked for the CPU's kernels, and products with int8 activations.

namespace ternfab {

/// How a panel stores its weights: five trits a byte (1.6 bits each), four (2 bits), two int4 or
/// one int8.
enum class PanelCode { kBase3, kTwoBit, kInt4, kInt8 };

std::string_view PanelCodeName(PanelCode code);  ///< "base3", "two_bit", "int4", "int8"

/// Weights of a byte.
constexpr int DigitsOf(PanelCode code) {
  switch (code) {
    case PanelCode::kBase3:
      return 5;
    case PanelCode::kTwoBit:
      return 4;
    case PanelCode::kInt4:
      return 2;
    case PanelCode::kInt8:
      return 1;
  }
  return 0;
}

/// A stored digit is weight + offset, unsigned: 0..2 of a trit, 0..15 of an int4, 0..255 of an
/// int8.
constexpr int OffsetOf(PanelCode code) {
  return code == PanelCode::kInt8 ? 128 : code == PanelCode::kInt4 ? 8 : 1;
}

inline constexpr int kPanelRows = 16;
inline constexpr int kPanelStepBytes = 64;

/// A matrix of `rows` x `cols` in panels of 16 rows, one after the other; its memory is another's.
/// A panel has steps() steps of 64 bytes; byte 4 * r + b of step s holds for row r of the panel the
/// digits d of columns 4 * (s * DigitsOf(code) + d) + b: base3 as sum of digit * 3^d, two_bit as
/// sum of digit << 2d, int4 as sum of digit << 4d. Rows and columns beyond the matrix are weight 0.
struct PanelMatrix {
  PanelCode code = PanelCode::kBase3;
  int rows = 0;
  int cols = 0;
  const uint8_t* bytes = nullptr;  ///< [panels()][steps()][64], aligned to 64

  int panels() const { return int(CeilDiv(rows, kPanelRows)); }
  int padded_rows() const { return panels() * kPanelRows; }
  int steps() const { return int(CeilDiv(cols, 4 * DigitsOf(code))); }
  int64_t panel_bytes() const { return int64_t(steps()) * kPanelStepBytes; }
  int64_t size() const { return panels() * panel_bytes(); }
};

/// Packs panel `panel` of a ternary matrix (code base3 or two_bit) to `out`, panel_bytes() bytes.
void PackTernaryPanel(const TernaryMatrix& from, const PanelMatrix& shape, int panel, uint8_t* out);
/// Packs up to 16 rows of integers, rows[r * shape.cols + c], as one panel of code int8, or of code
/// int4 where all are in -8..7.
void PackIntPanel(std::span<const int8_t> rows, const PanelMatrix& shape, uint8_t* out);

/// Int8 activations of several tokens as the kernels read them. Tokens are in groups of eight, the
/// rest in groups of 4, 2, 1; word k * size + t of a group holds columns 4k..4k+3 of its token t.
/// What lies beyond the columns is 0.
class PanelInput {
 public:
  static constexpr int kGroup = 8;
  static constexpr int kMaxTokens = 128;
  /// Longer rows could overflow the sums of scaled digits (trits_avx512.h).
  static constexpr int kMaxCols = 1 << 19;

  /// Makes room for `tokens` (1 to 128) of `cols` (1 to kMaxCols); Set fills them.
  void Resize(int tokens, int cols);
  /// cols() activations of token `t`; different tokens may be set by different threads.
  void Set(int t, const int8_t* x);

  int tokens() const { return tokens_; }
  int cols() const { return cols_; }
  int32_t sum(int t) const { return sums_[size_t(t)]; }
  /// Tokens of the group that begins at token `first`: as many of 8, 4, 2, 1 as are left.
  int GroupSize(int first) const;
  const int8_t* Group(int first) const { return lines_.data()->bytes + int64_t(first) * pitch_; }

 private:
  struct alignas(64) Line {
    int8_t bytes[64];
  };
  std::vector<Line> lines_;
  std::vector<int32_t> sums_;
  int tokens_ = 0, cols_ = 0;
  int pitch_ = 0;  ///< bytes of a token: a multiple of every code's step
};

/// y[t * pitch + r] = sum over c of weight(r, c) * x[t][c], modulo 2^32, for the rows of panels
/// first .. last - 1 and all tokens of `x`. Padding rows are written too: pitch >= padded_rows().
struct PanelTask {
  PanelMatrix matrix;
  const PanelInput* x = nullptr;
  int first = 0;
  int last = 0;
  int32_t* y = nullptr;
  int64_t pitch = 0;
};

/// One implementation of the products.
struct PanelKernels {
  const char* name;
  void (*multiply)(const PanelTask& task);
  /// Executes the kernel's multiply-accumulates on registers; returns how many it has done.
  int64_t (*spin)(int64_t rounds);
};

/// Plain loops, the meaning of the others.
const PanelKernels& ScalarPanelKernels();
/// All that this CPU can execute: scalar first, fastest last.
std::span<const PanelKernels* const> SupportedPanelKernels();
/// The fastest of them.
const PanelKernels& BestPanelKernels();

}  // namespace ternfab
