// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/emitter.h"

#include "common/check.h"
#include "common/integer.h"

namespace ternfab {
namespace {

using isa::Field;
using isa::Instruction;

void Put(Instruction& instruction, const Field& field, uint64_t value) {
  TF_CHECK(isa::Fits(field, value), "{} = {}: {} bits", field.name, value, field.width);
  instruction.Set(field, uint32_t(value));
}

void PutStream(Instruction& instruction, const Stream& stream, uint64_t beats) {
  Put(instruction, isa::kStreamAddress, stream.beat);
  Put(instruction, isa::kStreamBeats, beats);
  Put(instruction, isa::kStreamStride, stream.stride);
  Put(instruction, isa::kStreamIndex, uint64_t(stream.index));
  Put(instruction, isa::kDependent, stream.fence);
  Put(instruction, isa::kTagElement, stream.tag_element);
  Put(instruction, isa::kTagLimit, stream.tag_limit);
}

isa::SourceA CodeA(Operand::Kind kind) {
  switch (kind) {
    case Operand::Kind::kVm:
    case Operand::Kind::kVmInt:
      return isa::SourceA::kVm;
    case Operand::Kind::kStreamF32:
      return isa::SourceA::kStreamF32;
    case Operand::Kind::kStreamI8:
      return isa::SourceA::kStreamI8;
    case Operand::Kind::kScalar:
      return isa::SourceA::kScalar;
    default:
      TF_CHECK(false, "operand A of kind {}", int(kind));
  }
}

isa::SourceB CodeB(Operand::Kind kind) {
  switch (kind) {
    case Operand::Kind::kNone:
      return isa::SourceB::kNone;
    case Operand::Kind::kScalar:
      return isa::SourceB::kScalar;
    case Operand::Kind::kImmediate:
      return isa::SourceB::kImmediate;
    case Operand::Kind::kVm:
      return isa::SourceB::kVm;
    case Operand::Kind::kStreamF32:
      return isa::SourceB::kStreamF32;
    case Operand::Kind::kSame:
      return isa::SourceB::kA;
    default:
      TF_CHECK(false, "operand B of kind {}", int(kind));
  }
}

isa::SourceC CodeC(Operand::Kind kind) {
  switch (kind) {
    case Operand::Kind::kNone:
      return isa::SourceC::kNone;
    case Operand::Kind::kScalar:
      return isa::SourceC::kScalar;
    case Operand::Kind::kImmediate:
      return isa::SourceC::kImmediate;
    case Operand::Kind::kVm:
      return isa::SourceC::kVm;
    default:
      TF_CHECK(false, "operand C of kind {}", int(kind));
  }
}

bool IsStream(const Operand& operand) {
  return operand.kind == Operand::Kind::kStreamF32 || operand.kind == Operand::Kind::kStreamI8;
}

void PutSources(Instruction& in, const VectorOp& op, int wide_bytes) {
  Put(in, isa::kVA, uint64_t(CodeA(op.a.kind)));
  Put(in, isa::kVAInt, op.a.kind == Operand::Kind::kVmInt);
  Put(in, isa::kVNegA, op.a.negate);
  Put(in, isa::kVAAddress, op.a.address);
  Put(in, isa::kVAStride, op.a.stride);
  Put(in, isa::kVB, uint64_t(CodeB(op.b.kind)));
  Put(in, isa::kVBAddress, op.b.address);
  Put(in, isa::kVBStride, op.b.stride);
  Put(in, isa::kVBImmediate, op.b.immediate);
  Put(in, isa::kVC, uint64_t(CodeC(op.c.kind)));
  Put(in, isa::kVNegC, op.c.negate);
  Put(in, isa::kVCAddress, op.c.address);
  Put(in, isa::kVCStride, op.c.stride);
  Put(in, isa::kVCImmediate, op.c.immediate);
  TF_CHECK(!op.b.negate, "operand B cannot be negated");
  const bool has_c = op.c.kind != Operand::Kind::kNone;
  const bool maximum = op.reduce == isa::Reduce::kMax || op.reduce == isa::Reduce::kAbsMax;
  TF_CHECK(op.combine == isa::Combine::kNone ? !has_c || maximum : has_c,
           "combine without operand C or the reverse");
  TF_CHECK(!(IsStream(op.a) && IsStream(op.b)), "two streams");
  for (const Operand* operand : {&op.a, &op.b}) {
    if (!IsStream(*operand)) continue;
    const int size = operand->kind == Operand::Kind::kStreamI8 ? 1 : 4;
    PutStream(in, operand->stream,
              op.segments * uint64_t(CeilDiv(int64_t(op.length) * size, wide_bytes)));
  }
}

void PutNorm(Instruction& in, const VectorOp& op, int wide_bytes) {
  Put(in, isa::kVJoin, op.join);
  if (!op.norm) return;
  TF_CHECK(!IsStream(op.a) && !IsStream(op.b), "two streams");
  PutStream(in, op.norm->weights,
            op.segments * uint64_t(CeilDiv(4 * int64_t(op.length), wide_bytes)));
  Put(in, isa::kVNorm, 1);
  Put(in, isa::kVSumFrom, op.norm->from);
  Put(in, isa::kVSumLast, op.norm->last);
  Put(in, isa::kVSumDst, op.norm->last ? uint64_t(op.norm->sum_to) : 0);
}

void PutTarget(Instruction& in, const Target& to) {
  Put(in, isa::kVDst, uint64_t(to.kind));
  Put(in, isa::kVDAddress, to.address);
  Put(in, isa::kVDStride, to.stride);
  Put(in, isa::kVBank, to.bank);
  Put(in, isa::kVMemAddress, to.beat);
  Put(in, isa::kVMemStride, to.beat_stride);
}

void AddSegments(std::vector<Access>& accesses, int word, int stride, int segments, int words,
                 bool write) {
  for (int s = 0; s < (stride == 0 ? 1 : segments); ++s) {
    accesses.push_back({Storage::kVm, 0, word + s * stride, words, write});
  }
}

/// Words and cells that `op` touches.
std::vector<Access> Accesses(const VectorOp& op, const DesignParams& design, int slot) {
  std::vector<Access> accesses;
  const int vm_words = int(CeilDiv(op.length, design.vector_lanes));
  for (const Operand* operand : {&op.a, &op.b, &op.c}) {
    if (operand->kind == Operand::Kind::kVm || operand->kind == Operand::Kind::kVmInt) {
      AddSegments(accesses, operand->address, operand->stride, op.segments, vm_words, false);
    }
    if (IsStream(*operand) && operand->stream.cell >= 0) {
      accesses.push_back({Storage::kMemory, 0, operand->stream.cell, 1, false});
    }
  }
  const Target& to = op.to;
  if (to.kind == isa::Destination::kVm) {
    AddSegments(accesses, to.address, to.stride, op.segments, vm_words, true);
  } else if (to.kind == isa::Destination::kAm) {
    const int words = int(CeilDiv(op.length, design.lanes));
    accesses.push_back({Storage::kAm, slot, to.address, words, true});
  } else if (to.kind == isa::Destination::kQm) {
    const int words = int(CeilDiv(op.length, design.int8_lanes()));
    for (int s = 0; s < op.segments; ++s) {
      accesses.push_back({Storage::kQm, to.bank + s, to.address, words, true});
    }
  }
  if (to.cell >= 0) accesses.push_back({Storage::kMemory, 0, to.cell, 1, true});
  return accesses;
}

}  // namespace

Emitter::Emitter(const DesignParams& design, int memory_cells)
    : design_(design), tracker_(design, memory_cells) {}

void Emitter::Vector(const VectorOp& op, const std::string& note) {
  Instruction in;
  Put(in, isa::kOpcode, uint64_t(isa::Opcode::kVector));
  PutSources(in, op, design_.wide_bytes());
  PutNorm(in, op, design_.wide_bytes());
  PutTarget(in, op.to);
  Put(in, isa::kVCombine, uint64_t(op.combine));
  Put(in, isa::kVReduce, uint64_t(op.reduce));
  Put(in, isa::kVReduceDst, op.reduce_to);
  Put(in, isa::kVLength, op.length);
  Put(in, isa::kVSegments, op.segments);
  Put(in, isa::kDynamicLength, op.dynamic);
  TF_CHECK(op.length > 0 && op.segments > 0, "{}: empty", note);
  TF_CHECK(op.reduce != isa::Reduce::kSum ||
               (op.to.kind == isa::Destination::kNone && op.combine == isa::Combine::kNone),
           "{}: a sum has no other result", note);
  Push(Unit::kVector, in, Accesses(op, design_, slot_), note);
}

void Emitter::Matvec(const MatvecOp& op, const std::string& note) {
  Instruction in;
  Put(in, isa::kOpcode, uint64_t(isa::Opcode::kMatvec));
  PutStream(in, {op.beat, 0, isa::Index::kZero, -1}, uint64_t(op.beats) * op.groups);
  Put(in, isa::kMvBeats, op.beats);
  Put(in, isa::kMvAm, op.am);
  Put(in, isa::kMvGroups, op.groups);
  Put(in, isa::kMvDst, op.to);
  Put(in, isa::kMvPitch, op.pitch);
  TF_CHECK(op.beats > 0 && op.groups > 0, "{}: empty", note);
  std::vector<Access> accesses;
  const int words = int(CeilDiv(int64_t(op.groups) * design_.ports, design_.vector_lanes));
  for (int b = 0; b < op.slots; ++b) {
    accesses.push_back({Storage::kAm, b, op.am, op.beats, false});
    accesses.push_back({Storage::kVm, 0, op.to + b * op.pitch, words, true});
  }
  Push(Unit::kTernary, in, accesses, note);
}

void Emitter::Dot(const Int8Op& op, const std::string& note) { Int8(isa::Opcode::kDot, op, note); }

void Emitter::Accumulate(const Int8Op& op, const std::string& note) {
  Int8(isa::Opcode::kAccumulate, op, note);
}

void Emitter::Int8(isa::Opcode opcode, const Int8Op& op, const std::string& note) {
  Instruction in;
  Put(in, isa::kOpcode, uint64_t(opcode));
  PutStream(in, op.rows, uint64_t(op.row_count) * op.row_beats);
  Put(in, isa::kI8RowBeats, op.row_beats);
  Put(in, isa::kI8Qm, op.qm);
  Put(in, isa::kI8Rows, op.row_count);
  Put(in, isa::kDynamicLength, op.dynamic);
  Put(in, isa::kI8Dst, op.to);
  Put(in, isa::kI8Pitch, op.pitch);
  Put(in, isa::kI8Queries, op.queries);
  Put(in, isa::kI8OutWords, op.out_words);
  TF_CHECK(op.row_beats > 0 && op.row_count > 0 && op.queries > 0, "{}: empty", note);
  const int words = opcode == isa::Opcode::kAccumulate
                        ? op.out_words
                        : int(CeilDiv(op.row_count, design_.vector_lanes));
  std::vector<Access> accesses;
  for (int q = 0; q < op.queries; ++q) {
    accesses.push_back({Storage::kQm, q, op.qm, op.qm_words, false});
    accesses.push_back({Storage::kVm, 0, op.to + q * op.pitch, words, true});
  }
  if (op.rows.cell >= 0) accesses.push_back({Storage::kMemory, 0, op.rows.cell, 1, false});
  Push(Unit::kInt8, in, accesses, note);
}

void Emitter::Push(Unit unit, Instruction instruction, const std::vector<Access>& accesses,
                   const std::string& note) {
  Put(instruction, isa::kSlot, slot_);
  Put(instruction, isa::kPredicate, uint64_t(predicate_));
  list_.instructions.push_back(instruction);
  list_.notes.push_back({context_.empty() ? note : context_ + ": " + note, place_});
  tracker_.Add(list_.instructions, unit, accesses);
}

InstructionList Emitter::Finish(uint64_t beat) {
  Instruction end;
  end.Set(isa::kOpcode, uint32_t(isa::Opcode::kEnd));
  list_.instructions.push_back(end);
  list_.notes.push_back({"end", {}});
  list_.beat = beat;
  return std::move(list_);
}

}  // namespace ternfab
