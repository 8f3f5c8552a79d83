// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/kernels.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "common/check.h"
#include "common/integer.h"
#include "host/cpu/dot_product.h"
#include "host/cpu/kernels_simd.h"
#include "host/cpu/simd.h"

namespace ternfab {
namespace {

using DigitTable = std::array<std::array<int8_t, kBase3TritsPerByte>, 256>;

/// The trits of each byte; invalid bytes are not looked up.
DigitTable MakeTrits(WeightCode code) {
  DigitTable table{};
  for (int byte = 0; byte < 256; ++byte) {
    const uint8_t one = uint8_t(byte);
    const Expected<void> valid =
        UnpackBeat({&one, 1}, code, std::span(table[byte]).first(size_t(TritsPerByte(code))));
    if (!valid) table[byte].fill(0);
  }
  return table;
}

void ScalarTernary(const TernaryTask& task) {
  static const std::array<DigitTable, kWeightCodes> kTables = {
      MakeTrits(WeightCode::kBase3), MakeTrits(WeightCode::kTwoBit), MakeTrits(WeightCode::kInt8)};
  const TernaryShape& shape = task.shape;
  const DigitTable& trits = kTables[size_t(shape.code)];
  for (int64_t row = int64_t(task.first) * shape.ports; row < int64_t(task.last) * shape.ports;
       ++row) {
    const int64_t group = row / shape.ports, port = row % shape.ports;
    const uint8_t* bytes = task.weights + group * shape.group_bytes() + port * shape.port_bytes;
    for (int slot = 0; slot < task.x->slots(); ++slot) {
      uint32_t sum = 0;
      for (int beat = 0; beat < shape.row_beats; ++beat) {
        for (int k = 0; k < shape.port_bytes; ++k) {
          const uint8_t byte = bytes[int64_t(beat) * shape.wide_bytes() + k];
          for (int d = 0; d < shape.digits(); ++d) {
            sum += uint32_t(trits[byte][d] * task.x->Block(beat, 0, d, slot)[k]);
          }
        }
      }
      task.y[slot * task.pitch + row] = int32_t(sum);
    }
  }
}

void ScalarDot(const int8_t* rows, int64_t row_bytes, int64_t count, const int8_t* x, int32_t* y) {
  for (int64_t t = 0; t < count; ++t) {
    uint32_t sum = 0;
    for (int64_t i = 0; i < row_bytes; ++i) sum += uint32_t(rows[t * row_bytes + i] * x[i]);
    y[t] = int32_t(sum);
  }
}

void ScalarAccumulate(const int8_t* rows, int64_t row_bytes, int64_t count, const int8_t* p,
                      int columns, int32_t* y) {
  for (int i = 0; i < columns; ++i) {
    uint32_t sum = 0;
    for (int64_t t = 0; t < count; ++t) sum += uint32_t(p[t] * rows[t * row_bytes + i]);
    y[i] = int32_t(sum);
  }
}

// Its blocks are a port's bytes of one beat: TernaryInput::Set takes 0 for that.
constexpr Kernels kScalar = {"scalar", 0, ScalarTernary, ScalarDot, ScalarAccumulate};

std::vector<const Kernels*> FindKernels() {
  std::vector<const Kernels*> found = {&kScalar};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) found.push_back(&Avx2Kernels());
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vnni")) {
    found.push_back(&Avx512Kernels());
    if (__builtin_cpu_supports("avx512vbmi")) found.push_back(&Avx512VbmiKernels());
  }
#elif defined(__aarch64__)
  if (HasDotProduct()) found.push_back(&NeonKernels());
#endif
  return found;
}

TF_SIMD uint8_t Greatest(const uint8_t* bytes, size_t n) {
  uint8_t most = 0;
  for (size_t i = 0; i < n; ++i) most = bytes[i] > most ? bytes[i] : most;
  return most;
}

/// Bits of a code 10 in any byte: negative without non-zero.
TF_SIMD uint8_t NegativeZeros(const uint8_t* bytes, size_t n) {
  uint8_t found = 0;
  for (size_t i = 0; i < n; ++i) found = uint8_t(found | (bytes[i] >> 1 & ~bytes[i] & 0x55));
  return found;
}

}  // namespace

void TernaryInput::Set(const TernaryShape& shape, int block_bytes,
                       std::span<const int8_t* const> slots) {
  TF_CHECK(shape.cols() <= kMaxCols, "rows of {}", shape.cols());
  block_bytes_ = block_bytes == 0 ? shape.port_bytes : block_bytes;
  const int wide = block_bytes == 0 ? shape.port_bytes : shape.wide_bytes();
  const int beats = std::max(1, block_bytes_ / wide);  // of a block
  slots_ = int(slots.size());
  digits_ = shape.digits();
  steps_ = int(CeilDiv(shape.row_beats, beats));
  columns_ = std::max(1, wide / block_bytes_);
  patterns_ = std::max(1, shape.port_bytes / block_bytes_);
  step_bytes_ = std::max(wide, block_bytes_);
  const int64_t blocks = int64_t(steps_) * patterns_ * digits_ * slots_;
  blocks_.resize(size_t(CeilDiv(blocks * block_bytes_, 64)));
  sums_.assign(slots.size(), 0);
  const int span = std::min(block_bytes_, shape.port_bytes);  // bytes of a port within a block
  for (int slot = 0; slot < slots_; ++slot) {
    for (int i = 0; i < shape.cols(); ++i) sums_[slot] += slots[slot][i];
    for (int s = 0; s < steps_; ++s) {
      for (int p = 0; p < patterns_; ++p) {
        for (int d = 0; d < digits_; ++d) {
          int8_t* out = const_cast<int8_t*>(Block(s, p, d, slot));
          for (int b = 0; b < beats; ++b) {
            const int beat = s * beats + b;
            int8_t* first = out + int64_t(b) * std::min(wide, block_bytes_);
            const int8_t* x = slots[slot] + int64_t(beat) * shape.lanes() + p * span * digits_ + d;
            const bool inside = beat < shape.row_beats;
            for (int k = 0; k < span; ++k) first[k] = inside ? x[k * digits_] : int8_t{0};
            for (int at = span; at < std::min(wide, block_bytes_); at += span) {
              std::memcpy(first + at, first, size_t(span));
            }
          }
        }
      }
    }
  }
}

const Kernels& ScalarKernels() { return kScalar; }

std::span<const Kernels* const> SupportedKernels() {
  static const std::vector<const Kernels*> kFound = FindKernels();
  return kFound;
}

const Kernels& BestKernels() { return *SupportedKernels().back(); }

bool ValidWeights(WeightCode code, std::span<const uint8_t> bytes) {
  if (code == WeightCode::kInt8) return true;
  if (code == WeightCode::kTwoBit) return NegativeZeros(bytes.data(), bytes.size()) == 0;
  return Greatest(bytes.data(), bytes.size()) < kBase3Codes;
}

}  // namespace ternfab
