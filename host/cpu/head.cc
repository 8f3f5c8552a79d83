// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/head.h"

#include <bit>

#include "common/integer.h"
#include "models/half.h"

namespace ternfab {

Expected<HeadKind> ParseHead(std::string_view name) {
  for (const HeadKind kind : {HeadKind::kModel, HeadKind::kBf16, HeadKind::kInt8}) {
    if (HeadName(kind) == name) return kind;
  }
  return Fail("head {}: must be model, bf16 or int8", name);
}

std::string_view HeadName(HeadKind kind) {
  return kind == HeadKind::kModel ? "model" : kind == HeadKind::kBf16 ? "bf16" : "int8";
}

uint16_t ToBf16(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  return uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

float RoundToBf16(float value) { return Bf16ToFloat(ToBf16(value)); }

int64_t HeadBytes(const Model& model, HeadKind kind) {
  const int64_t rows = model.config.vocab, cols = model.config.hidden;
  if (kind == HeadKind::kBf16) return rows * cols * 2;
  if (kind == HeadKind::kInt8) return RoundUp(rows, 16) * RoundUp(cols, 4) + 4 * rows;
  return rows * TableRowBytes(model.head().type(), cols);
}

}  // namespace ternfab
