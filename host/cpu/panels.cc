// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/panels.h"

#include <cstring>

#include "common/check.h"

namespace ternfab {
namespace {

constexpr int kPitchUnit = 80;  // the least common multiple of a step's columns: 20, 16, 8, 4
constexpr uint32_t kPowers[5] = {1, 3, 9, 27, 81};

uint32_t Load32(const uint8_t* p) {
  uint32_t word;
  std::memcpy(&word, p, 4);
  return word;
}

/// One row: four bytes of every step. `digits` has steps * 4 * DigitsOf(code) bytes.
void PackRow(const uint8_t* digits, PanelCode code, int steps, uint8_t* out) {
  const int n = DigitsOf(code), bits = 8 / n;
  for (int s = 0; s < steps; ++s, out += kPanelStepBytes) {
    uint32_t word = 0;  // four bytes at once: none carries, they end at 242
    for (int d = 0; d < n; ++d, digits += 4) {
      const uint32_t four = Load32(digits);
      word += code == PanelCode::kBase3 ? four * kPowers[d] : four << (bits * d);
    }
    std::memcpy(out, &word, 4);
  }
}

}  // namespace

std::string_view PanelCodeName(PanelCode code) {
  constexpr std::string_view kNames[] = {"base3", "two_bit", "int4", "int8"};
  return kNames[size_t(code)];
}

void PackTernaryPanel(const TernaryMatrix& from, const PanelMatrix& shape, int panel,
                      uint8_t* out) {
  TF_CHECK(from.rows() == shape.rows && from.cols() == shape.cols, "{} x {}", from.rows(),
           from.cols());
  std::vector<int8_t> trits(size_t(shape.cols));
  std::vector<uint8_t> digits(size_t(shape.steps()) * 4 * DigitsOf(shape.code), 1);
  for (int r = 0; r < kPanelRows; ++r) {
    const int row = panel * kPanelRows + r;
    if (row < shape.rows) {
      from.UnpackRow(row, trits);
      for (int c = 0; c < shape.cols; ++c) digits[size_t(c)] = uint8_t(trits[size_t(c)] + 1);
    } else {
      std::fill(digits.begin(), digits.end(), uint8_t{1});
    }
    PackRow(digits.data(), shape.code, shape.steps(), out + 4 * r);
  }
}

void PackIntPanel(std::span<const int8_t> rows, const PanelMatrix& shape, uint8_t* out) {
  TF_CHECK(int64_t(rows.size()) <= int64_t(kPanelRows) * shape.cols, "{} weights", rows.size());
  const int offset = OffsetOf(shape.code);
  std::vector<uint8_t> digits(size_t(shape.steps()) * 4 * DigitsOf(shape.code));
  for (int r = 0; r < kPanelRows; ++r) {
    std::fill(digits.begin(), digits.end(), uint8_t(offset));
    const size_t first = size_t(r) * size_t(shape.cols);
    for (int c = 0; first < rows.size() && c < shape.cols; ++c) {
      digits[size_t(c)] = uint8_t(rows[first + size_t(c)] + offset);
    }
    PackRow(digits.data(), shape.code, shape.steps(), out + 4 * r);
  }
}

void PanelInput::Resize(int tokens, int cols) {
  TF_CHECK(tokens >= 1 && tokens <= kMaxTokens && cols >= 1 && cols <= kMaxCols, "{} tokens of {}",
           tokens, cols);
  const int pitch = int(RoundUp(cols, kPitchUnit));
  if (tokens == tokens_ && cols == cols_) return;
  tokens_ = tokens;
  cols_ = cols;
  pitch_ = pitch;
  lines_.assign(size_t(CeilDiv(int64_t(tokens) * pitch, 64)), Line{});
  sums_.assign(size_t(tokens), 0);
}

int PanelInput::GroupSize(int first) const {
  int size = kGroup;
  while (tokens_ - first < size) size /= 2;
  return size;
}

void PanelInput::Set(int t, const int8_t* x) {
  int first = t / kGroup * kGroup;  // of the token's group
  while (t >= first + GroupSize(first)) first += GroupSize(first);
  const int size = GroupSize(first);
  int8_t* out = lines_.data()->bytes + int64_t(first) * pitch_ + 4 * (t - first);
  int32_t sum = 0;
  for (int c = 0; c < cols_; ++c) sum += x[c];
  sums_[size_t(t)] = sum;
  const int whole = cols_ / 4;
  for (int k = 0; k < whole; ++k) std::memcpy(out + int64_t(4) * size * k, x + 4 * k, 4);
  std::memcpy(out + int64_t(4) * size * whole, x + 4 * whole, size_t(cols_ % 4));
}

const PanelKernels& BestPanelKernels() { return *SupportedPanelKernels().back(); }

}  // namespace ternfab
