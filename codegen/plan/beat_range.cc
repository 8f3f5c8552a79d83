// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/beat_range.h"

#include "common/integer.h"

namespace ternfab {

BeatRange WrittenBeats(const Program& p, const isa::Instruction& in) {
  if (in.GetAs<isa::Opcode>(isa::kOpcode) != isa::Opcode::kVector) return {};
  const auto to = in.GetAs<isa::Destination>(isa::kVDst);
  const int64_t wide = p.design.wide_bytes();
  const uint64_t first = in.Get(isa::kVMemAddress);
  if (to == isa::Destination::kMemElement) {
    return {first, first + uint64_t(CeilDiv(4 * int64_t(p.context), wide))};
  }
  if (to != isa::Destination::kMemF32 && to != isa::Destination::kMemI8) return {};
  const int64_t length = in.Get(isa::kDynamicLength) ? p.context : int64_t(in.Get(isa::kVLength));
  const int64_t size = to == isa::Destination::kMemI8 ? 1 : 4;
  return {first, first + uint64_t(p.context - 1) * in.Get(isa::kVMemStride) +
                     in.Get(isa::kVSegments) * uint64_t(CeilDiv(length * size, wide))};
}

namespace {

/// Beats of a stream at the last position.
uint64_t GreatestBeats(const Program& p, const isa::Instruction& in) {
  if (in.Get(isa::kDynamicLength) == 0) return in.Get(isa::kStreamBeats);
  if (in.GetAs<isa::Opcode>(isa::kOpcode) != isa::Opcode::kVector) {
    return uint64_t(p.context) * in.Get(isa::kI8RowBeats);
  }
  const int64_t size = in.GetAs<isa::SourceA>(isa::kVA) == isa::SourceA::kStreamI8 ? 1 : 4;
  return in.Get(isa::kVSegments) *
         uint64_t(CeilDiv(int64_t(p.context) * size, p.design.wide_bytes()));
}

}  // namespace

BeatRange StreamedBeats(const Program& p, const isa::Instruction& in) {
  if (!isa::HasStream(in)) return {};
  uint64_t steps = 0;
  if (in.GetAs<isa::Index>(isa::kStreamIndex) == isa::Index::kPosition) steps = p.context - 1;
  if (in.GetAs<isa::Index>(isa::kStreamIndex) == isa::Index::kToken) steps = p.vocab - 1;
  const uint64_t first = in.Get(isa::kStreamAddress);
  return {first, first + steps * in.Get(isa::kStreamStride) + GreatestBeats(p, in)};
}

}  // namespace ternfab
