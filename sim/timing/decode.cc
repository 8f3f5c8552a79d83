// SPDX-License-Identifier: Apache-2.0
#include "sim/timing/decode.h"

#include <algorithm>

namespace ternfab::timing {
namespace {

using isa::Instruction;

bool Active(const Instruction& i, const RunArguments& run) {
  const uint32_t slot = i.Get(isa::kSlot);
  switch (i.GetAs<isa::Predicate>(isa::kPredicate)) {
    case isa::Predicate::kSlotActive:
      return slot < run.count;
    case isa::Predicate::kSlotLast:
      return slot + 1 == run.count;
    default:
      return true;
  }
}

bool Tagged(const Instruction& i) {
  return i.GetAs<isa::Index>(isa::kStreamIndex) == isa::Index::kTag;
}

uint32_t StreamAddress(const Instruction& i, const RunArguments& run, uint32_t tag_index) {
  uint32_t index = 0;
  const uint32_t slot = i.Get(isa::kSlot);
  switch (i.GetAs<isa::Index>(isa::kStreamIndex)) {
    case isa::Index::kPosition:
      index = run.position + slot;
      break;
    case isa::Index::kToken:
      index = run.tokens[slot];
      break;
    case isa::Index::kTag:
      index = tag_index;
      break;
    default:
      break;
  }
  return i.Get(isa::kStreamAddress) + index * i.Get(isa::kStreamStride);
}

void DecodeInt8(const Instruction& i, uint32_t dynamic_length, DecodedInstruction& d) {
  d.row_beats = i.Get(isa::kI8RowBeats);
  d.queries = i.Get(isa::kI8Queries);
  d.out_words = i.Get(isa::kI8OutWords);
  d.length = i.Get(isa::kDynamicLength) != 0 ? dynamic_length : i.Get(isa::kI8Rows);
  d.stream_beats = d.length * d.row_beats;
}

void DecodeVector(const Instruction& i, uint32_t dynamic_length, uint32_t wide_bytes,
                  DecodedInstruction& d) {
  d.a = i.GetAs<isa::SourceA>(isa::kVA);
  d.b = i.GetAs<isa::SourceB>(isa::kVB);
  d.c = i.GetAs<isa::SourceC>(isa::kVC);
  d.combine = i.GetAs<isa::Combine>(isa::kVCombine);
  d.reduce = i.GetAs<isa::Reduce>(isa::kVReduce);
  d.dst = i.GetAs<isa::Destination>(isa::kVDst);
  d.a_int = i.Get(isa::kVAInt) != 0;
  d.join = i.Get(isa::kVJoin) != 0;
  d.norm = i.Get(isa::kVNorm) != 0;
  d.sum_last = i.Get(isa::kVSumLast) != 0;
  d.segments = i.Get(isa::kVSegments);
  d.length = i.Get(isa::kDynamicLength) != 0 ? dynamic_length : i.Get(isa::kVLength);
  const bool int8 = d.a == isa::SourceA::kStreamI8;
  const uint32_t elements = int8 ? wide_bytes : wide_bytes / 4;
  d.stream_beats = d.segments * ((d.length + elements - 1) / elements);
  const uint32_t position = dynamic_length - 1;
  const uint32_t base = i.Get(isa::kVMemAddress);
  d.mem_addr = d.dst == isa::Destination::kMemElement ? base + position / (wide_bytes / 4)
                                                      : base + position * i.Get(isa::kVMemStride);
  d.mem_elem = position % (wide_bytes / 4);
}

DecodedInstruction Decode(const Instruction& i, uint32_t index, uint32_t wide_bytes,
                          const RunArguments& run, uint32_t tag_index) {
  DecodedInstruction d;
  d.opcode = i.GetAs<isa::Opcode>(isa::kOpcode);
  d.index = index;
  d.wait = uint8_t(i.Get(isa::kWait));
  d.signal = uint8_t(i.Get(isa::kSignal));
  d.dependent = i.Get(isa::kDependent) != 0;
  d.skip = !Active(i, run);
  d.stream = !d.skip && isa::HasStream(i);
  d.tag = Tagged(i);
  d.stream_addr = StreamAddress(i, run, tag_index);
  const uint32_t dynamic_length = run.position + i.Get(isa::kSlot) + 1;
  switch (d.opcode) {
    case isa::Opcode::kMatvec:
      d.mv_beats = i.Get(isa::kMvBeats);
      d.mv_groups = i.Get(isa::kMvGroups);
      d.stream_beats = d.mv_beats * d.mv_groups;
      break;
    case isa::Opcode::kDot:
    case isa::Opcode::kAccumulate:
      DecodeInt8(i, dynamic_length, d);
      break;
    case isa::Opcode::kVector:
      DecodeVector(i, dynamic_length, wide_bytes, d);
      break;
    case isa::Opcode::kEnd:
      break;
  }
  return d;
}

}  // namespace

std::vector<DecodedInstruction> DecodeRun(const InstructionList& list, const DesignParams& design,
                                          const RunArguments& arguments,
                                          std::span<const uint32_t> tags) {
  std::vector<DecodedInstruction> run;
  run.reserve(list.instructions.size());
  size_t tag = 0;
  for (const Instruction& i : list.instructions) {
    const uint32_t tag_index = Tagged(i) && tag < tags.size() ? tags[tag++] : 0;
    run.push_back(
        Decode(i, uint32_t(run.size()), uint32_t(design.wide_bytes()), arguments, tag_index));
  }
  return run;
}

size_t CountTags(const InstructionList& list) {
  return size_t(std::count_if(list.instructions.begin(), list.instructions.end(), Tagged));
}

}  // namespace ternfab::timing
