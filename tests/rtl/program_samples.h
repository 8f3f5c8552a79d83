// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <random>
#include <vector>

#include "tests/rtl/control_driver.h"

// Small instructions and random programs for tests of the sequencer. Streams lie in wide beats
// [kStreams, kStreams + 4000), results in [kResults, ...).

namespace ternfab::samples {

inline constexpr uint32_t kProgram = 8;
inline constexpr uint32_t kStreams = 6000;
inline constexpr uint32_t kResults = 12000;

inline isa::Instruction End() {
  isa::Instruction i;
  i.Set(isa::kOpcode, isa::Opcode::kEnd);
  return i;
}

inline isa::Instruction Matvec(uint32_t addr, uint32_t groups, uint32_t beats) {
  isa::Instruction i;
  i.Set(isa::kOpcode, isa::Opcode::kMatvec);
  i.Set(isa::kStreamAddress, addr);
  i.Set(isa::kStreamBeats, groups * beats);
  i.Set(isa::kMvGroups, groups);
  i.Set(isa::kMvBeats, beats);
  return i;
}

inline isa::Instruction Dot(uint32_t addr, uint32_t rows, uint32_t row_beats,
                            isa::Opcode opcode = isa::Opcode::kDot) {
  isa::Instruction i;
  i.Set(isa::kOpcode, opcode);
  i.Set(isa::kStreamAddress, addr);
  i.Set(isa::kStreamBeats, rows * row_beats);
  i.Set(isa::kI8Rows, rows);
  i.Set(isa::kI8RowBeats, row_beats);
  i.Set(isa::kI8Queries, 1);
  return i;
}

/// VM to VM.
inline isa::Instruction Vector(uint32_t length, uint32_t segments = 1) {
  isa::Instruction i;
  i.Set(isa::kOpcode, isa::Opcode::kVector);
  i.Set(isa::kVLength, length);
  i.Set(isa::kVSegments, segments);
  i.Set(isa::kVDst, isa::Destination::kVm);
  return i;
}

inline isa::Instruction VectorStream(uint32_t addr, uint32_t length, uint32_t segments,
                                     isa::SourceA a) {
  isa::Instruction i = Vector(length, segments);
  i.Set(isa::kVA, a);
  if (a == isa::SourceA::kVm) i.Set(isa::kVB, isa::SourceB::kStreamF32);
  if (a == isa::SourceA::kScalar) i.Set(isa::kVNorm, 1);  // the weights
  i.Set(isa::kStreamAddress, addr);
  i.Set(isa::kStreamBeats, StaticBeats(i, ControlDriver::kWideBytes));
  return i;
}

inline isa::Instruction VectorStore(uint32_t addr, uint32_t stride, isa::Destination dst) {
  isa::Instruction i = Vector(1);
  i.Set(isa::kVDst, dst);
  i.Set(isa::kVMemAddress, addr);
  i.Set(isa::kVMemStride, stride);
  return i;
}

inline isa::Instruction With(isa::Instruction i, const isa::Field& field, uint32_t value) {
  i.Set(field, value);
  return i;
}

/// A program that every order of finishing units can execute: an instruction waits only for
/// tokens that earlier ones signal.
class RandomProgram {
 public:
  explicit RandomProgram(uint64_t seed) : random_(seed) {}

  std::vector<isa::Instruction> Make(int length) {
    std::vector<isa::Instruction> program;
    for (int i = 0; i < length; ++i) program.push_back(Next());
    program.push_back(End());
    return program;
  }

 private:
  uint32_t Below(uint32_t n) { return uint32_t(random_() % n); }
  uint32_t Addr() { return kStreams + Below(2500); }

  isa::Instruction Next() {
    const uint32_t kind = Below(5);
    isa::Instruction i;
    if (kind == 0) i = Matvec(Addr(), 1 + Below(6), 1 + Below(9));
    if (kind == 1) i = Dot(Addr(), 1 + Below(20), 1 + Below(3));
    if (kind == 2) i = Dot(Addr(), 1 + Below(20), 1 + Below(3), isa::Opcode::kAccumulate);
    if (kind == 3) i = VectorStream(Addr(), 1 + Below(70), 1 + Below(3), isa::SourceA(Below(4)));
    if (kind == 4) {
      const auto dst = isa::Destination(uint32_t(isa::Destination::kMemF32) + Below(4));
      i = VectorStore(kResults + Below(1000), Below(9), dst);
    }
    i.Set(isa::kSlot, Below(ControlDriver::kBatch));
    i.Set(isa::kPredicate, Below(3));
    if (kind != 0) i.Set(isa::kDynamicLength, Below(2));
    i.Set(isa::kStreamIndex, Below(3));
    i.Set(isa::kStreamStride, Below(20));
    if (kind != 0 && kind != 4) i.Set(isa::kDependent, Below(2));
    AddTokens(i, kind == 0 ? 0 : kind <= 2 ? 1 : 2);
    return i;
  }

  /// unit: 0 ternary, 1 int8, 2 vector.
  void AddTokens(isa::Instruction& i, int unit) {
    static constexpr std::array<uint32_t, 3> kTakes = {isa::kVectorToMatvec, isa::kVectorToInt8,
                                                       isa::kMatvecToVector | isa::kInt8ToVector};
    static constexpr std::array<uint32_t, 3> kPuts = {isa::kMatvecToVector, isa::kInt8ToVector,
                                                      isa::kVectorToMatvec | isa::kVectorToInt8};
    uint32_t wait = 0;
    const uint32_t signal = Below(16) & kPuts[unit];
    for (int k = 0; k < 4; ++k) {
      if ((kTakes[unit] >> k & 1) != 0 && tokens_[k] > 0 && Below(2) == 0) {
        wait |= 1u << k;
        --tokens_[k];
      }
    }
    for (int k = 0; k < 4; ++k) tokens_[k] += int(signal >> k & 1);
    i.Set(isa::kWait, wait);
    i.Set(isa::kSignal, signal);
  }

  std::mt19937_64 random_;
  std::array<int, 4> tokens_{};
};

}  // namespace ternfab::samples
