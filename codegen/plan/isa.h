// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "common/head_result.h"

// The instruction set of the generated accelerators: the one definition that the planner, the
// emulator, the driver and (through rtl/tf_isa_pkg.sv, written from this table) the RTL read.
// docs/isa.md explains it.

namespace ternfab::isa {

inline constexpr uint32_t kVersion = 3;
inline constexpr uint32_t kMagic = 0x53494654;  ///< "TFIS", first word of a program's header
inline constexpr int kInstructionWords = 16;    ///< 32-bit words
inline constexpr int kInstructionBytes = 4 * kInstructionWords;
inline constexpr int kScalarRegisters = 256;
inline constexpr int kMaxBatch = 8;
inline constexpr int kPartialSums = 64;  ///< strided partial sums of a SUM reduction

enum class Opcode : uint32_t {
  kEnd = 0x00,
  kMatvec = 0x10,
  kDot = 0x20,
  kAccumulate = 0x21,
  kVector = 0x30
};
enum class Predicate : uint32_t { kAlways = 0, kSlotActive = 1, kSlotLast = 2 };

/// Dependence tokens; bit of the wait and signal masks.
enum Token : uint32_t {
  kMatvecToVector = 1,
  kVectorToMatvec = 2,
  kInt8ToVector = 4,
  kVectorToInt8 = 8
};

/// What a dynamic address is multiplied with. kTag: what the tag of a VM element stands for
/// (TagIndex of common/head_result.h).
enum class Index : uint32_t { kZero = 0, kPosition = 1, kToken = 2, kTag = 3 };

enum class SourceA : uint32_t { kVm = 0, kStreamF32 = 1, kStreamI8 = 2, kScalar = 3 };
enum class SourceB : uint32_t {
  kNone = 0,
  kScalar = 1,
  kImmediate = 2,
  kVm = 3,
  kStreamF32 = 4,
  kA = 5
};
enum class SourceC : uint32_t { kNone = 0, kScalar = 1, kImmediate = 2, kVm = 3 };
enum class Combine : uint32_t {
  kNone = 0,         ///< r = m
  kAdd = 1,          ///< r = m + c
  kMax = 2,          ///< r = max(m, c)
  kMin = 3,          ///< r = min(m, c)
  kSubShift = 4,     ///< bits(r) = bits(c) - (bits(m) >> 1)   unsigned, modulo 2^32
  kSub = 5,          ///< bits(r) = bits(c) - bits(m)
  kAddExponent = 6,  ///< bits(r) = bits(m) + (bits(c) << 23)
  kTag = 7           ///< r = Tagged(m, c) (common/head_result.h)
};
enum class Reduce : uint32_t { kNone = 0, kSum = 1, kMax = 2, kAbsMax = 3 };
enum class Destination : uint32_t {
  kNone = 0,
  kVm = 1,
  kAm = 2,
  kQm = 3,
  kMemF32 = 4,
  kMemI8 = 5,
  kScalar = 6,
  kMemElement = 7
};

/// `width` bits from bit `lsb` of word `word`.
struct Field {
  const char* name;
  int word;
  int lsb;
  int width;
};

// Word 0 is common to all units.
inline constexpr Field kOpcode{"Opcode", 0, 0, 8};
inline constexpr Field kWait{"Wait", 0, 8, 4};
inline constexpr Field kSignal{"Signal", 0, 12, 4};
inline constexpr Field kPredicate{"Predicate", 0, 16, 2};
inline constexpr Field kSlot{"Slot", 0, 18, 3};
inline constexpr Field kDependent{"Dependent", 0, 21, 1};
inline constexpr Field kDynamicLength{"DynamicLength", 0, 22, 1};
inline constexpr Field kStreamIndex{"StreamIndex", 0, 23, 2};
// Streams (weights of kMatvec, rows of kDot/kAccumulate, operand of kVector), wide beats.
inline constexpr Field kStreamAddress{"StreamAddress", 1, 0, 32};
inline constexpr Field kStreamBeats{"StreamBeats", 2, 0, 32};
inline constexpr Field kStreamStride{"StreamStride", 3, 0, 32};
// kMatvec
inline constexpr Field kMvBeats{"MvBeats", 4, 0, 16};
inline constexpr Field kMvAm{"MvAm", 4, 16, 16};
inline constexpr Field kMvGroups{"MvGroups", 5, 0, 32};
inline constexpr Field kMvDst{"MvDst", 6, 0, 20};
inline constexpr Field kMvPitch{"MvPitch", 7, 0, 20};
// kDot, kAccumulate
inline constexpr Field kI8RowBeats{"I8RowBeats", 4, 0, 16};
inline constexpr Field kI8Qm{"I8Qm", 4, 16, 16};
inline constexpr Field kI8Rows{"I8Rows", 5, 0, 32};
inline constexpr Field kI8Dst{"I8Dst", 6, 0, 20};
inline constexpr Field kI8Pitch{"I8Pitch", 7, 0, 20};
inline constexpr Field kI8Queries{"I8Queries", 8, 0, 4};
inline constexpr Field kI8OutWords{"I8OutWords", 8, 16, 16};
// kVector
inline constexpr Field kVA{"VA", 4, 0, 2};
inline constexpr Field kVAInt{"VAInt", 4, 2, 1};
inline constexpr Field kVB{"VB", 4, 3, 3};
inline constexpr Field kVC{"VC", 4, 6, 2};
inline constexpr Field kVCombine{"VCombine", 4, 8, 3};
inline constexpr Field kVNegA{"VNegA", 4, 11, 1};
inline constexpr Field kVNegC{"VNegC", 4, 12, 1};
inline constexpr Field kVReduce{"VReduce", 4, 13, 2};
inline constexpr Field kVDst{"VDst", 4, 15, 3};
inline constexpr Field kVBank{"VBank", 4, 18, 3};
inline constexpr Field kVJoin{"VJoin", 4, 21, 1};
inline constexpr Field kVNorm{"VNorm", 4, 22, 1};
inline constexpr Field kVSumLast{"VSumLast", 4, 23, 1};
inline constexpr Field kVReduceDst{"VReduceDst", 4, 24, 8};
inline constexpr Field kVLength{"VLength", 5, 0, 20};
inline constexpr Field kVSegments{"VSegments", 5, 20, 12};
inline constexpr Field kVAAddress{"VAAddress", 6, 0, 20};
inline constexpr Field kVAStride{"VAStride", 6, 20, 12};
inline constexpr Field kVBAddress{"VBAddress", 7, 0, 20};
inline constexpr Field kVBStride{"VBStride", 7, 20, 12};
inline constexpr Field kVCAddress{"VCAddress", 8, 0, 20};
inline constexpr Field kVCStride{"VCStride", 8, 20, 12};
inline constexpr Field kVDAddress{"VDAddress", 9, 0, 20};
inline constexpr Field kVDStride{"VDStride", 9, 20, 12};
inline constexpr Field kVBImmediate{"VBImmediate", 10, 0, 32};
inline constexpr Field kVCImmediate{"VCImmediate", 11, 0, 32};
inline constexpr Field kVMemAddress{"VMemAddress", 12, 0, 32};
inline constexpr Field kVMemStride{"VMemStride", 13, 0, 32};
// Streams with Index::kTag
inline constexpr Field kTagElement{"TagElement", 14, 0, 24};
inline constexpr Field kTagLimit{"TagLimit", 15, 0, kTagBits};
// kVector with kVNorm
inline constexpr Field kVSumDst{"VSumDst", 14, 24, 8};
inline constexpr Field kVSumFrom{"VSumFrom", 15, 24, 7};

inline constexpr std::array kFields = {kOpcode,        kWait,         kSignal,
                                       kPredicate,     kSlot,         kDependent,
                                       kDynamicLength, kStreamIndex,  kStreamAddress,
                                       kStreamBeats,   kStreamStride, kMvBeats,
                                       kMvAm,          kMvGroups,     kMvDst,
                                       kMvPitch,       kI8RowBeats,   kI8Qm,
                                       kI8Rows,        kI8Dst,        kI8Pitch,
                                       kI8Queries,     kI8OutWords,   kVA,
                                       kVAInt,         kVB,           kVC,
                                       kVCombine,      kVNegA,        kVNegC,
                                       kVReduce,       kVDst,         kVBank,
                                       kVJoin,         kVNorm,        kVSumLast,
                                       kVReduceDst,    kVLength,      kVSegments,
                                       kVAAddress,     kVAStride,     kVBAddress,
                                       kVBStride,      kVCAddress,    kVCStride,
                                       kVDAddress,     kVDStride,     kVBImmediate,
                                       kVCImmediate,   kVMemAddress,  kVMemStride,
                                       kTagElement,    kTagLimit,     kVSumDst,
                                       kVSumFrom};

/// One instruction as it lies in memory (little-endian words).
struct Instruction {
  std::array<uint32_t, kInstructionWords> words{};

  uint32_t Get(const Field& f) const {
    const uint32_t mask = f.width == 32 ? 0xffffffffu : (1u << f.width) - 1;
    return (words[f.word] >> f.lsb) & mask;
  }
  template <class E>
  E GetAs(const Field& f) const {
    return static_cast<E>(Get(f));
  }
  /// `value` must fit in the field (checked by the planner through Fits).
  template <class T>
  void Set(const Field& f, T value) {
    const uint32_t mask = f.width == 32 ? 0xffffffffu : (1u << f.width) - 1;
    words[f.word] =
        (words[f.word] & ~(mask << f.lsb)) | ((static_cast<uint32_t>(value) & mask) << f.lsb);
  }
  bool operator==(const Instruction&) const = default;
};

/// Whether the instruction reads a stream of main memory.
inline bool HasStream(const Instruction& in) {
  const auto opcode = in.GetAs<Opcode>(kOpcode);
  if (opcode != Opcode::kVector) return opcode != Opcode::kEnd;
  const auto a = in.GetAs<SourceA>(kVA);
  return a == SourceA::kStreamF32 || a == SourceA::kStreamI8 ||
         in.GetAs<SourceB>(kVB) == SourceB::kStreamF32 || in.Get(kVNorm) != 0;
}

/// kVSumFrom of a norm whose sum has had so many elements before.
constexpr uint32_t SumFrom(uint64_t elements) {
  constexpr uint64_t kSums = kPartialSums;
  return uint32_t(elements < kSums ? elements : kSums + elements % kSums);
}

constexpr bool Fits(const Field& f, uint64_t value) {
  return f.width >= 32 ? value <= 0xffffffffu : value < (uint64_t{1} << f.width);
}

/// Words of a program's header, which precedes its instructions and has an instruction's size.
inline constexpr int kHeaderMagic = 0;
inline constexpr int kHeaderVersion = 1;
inline constexpr int kHeaderCount = 2;  ///< instructions that follow, kEnd included

}  // namespace ternfab::isa
