// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/image.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "common/check.h"

namespace ternfab {

std::span<uint8_t> ImageWriter::Bytes(uint64_t beat, uint64_t count) {
  const uint64_t first = beat * design_.wide_bytes();
  TF_CHECK(first + count <= image_.size(), "bytes {}+{} of {}", first, count, image_.size());
  return std::span(image_).subspan(first, count);
}

void ImageWriter::Floats(uint64_t beat, std::span<const float> values) {
  std::memcpy(Bytes(beat, values.size_bytes()).data(), values.data(), values.size_bytes());
}

void ImageWriter::Instructions(const InstructionList& list) {
  const int beats = design_.instruction_beats();
  isa::Instruction header;
  header.words[isa::kHeaderMagic] = isa::kMagic;
  header.words[isa::kHeaderVersion] = isa::kVersion;
  header.words[isa::kHeaderCount] = uint32_t(list.instructions.size());
  const auto put = [&](uint64_t beat, const isa::Instruction& instruction) {
    std::memcpy(Bytes(beat, isa::kInstructionBytes).data(), instruction.words.data(),
                isa::kInstructionBytes);
  };
  put(list.beat, header);
  for (size_t i = 0; i < list.instructions.size(); ++i) {
    put(list.beat + (i + 1) * beats, list.instructions[i]);
  }
}

void ImageWriter::TernaryRows(uint64_t beat, int rows, int row_beats, const RowFiller& fill) {
  std::vector<int8_t> trits(size_t(row_beats) * design_.lanes);
  for (int r = 0; r < RoundUp(rows, design_.ports); ++r) {
    std::fill(trits.begin(), trits.end(), int8_t{0});
    if (r < rows) fill(r, trits);
    const int engine = r % design_.ports;
    const uint64_t first = beat + uint64_t(r / design_.ports) * row_beats;
    for (int j = 0; j < row_beats; ++j) {
      const std::span<uint8_t> wide = Bytes(first + j, design_.wide_bytes());
      PackBeat(std::span(trits).subspan(size_t(j) * design_.lanes, design_.lanes),
               design_.weight_code,
               wide.subspan(size_t(engine) * design_.port_bytes(), design_.port_bytes()));
    }
  }
}

float TernariseRow(std::span<const float> row, std::span<int8_t> values) {
  double sum = 0;
  for (const float w : row) sum += std::fabs(w);
  const float mean = float(sum / double(row.size()));
  double kept = 0;
  int count = 0;
  for (size_t i = 0; i < row.size(); ++i) {
    const bool zero = std::fabs(row[i]) <= mean * 0.5f;  // 0.5 rounds to even
    values[i] = zero ? 0 : row[i] < 0 ? -1 : 1;
    if (zero) continue;
    kept += std::fabs(row[i]);
    ++count;
  }
  const float scale = count == 0 ? 0.0f : float(kept / count);
  return scale < 0x1p-126f ? 0.0f : scale;  // the device knows no subnormals
}

float QuantiseRow(std::span<const float> row, std::span<int8_t> values) {
  float most = 0;
  for (const float w : row) most = std::max(most, std::fabs(w));
  const float scale = most / 127.0f;
  if (scale < 0x1p-126f) {  // the device knows no subnormals
    std::fill(values.begin(), values.end(), int8_t{0});
    return 0;
  }
  for (size_t i = 0; i < row.size(); ++i) {
    values[i] = int8_t(std::clamp(std::nearbyint(row[i] / scale), -127.0f, 127.0f));
  }
  return scale;
}

}  // namespace ternfab
