// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/isa_reference.h"

namespace ternfab {
namespace {

using isa::Destination;
using isa::Opcode;

bool ReadsStream(const isa::Instruction& instr) {
  if (instr.GetAs<Opcode>(isa::kOpcode) != Opcode::kVector) return true;
  const auto a = instr.GetAs<isa::SourceA>(isa::kVA);
  return a == isa::SourceA::kStreamF32 || a == isa::SourceA::kStreamI8 ||
         instr.GetAs<isa::SourceB>(isa::kVB) == isa::SourceB::kStreamF32 ||
         instr.Get(isa::kVNorm) != 0;
}

/// Beats of the stream when the dynamic or static length is `length`.
uint32_t BeatsFor(const isa::Instruction& instr, uint32_t length, uint32_t wide_bytes) {
  switch (instr.GetAs<Opcode>(isa::kOpcode)) {
    case Opcode::kMatvec:
      return instr.Get(isa::kMvGroups) * instr.Get(isa::kMvBeats);
    case Opcode::kDot:
    case Opcode::kAccumulate:
      return length * instr.Get(isa::kI8RowBeats);
    default:
      break;
  }
  const bool bytes = instr.GetAs<isa::SourceA>(isa::kVA) == isa::SourceA::kStreamI8;
  const uint64_t size = uint64_t{length} * (bytes ? 1 : 4);
  return instr.Get(isa::kVSegments) * uint32_t((size + wide_bytes - 1) / wide_bytes);
}

uint32_t StaticLength(const isa::Instruction& instr) {
  return instr.GetAs<Opcode>(isa::kOpcode) == Opcode::kVector ? instr.Get(isa::kVLength)
                                                              : instr.Get(isa::kI8Rows);
}

bool Active(const isa::Instruction& instr, uint32_t count) {
  const uint32_t slot = instr.Get(isa::kSlot);
  switch (instr.GetAs<isa::Predicate>(isa::kPredicate)) {
    case isa::Predicate::kSlotActive:
      return slot < count;
    case isa::Predicate::kSlotLast:
      return slot == count - 1;
    default:
      return true;
  }
}

Unit UnitOf(Opcode opcode) {
  if (opcode == Opcode::kMatvec) return Unit::kTernary;
  return opcode == Opcode::kVector ? Unit::kVector : Unit::kInt8;
}

uint32_t IndexOf(const isa::Instruction& instr, const RunArguments& arguments) {
  const uint32_t slot = instr.Get(isa::kSlot);
  switch (instr.GetAs<isa::Index>(isa::kStreamIndex)) {
    case isa::Index::kPosition:
      return arguments.position + slot;
    case isa::Index::kToken:
      return arguments.tokens[slot];
    default:
      return 0;
  }
}

}  // namespace

uint32_t StaticBeats(const isa::Instruction& instr, uint32_t wide_bytes) {
  return BeatsFor(instr, StaticLength(instr), wide_bytes);
}

Resolved Resolve(const isa::Instruction& instr, const RunArguments& arguments,
                 uint32_t wide_bytes) {
  const uint32_t element = arguments.position + instr.Get(isa::kSlot);
  const bool dynamic = instr.Get(isa::kDynamicLength) != 0;
  const auto opcode = instr.GetAs<Opcode>(isa::kOpcode);
  Resolved r;
  r.unit = UnitOf(opcode);
  r.skip = !Active(instr, arguments.count);
  r.stream = ReadsStream(instr) && !r.skip;
  r.addr =
      instr.Get(isa::kStreamAddress) + IndexOf(instr, arguments) * instr.Get(isa::kStreamStride);
  r.length = dynamic ? element + 1 : StaticLength(instr);
  r.beats = dynamic && opcode != Opcode::kMatvec ? BeatsFor(instr, r.length, wide_bytes)
                                                 : instr.Get(isa::kStreamBeats);
  if (instr.GetAs<Destination>(isa::kVDst) == Destination::kMemElement) {
    r.mem_addr = instr.Get(isa::kVMemAddress) + 4 * element / wide_bytes;
    r.mem_elem = element % (wide_bytes / 4);
  } else {
    r.mem_addr = instr.Get(isa::kVMemAddress) + element * instr.Get(isa::kVMemStride);
  }
  return r;
}

}  // namespace ternfab
