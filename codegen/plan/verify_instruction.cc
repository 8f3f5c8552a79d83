// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/verify_instruction.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/integer.h"

namespace ternfab {
namespace {

using isa::Field;

/// Checks one instruction; keeps the first error.
class Verifier {
 public:
  Verifier(const Program& program, const isa::Instruction& in, int slots)
      : program_(program), design_(program.design), in_(in), slots_(slots) {}

  std::string Run() {
    Must(in_.Get(isa::kSlot) < uint32_t(slots_), isa::kSlot, "a slot");
    Must(in_.Get(isa::kPredicate) <= 2, isa::kPredicate, "a predicate");
    Must(in_.Get(isa::kStreamIndex) <= 3, isa::kStreamIndex, "an index");
    switch (in_.GetAs<isa::Opcode>(isa::kOpcode)) {
      case isa::Opcode::kEnd:
        Must(in_.Get(isa::kWait) == 0 && in_.Get(isa::kSignal) == 0, isa::kWait, "0 in END");
        break;
      case isa::Opcode::kMatvec:
        Matvec();
        break;
      case isa::Opcode::kDot:
      case isa::Opcode::kAccumulate:
        Int8();
        break;
      case isa::Opcode::kVector:
        Vector();
        break;
      default:
        Must(false, isa::kOpcode, "an opcode");
    }
    return error_;
  }

 private:
  void Must(bool ok, const Field& field, const char* rule) {
    if (ok || !error_.empty()) return;
    error_ = fmt::format("{} = {}: must be {}", field.name, in_.Get(field), rule);
  }

  /// Tokens that a unit may wait for and signal.
  void Tokens(uint32_t wait, uint32_t signal) {
    Must((in_.Get(isa::kWait) & ~wait) == 0, isa::kWait, "tokens to this unit");
    Must((in_.Get(isa::kSignal) & ~signal) == 0, isa::kSignal, "tokens of this unit");
  }

  bool dynamic() const { return in_.Get(isa::kDynamicLength) != 0; }
  /// Greatest length or row count.
  uint64_t Count(const Field& field) const {
    return dynamic() ? uint64_t(program_.context) : in_.Get(field);
  }

  void Stream(uint64_t beats) {
    const uint64_t greatest[] = {0, uint64_t(program_.context) - 1, uint64_t(program_.vocab) - 1,
                                 in_.Get(isa::kTagLimit)};
    const uint64_t index = greatest[in_.Get(isa::kStreamIndex)];
    if (tagged()) {
      const uint64_t elements = uint64_t(design_.vm_words) * design_.vector_lanes;
      Must(in_.Get(isa::kTagElement) < elements, isa::kTagElement, "inside VM");
    }
    const uint64_t last =
        in_.Get(isa::kStreamAddress) + index * in_.Get(isa::kStreamStride) + beats;
    Must(beats > 0 && last <= program_.total_beats, isa::kStreamAddress, "inside main memory");
    Must(dynamic() || in_.Get(isa::kStreamBeats) == beats, isa::kStreamBeats,
         "what the operands need");
  }

  bool tagged() const { return in_.GetAs<isa::Index>(isa::kStreamIndex) == isa::Index::kTag; }

  /// Streams of weights and of rows are at fixed addresses, but for rows that a tag picks.
  void FixedStream() {
    if (tagged() && in_.GetAs<isa::Opcode>(isa::kOpcode) == isa::Opcode::kDot) return;
    Must(in_.Get(isa::kStreamIndex) == 0, isa::kStreamIndex, "0 but for VECTOR and picked rows");
    Must(in_.Get(isa::kStreamStride) == 0, isa::kStreamStride, "0 but for VECTOR and picked rows");
  }

  void VmWords(const Field& address, uint64_t stride, uint64_t segments, uint64_t words) {
    Must(in_.Get(address) + stride * (segments - 1) + words <= uint64_t(design_.vm_words), address,
         "inside VM");
  }

  void Matvec() {
    Tokens(isa::kVectorToMatvec, isa::kMatvecToVector);
    FixedStream();
    const uint64_t beats = in_.Get(isa::kMvBeats);
    const uint64_t groups = in_.Get(isa::kMvGroups);
    Must(beats > 0, isa::kMvBeats, "above 0");
    Must(groups > 0, isa::kMvGroups, "above 0");
    Must(!dynamic(), isa::kDynamicLength, "0");
    if (!error_.empty()) return;
    Stream(beats * groups);
    Must(in_.Get(isa::kMvAm) + beats <= uint64_t(design_.am_words), isa::kMvAm, "inside AM");
    VmWords(isa::kMvDst, in_.Get(isa::kMvPitch), slots_,
            CeilDiv(int64_t(groups) * design_.ports, design_.vector_lanes));
  }

  void Int8() {
    Tokens(isa::kVectorToInt8, isa::kInt8ToVector);
    FixedStream();
    const bool dot = in_.Get(isa::kOpcode) == uint32_t(isa::Opcode::kDot);
    const uint64_t row_beats = in_.Get(isa::kI8RowBeats);
    const uint64_t rows = Count(isa::kI8Rows);
    const uint64_t queries = in_.Get(isa::kI8Queries);
    const uint64_t lanes = design_.int8_lanes();
    Must(row_beats > 0, isa::kI8RowBeats, "above 0");
    Must(rows > 0, isa::kI8Rows, "above 0");
    Must(queries > 0 && queries <= uint64_t(design_.queries), isa::kI8Queries, "1 to IQ");
    if (!error_.empty()) return;
    Stream(rows * row_beats);
    const uint64_t qm_words = dot ? row_beats : CeilDiv(int64_t(rows), int64_t(lanes));
    Must(in_.Get(isa::kI8Qm) + qm_words <= uint64_t(design_.qm_words), isa::kI8Qm, "inside QM");
    uint64_t words = CeilDiv(int64_t(rows), design_.vector_lanes);
    if (!dot) {
      words = in_.Get(isa::kI8OutWords);
      Must(words > 0 && words * design_.vector_lanes <= row_beats * lanes, isa::kI8OutWords,
           "1 to the words of a row");
      Must(row_beats * lanes <= std::max<uint64_t>(256, lanes), isa::kI8RowBeats,
           "at most 256 elements");
    }
    VmWords(isa::kI8Dst, in_.Get(isa::kI8Pitch), queries, words);
  }

  void Vector() {
    Tokens(isa::kMatvecToVector | isa::kInt8ToVector, isa::kVectorToMatvec | isa::kVectorToInt8);
    length_ = Count(isa::kVLength);
    segments_ = in_.Get(isa::kVSegments);
    Must(length_ > 0, isa::kVLength, "above 0");
    Must(segments_ > 0, isa::kVSegments, "above 0");
    Must(in_.Get(isa::kVB) <= uint32_t(isa::SourceB::kA), isa::kVB, "a source");
    Must(in_.Get(isa::kVCombine) <= uint32_t(isa::Combine::kTag), isa::kVCombine, "a combination");
    if (!error_.empty()) return;
    Sources();
    Combination();
    Norm();
    Reduction();
    Destination();
  }

  void Source(const Field& kind, uint32_t vm, uint32_t scalar, const Field& address,
              const Field& stride) {
    if (in_.Get(kind) == vm) {
      VmWords(address, in_.Get(stride), segments_, CeilDiv(int64_t(length_), design_.vector_lanes));
    } else if (in_.Get(kind) == scalar) {
      Must(in_.Get(address) + uint64_t(in_.Get(stride)) * (segments_ - 1) < isa::kScalarRegisters,
           address, "inside S");
    }
  }

  void Sources() {
    const auto a = in_.GetAs<isa::SourceA>(isa::kVA);
    const auto b = in_.GetAs<isa::SourceB>(isa::kVB);
    Source(isa::kVA, uint32_t(isa::SourceA::kVm), uint32_t(isa::SourceA::kScalar), isa::kVAAddress,
           isa::kVAStride);
    Source(isa::kVB, uint32_t(isa::SourceB::kVm), uint32_t(isa::SourceB::kScalar), isa::kVBAddress,
           isa::kVBStride);
    Source(isa::kVC, uint32_t(isa::SourceC::kVm), uint32_t(isa::SourceC::kScalar), isa::kVCAddress,
           isa::kVCStride);
    Must(a != isa::SourceA::kScalar || (length_ == 1 && !dynamic()), isa::kVA,
         "of length 1 when it is a scalar");
    Must(in_.Get(isa::kVAInt) == 0 || a == isa::SourceA::kVm, isa::kVAInt, "0 but for VM");
    const bool stream_a = a == isa::SourceA::kStreamF32 || a == isa::SourceA::kStreamI8;
    const bool stream_b = b == isa::SourceB::kStreamF32;
    const bool norm = in_.Get(isa::kVNorm) != 0;
    Must(!(stream_a && stream_b), isa::kVB, "no second stream");
    if (norm) {
      Must(!stream_a, isa::kVA, "no stream in a norm");
      Must(!stream_b && b != isa::SourceB::kNone, isa::kVB, "a source but the stream in a norm");
    }
    if (!stream_a && !stream_b && !norm) {
      Must(in_.Get(isa::kStreamBeats) == 0, isa::kStreamBeats, "0 without a stream");
      return;
    }
    const uint64_t size = a == isa::SourceA::kStreamI8 ? 1 : 4;
    Stream(segments_ * uint64_t(CeilDiv(int64_t(length_ * size), design_.wide_bytes())));
  }

  void Combination() {
    const auto c = in_.GetAs<isa::SourceC>(isa::kVC);
    const bool combines = in_.Get(isa::kVCombine) != uint32_t(isa::Combine::kNone);
    const auto reduce = in_.GetAs<isa::Reduce>(isa::kVReduce);
    const bool maximum = reduce == isa::Reduce::kMax || reduce == isa::Reduce::kAbsMax;
    if (!combines && maximum && c != isa::SourceC::kNone) {
      Must(c != isa::SourceC::kVm, isa::kVC, "a scalar or an immediate for an initial maximum");
      Must(in_.Get(isa::kVNegC) == 0, isa::kVNegC, "0 for an initial maximum");
      Must(in_.Get(isa::kVCStride) == 0, isa::kVCStride, "0 for an initial maximum");
      // It is read once: not where a result of the instruction could be there before.
      const bool apart = in_.Get(isa::kVJoin) != 0 &&
                         in_.GetAs<isa::Destination>(isa::kVDst) != isa::Destination::kScalar;
      Must(c != isa::SourceC::kScalar || apart, isa::kVC,
           "an immediate for a maximum that is not joined or beside a scalar destination");
      return;
    }
    Must((c != isa::SourceC::kNone) == combines, isa::kVCombine, "none exactly when C is absent");
  }

  void Norm() {
    const auto reduce = in_.GetAs<isa::Reduce>(isa::kVReduce);
    if (in_.Get(isa::kVJoin) != 0) {
      Must(reduce == isa::Reduce::kMax || reduce == isa::Reduce::kAbsMax, isa::kVJoin,
           "0 but for MAX and ABSMAX");
    }
    if (in_.Get(isa::kVNorm) == 0) {
      Must(in_.Get(isa::kVSumLast) == 0, isa::kVSumLast, "0 but for a norm");
      Must(in_.Get(isa::kVSumFrom) == 0, isa::kVSumFrom, "0 but for a norm");
      return;
    }
    Must(reduce == isa::Reduce::kAbsMax, isa::kVReduce, "ABSMAX in a norm");
    Must(in_.Get(isa::kVJoin) != 0, isa::kVJoin, "1 in a norm");
    Must(in_.GetAs<isa::Destination>(isa::kVDst) == isa::Destination::kVm, isa::kVDst,
         "VM in a norm");
    Must(in_.Get(isa::kVCombine) == 0, isa::kVCombine, "none in a norm");
    Must(in_.Get(isa::kVNegC) == 0, isa::kVNegC, "0 in a norm");
    Must(!dynamic(), isa::kDynamicLength, "0 in a norm");
    Must(in_.Get(isa::kVSumFrom) % uint32_t(design_.vector_lanes) == 0, isa::kVSumFrom,
         "a multiple of VL");
  }

  void Reduction() {
    if (in_.Get(isa::kVReduce) == uint32_t(isa::Reduce::kNone)) return;
    const uint64_t results = in_.Get(isa::kVJoin) != 0 ? 1 : segments_;
    Must(in_.Get(isa::kVReduceDst) + results <= isa::kScalarRegisters, isa::kVReduceDst,
         "inside S");
    if (in_.Get(isa::kVReduce) != uint32_t(isa::Reduce::kSum)) return;
    Must(in_.Get(isa::kVDst) == uint32_t(isa::Destination::kNone), isa::kVDst, "none with SUM");
    Must(in_.Get(isa::kVCombine) == uint32_t(isa::Combine::kNone), isa::kVCombine, "none with SUM");
  }

  void Destination() {
    const uint64_t address = in_.Get(isa::kVDAddress);
    const uint64_t stride = in_.Get(isa::kVDStride);
    switch (in_.GetAs<isa::Destination>(isa::kVDst)) {
      case isa::Destination::kNone:
        Must(in_.Get(isa::kVReduce) != 0, isa::kVDst, "some destination without a reduction");
        break;
      case isa::Destination::kVm:
        VmWords(isa::kVDAddress, stride, segments_,
                CeilDiv(int64_t(length_), design_.vector_lanes));
        break;
      case isa::Destination::kAm:
        Must(segments_ == 1, isa::kVSegments, "1 for AM");
        Must(address + CeilDiv(int64_t(length_), design_.lanes) <= uint64_t(design_.am_words),
             isa::kVDAddress, "inside AM");
        break;
      case isa::Destination::kQm:
        Must(in_.Get(isa::kVBank) + segments_ <= uint64_t(design_.queries), isa::kVBank,
             "inside the banks of QM");
        Must(
            address + CeilDiv(int64_t(length_), design_.int8_lanes()) <= uint64_t(design_.qm_words),
            isa::kVDAddress, "inside QM");
        break;
      case isa::Destination::kScalar:
        Must(length_ == 1 && !dynamic(), isa::kVLength, "1 for a scalar");
        Must(address + stride * (segments_ - 1) < isa::kScalarRegisters, isa::kVDAddress,
             "inside S");
        break;
      default:
        MemoryDestination(in_.GetAs<isa::Destination>(isa::kVDst));
    }
  }

  void MemoryDestination(isa::Destination to) {
    const int64_t last_position = program_.context - 1;
    uint64_t beats = 0;
    if (to == isa::Destination::kMemElement) {
      Must(length_ == 1 && segments_ == 1, isa::kVLength, "1 for one element");
      beats = uint64_t(4 * last_position / design_.wide_bytes()) + 1;
    } else {
      const int64_t size = to == isa::Destination::kMemI8 ? 1 : 4;
      beats = uint64_t(last_position) * in_.Get(isa::kVMemStride) +
              segments_ * CeilDiv(int64_t(length_) * size, design_.wide_bytes());
    }
    Must(in_.Get(isa::kVMemAddress) + beats <= program_.total_beats, isa::kVMemAddress,
         "inside main memory");
  }

  const Program& program_;
  const DesignParams& design_;
  const isa::Instruction& in_;
  int slots_;
  uint64_t length_ = 0;
  uint64_t segments_ = 0;
  std::string error_;
};

}  // namespace

std::string InstructionError(const Program& program, const isa::Instruction& instruction,
                             int slots) {
  return Verifier(program, instruction, slots).Run();
}

}  // namespace ternfab
