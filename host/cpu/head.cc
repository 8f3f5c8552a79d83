// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/head.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "common/integer.h"
#include "models/half.h"

namespace ternfab {

Expected<HeadKind> ParseHead(std::string_view name) {
  for (const HeadKind kind :
       {HeadKind::kModel, HeadKind::kBf16, HeadKind::kInt8, HeadKind::kSplit}) {
    if (HeadName(kind) == name) return kind;
  }
  return Fail("head {}: must be model, bf16, int8 or split", name);
}

std::string_view HeadName(HeadKind kind) {
  constexpr std::string_view kNames[] = {"model", "bf16", "int8", "split"};
  return kNames[size_t(kind)];
}

std::vector<int> SplitHead::ExactGroups(std::span<const float> scores) {
  const int groups = int(CeilDiv(int64_t(scores.size()), kGroupRows));
  std::vector<float> best(static_cast<size_t>(groups));
  for (int g = 0; g < groups; ++g) {
    const size_t first = size_t(g) * kGroupRows;
    best[size_t(g)] = std::ranges::max(
        scores.subspan(first, std::min(size_t(kGroupRows), scores.size() - first)));
  }
  std::vector<int> order(static_cast<size_t>(groups));
  std::iota(order.begin(), order.end(), 0);
  const auto end = order.begin() + std::min(groups, kExactGroups);
  std::ranges::nth_element(order, end, [&](int a, int b) {
    return best[size_t(a)] != best[size_t(b)] ? best[size_t(a)] > best[size_t(b)] : a < b;
  });
  order.erase(end, order.end());
  std::ranges::sort(order);
  return order;
}

uint16_t ToBf16(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  return uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

float RoundToBf16(float value) { return Bf16ToFloat(ToBf16(value)); }

int64_t HeadBytes(const Model& model, HeadKind kind) {
  const int64_t rows = model.config.vocab, cols = model.config.hidden;
  if (kind == HeadKind::kBf16) return rows * cols * 2;
  if (kind == HeadKind::kSplit) {
    const int64_t half_row = RoundUp(cols, 8) / 2, groups = CeilDiv(rows, SplitHead::kGroupRows);
    return (groups + std::min<int64_t>(groups, SplitHead::kExactGroups)) * SplitHead::kGroupRows *
               half_row +
           4 * rows;
  }
  if (kind == HeadKind::kInt8) return RoundUp(rows, 16) * RoundUp(cols, 4) + 4 * rows;
  return rows * TableRowBytes(model.head().type(), cols);
}

}  // namespace ternfab
