// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codegen/plan/dependence.h"
#include "codegen/plan/design.h"
#include "codegen/plan/program.h"

namespace ternfab {

/// A stream of wide beats in main memory.
struct Stream {
  uint64_t beat = 0;
  uint64_t stride = 0;  ///< wide beats for each step of the index
  isa::Index index = isa::Index::kZero;
  int cell = -1;  ///< memory cell that the Program itself writes (see DependenceTracker); -1: none
  int tag_element = 0;  ///< with Index::kTag: VM element, and the greatest index
  int tag_limit = 0;
  bool fence = false;  ///< with Index::kTag: the tag is read when all before has ended
};

/// Source of a VECTOR instruction. Built by the functions below.
struct Operand {
  enum class Kind { kNone, kVm, kVmInt, kScalar, kImmediate, kStreamF32, kStreamI8, kSame };
  Kind kind = Kind::kNone;
  int address = 0;
  int stride = 0;
  uint32_t immediate = 0;
  bool negate = false;
  Stream stream;
};
inline Operand Vm(int word, int stride = 0) {
  return {Operand::Kind::kVm, word, stride, 0, false, {}};
}
/// The words hold int32, converted to fp32.
inline Operand VmInt(int word, int stride = 0) {
  return {Operand::Kind::kVmInt, word, stride, 0, false, {}};
}
inline Operand Scalar(int reg, int stride = 0) {
  return {Operand::Kind::kScalar, reg, stride, 0, false, {}};
}
inline Operand ImmediateBits(uint32_t bits) {
  return {Operand::Kind::kImmediate, 0, 0, bits, false, {}};
}
inline Operand Immediate(float value) { return ImmediateBits(std::bit_cast<uint32_t>(value)); }
inline Operand StreamF32(const Stream& stream) {
  return {Operand::Kind::kStreamF32, 0, 0, 0, false, stream};
}
inline Operand StreamI8(const Stream& stream) {
  return {Operand::Kind::kStreamI8, 0, 0, 0, false, stream};
}
/// Operand B: a itself.
inline Operand Same() { return {Operand::Kind::kSame, 0, 0, 0, false, {}}; }
inline Operand Neg(Operand operand) {
  operand.negate = true;
  return operand;
}

/// Destination of a VECTOR instruction. Built by the functions below.
struct Target {
  isa::Destination kind = isa::Destination::kNone;
  int address = 0;
  int stride = 0;
  int bank = 0;
  uint64_t beat = 0;
  uint64_t beat_stride = 0;
  int cell = -1;  ///< memory cell, as in Stream
};
inline Target ToVm(int word, int stride = 0) {
  return {isa::Destination::kVm, word, stride, 0, 0, 0, -1};
}
inline Target ToAm(int word) { return {isa::Destination::kAm, word, 0, 0, 0, 0, -1}; }
inline Target ToQm(int bank, int word) { return {isa::Destination::kQm, word, 0, bank, 0, 0, -1}; }
inline Target ToScalar(int reg, int stride = 0) {
  return {isa::Destination::kScalar, reg, stride, 0, 0, 0, -1};
}
inline Target ToMemory(isa::Destination kind, uint64_t beat, uint64_t stride, int cell) {
  return {kind, 0, 0, 0, beat, stride, cell};
}

/// What a VECTOR instruction does of a sub norm (docs/isa.md, "Norm").
struct NormStage {
  Stream weights;
  uint32_t from = 0;  ///< isa::SumFrom
  bool last = false;
  int sum_to = 0;  ///< scalar register, with `last`
};

struct VectorOp {
  Operand a;
  Operand b;
  isa::Combine combine = isa::Combine::kNone;
  Operand c;
  Target to;
  isa::Reduce reduce = isa::Reduce::kNone;
  int reduce_to = 0;  ///< scalar register of the first segment
  bool join = false;  ///< one maximum of all segments
  std::optional<NormStage> norm;
  int length = 1;  ///< elements; with dynamic: the greatest length
  int segments = 1;
  bool dynamic = false;  ///< length is position + slot + 1
};

struct MatvecOp {
  uint64_t beat = 0;
  int beats = 0;  ///< of a row
  int groups = 0;
  int am = 0;
  int to = 0;     ///< VM word
  int pitch = 0;  ///< VM words from slot to slot
  int slots = 1;  ///< that may be active
};

/// DOT or ACCUMULATE.
struct Int8Op {
  Stream rows;
  int row_beats = 0;
  int qm = 0;
  int qm_words = 0;      ///< read of each bank
  int row_count = 0;     ///< with dynamic: the greatest count
  bool dynamic = false;  ///< rows is position + slot + 1
  int queries = 1;
  int to = 0;         ///< VM word
  int pitch = 0;      ///< VM words from query to query
  int out_words = 0;  ///< ACCUMULATE only
};

/// Appends instructions to a list and sets their dependence tokens.
class Emitter {
 public:
  /// `memory_cells`: parts of main memory that instructions both write and read.
  Emitter(const DesignParams& design, int memory_cells);

  /// Slot and predicate of the instructions that follow.
  void SetSlot(int slot, isa::Predicate predicate) {
    slot_ = slot;
    predicate_ = predicate;
  }
  /// Beginning of the notes and place of the instructions that follow.
  void SetContext(std::string context, ModelPlace place) {
    context_ = std::move(context);
    place_ = place;
  }

  void Vector(const VectorOp& op, const std::string& note);
  void Matvec(const MatvecOp& op, const std::string& note);
  void Dot(const Int8Op& op, const std::string& note);
  void Accumulate(const Int8Op& op, const std::string& note);

  /// Appends kEnd and hands the list out.
  InstructionList Finish(uint64_t beat);

  const DesignParams& design() const { return design_; }
  int slot() const { return slot_; }

 private:
  void Int8(isa::Opcode opcode, const Int8Op& op, const std::string& note);
  void Push(Unit unit, isa::Instruction instruction, const std::vector<Access>& accesses,
            const std::string& note);

  DesignParams design_;
  DependenceTracker tracker_;
  InstructionList list_;
  std::string context_;
  ModelPlace place_;
  int slot_ = 0;
  isa::Predicate predicate_ = isa::Predicate::kAlways;
};

}  // namespace ternfab
