// SPDX-License-Identifier: Apache-2.0
#include "sim/report/traffic.h"

#include <numeric>

#include "common/integer.h"
#include "sim/timing/decode.h"

namespace ternfab {
namespace {

using timing::DecodedInstruction;

TrafficClass ClassOf(const DecodedInstruction& d, const ModelPlace& place) {
  if (d.opcode == isa::Opcode::kMatvec) return TrafficClass::kWeights;
  switch (place.part) {
    case Part::kHead:
      return TrafficClass::kHead;
    case Part::kRope:
    case Part::kAttention:
      return TrafficClass::kKv;
    case Part::kEmbedding:
      return TrafficClass::kEmbedding;
    case Part::kNorm:
    case Part::kActivation:
      return TrafficClass::kNorms;
    default:
      return TrafficClass::kOther;
  }
}

uint64_t WrittenBytes(const DecodedInstruction& d, int wide_bytes) {
  if (d.opcode != isa::Opcode::kVector || d.skip) return 0;
  const auto segments = [&](int element_bytes) {
    return d.segments * uint64_t(RoundUp(int64_t(d.length) * element_bytes, wide_bytes));
  };
  switch (d.dst) {
    case isa::Destination::kMemF32:
      return segments(4);
    case isa::Destination::kMemI8:
      return segments(1);
    case isa::Destination::kMemElement:
      return 4;
    default:
      return 0;
  }
}

}  // namespace

std::string_view TrafficName(TrafficClass traffic) {
  static constexpr std::array<std::string_view, kTrafficClasses> kNames = {
      "weights", "head", "kv", "embedding", "norms", "program", "other"};
  return kNames[size_t(traffic)];
}

uint64_t Traffic::total_read() const {
  return std::accumulate(read.begin(), read.end(), uint64_t{0});
}

uint64_t Traffic::total_written() const {
  return std::accumulate(written.begin(), written.end(), uint64_t{0});
}

void Traffic::Add(const Traffic& other) {
  for (size_t c = 0; c < read.size(); ++c) {
    read[c] += other.read[c];
    written[c] += other.written[c];
  }
}

Traffic TrafficOf(const InstructionList& list, const DesignParams& design,
                  const RunArguments& arguments) {
  Traffic traffic;
  const int wide = design.wide_bytes();
  traffic.read[size_t(TrafficClass::kProgram)] =
      (list.instructions.size() + 1) * uint64_t(design.instruction_beats()) * uint64_t(wide);
  size_t i = 0;
  for (const DecodedInstruction& d : timing::DecodeRun(list, design, arguments)) {
    const auto c = size_t(ClassOf(d, list.notes[i++].place));
    if (d.stream) traffic.read[c] += uint64_t(d.stream_beats) * uint64_t(wide);
    traffic.written[c] += WrittenBytes(d, wide);
  }
  return traffic;
}

}  // namespace ternfab
