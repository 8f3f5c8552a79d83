// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/verify_weights.h"

#include <algorithm>
#include <array>
#include <compare>
#include <vector>

#include "codegen/plan/beat_range.h"

namespace ternfab {
namespace {

/// The weights of a MATVEC, in wide beats.
struct WeightStream {
  uint64_t beat;
  uint32_t groups;
  uint32_t row_beats;

  uint64_t end() const { return beat + uint64_t(groups) * row_beats; }
  auto operator<=>(const WeightStream&) const = default;
};

/// Ascending, each once.
std::vector<WeightStream> WeightStreams(const Program& p) {
  std::vector<WeightStream> streams;
  for (const InstructionList* list : {&p.decode, &p.prefill}) {
    for (const isa::Instruction& in : list->instructions) {
      if (in.GetAs<isa::Opcode>(isa::kOpcode) != isa::Opcode::kMatvec) continue;
      streams.push_back(
          {in.Get(isa::kStreamAddress), in.Get(isa::kMvGroups), in.Get(isa::kMvBeats)});
    }
  }
  std::sort(streams.begin(), streams.end());
  streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
  return streams;
}

Expected<void> CheckWrites(const Program& p, const std::vector<WeightStream>& streams,
                           const InstructionList& list, const char* name) {
  for (size_t i = 0; i < list.instructions.size(); ++i) {
    const BeatRange range = WrittenBeats(p, list.instructions[i]);
    if (range.empty()) continue;
    const auto next = std::partition_point(
        streams.begin(), streams.end(),
        [&](const WeightStream& stream) { return stream.end() <= range.first; });
    if (next != streams.end() && next->beat < range.end) {
      return Fail("program: {} {}: writes {}..{}: must not touch the weights at {}", name, i,
                  range.first, range.end, next->beat);
    }
  }
  return {};
}

/// Whether a byte is no code, by value.
std::array<bool, 256> InvalidCodes(WeightCode code) {
  std::array<bool, 256> invalid{};
  for (int byte = 0; byte < 256; ++byte) {
    invalid[size_t(byte)] = !IsCode(code, uint8_t(byte));
  }
  return invalid;
}

}  // namespace

Expected<void> VerifyWeightStreams(const Program& program) {
  const std::vector<WeightStream> streams = WeightStreams(program);
  for (size_t i = 1; i < streams.size(); ++i) {
    const WeightStream& a = streams[i - 1];
    const WeightStream& b = streams[i];
    if (b.beat < a.end()) {
      return Fail("program: weights {}x{} at {} and {}x{} at {}: must not overlap", a.groups,
                  a.row_beats, a.beat, b.groups, b.row_beats, b.beat);
    }
  }
  TF_RETURN_IF_ERROR(CheckWrites(program, streams, program.decode, "decode"));
  return CheckWrites(program, streams, program.prefill, "prefill");
}

Expected<void> VerifyWeightCodes(const Program& program) {
  const std::array<bool, 256> invalid = InvalidCodes(program.design.weight_code);
  const uint64_t wide = program.design.wide_bytes();
  for (const WeightStream& stream : WeightStreams(program)) {
    // Memory beyond the image is zero, and 0 is a code.
    const uint64_t end = std::min<uint64_t>(stream.end() * wide, program.image.size());
    for (uint64_t at = stream.beat * wide; at < end; ++at) {
      if (!invalid[program.image[at]]) continue;
      return Fail("program: weights at beat {}: byte {} = {}: must be a code", at / wide, at % wide,
                  program.image[at]);
    }
  }
  return {};
}

}  // namespace ternfab
