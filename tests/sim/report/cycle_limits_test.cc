// SPDX-License-Identifier: Apache-2.0
#include "sim/report/cycle_limits.h"

#include <gtest/gtest.h>

#include "codegen/build_program.h"
#include "codegen/spec.h"
#include "tests/codegen/test_models.h"

namespace ternfab {
namespace {

constexpr uint8_t kTernary = 1, kInt8 = 2, kVector = 4;            // units
constexpr uint8_t kBeatI = 1, kBeatV = 2, kBeatK = 4, kBeatW = 8;  // clients

/// A run whose cycles are made up; instructions are those of a small model.
class CycleLimitsTest : public testing::Test {
 protected:
  CycleLimitsTest() {
    const HardwareSpec spec = *FindSpec("nano");
    const Expected<Program> program = BuildProgram(RandomModel(SmallConfig(), 1), spec);
    program_ = *program;
    arguments_.position = 6;
    accountant_.Begin(program_.decode, program_.design, arguments_);
  }

  /// First instruction of an opcode and part that has a stream or, for vectors, has none.
  uint32_t Find(isa::Opcode opcode, Part part, bool stream = true) const {
    for (uint32_t i = 0; i < program_.decode.instructions.size(); ++i) {
      const isa::Instruction& in = program_.decode.instructions[i];
      if (in.GetAs<isa::Opcode>(isa::kOpcode) == opcode &&
          (in.Get(isa::kStreamBeats) != 0) == stream &&
          program_.decode.notes[i].place.part == part) {
        return i;
      }
    }
    ADD_FAILURE() << "no such instruction";
    return 0;
  }
  ModelPlace PlaceOf(uint32_t index) const { return program_.decode.notes[index].place; }

  /// Adds a cycle with these instructions at the heads and expects that exactly one cell grew.
  void Expect(CycleActivity activity, Cause cause, ModelPlace place, uint64_t cycles = 1) {
    const LimitTable before = accountant_.table();
    accountant_.Add(activity, cycles);
    LimitTable want = before;
    want.Add(place, cause, cycles);
    EXPECT_TRUE(accountant_.table() == want) << CauseName(cause);
    EXPECT_EQ(accountant_.table().total(), before.total() + cycles);
  }

  CycleActivity At(uint8_t head) const {
    CycleActivity activity;
    activity.head = head;
    activity.index = {qkv_, dot_, add_};
    return activity;
  }

  Program program_;
  RunArguments arguments_;
  CycleAccountant accountant_;
  uint32_t qkv_ = 0, dot_ = 0, add_ = 0;
};

TEST_F(CycleLimitsTest, TakesTheFirstCauseThatHolds) {
  qkv_ = Find(isa::Opcode::kMatvec, Part::kQkv);
  dot_ = Find(isa::Opcode::kDot, Part::kAttention);
  add_ = Find(isa::Opcode::kVector, Part::kOutput, false);
  Expect(At(0), Cause::kControl, {}, 5);
  CycleActivity a = At(0);
  a.beat = kBeatI;
  Expect(a, Cause::kControl, {});
  Expect(At(kInt8 | kVector), Cause::kDependence, PlaceOf(std::min(dot_, add_)));
  Expect(At(kVector), Cause::kDependence, PlaceOf(add_));
  a = At(kTernary | kInt8 | kVector);
  a.issue = kVector;
  Expect(a, Cause::kVector, PlaceOf(add_));
  a.issue = kInt8;  // the vector unit goes on
  Expect(a, Cause::kInt8, PlaceOf(dot_));
  a.issue = kTernary;
  Expect(a, Cause::kEngine, PlaceOf(qkv_));
  a.issue = 0;
  Expect(a, Cause::kEngine, PlaceOf(qkv_), 7);
  a.beat = kBeatK;  // rows of the KV cache are no head
  Expect(a, Cause::kEngine, PlaceOf(qkv_));
  a.beat = 0;
  a.starved = kBeatI | kBeatV;  // the vector instruction has no stream
  Expect(a, Cause::kEngine, PlaceOf(qkv_));
  a.starved = kBeatK;
  Expect(a, Cause::kMemory, PlaceOf(dot_));
  a.starved = kBeatK | kBeatW;
  Expect(a, Cause::kMemory, PlaceOf(qkv_));
  a.starved = kBeatK;
  a.beat = kBeatW;
  Expect(a, Cause::kWeights, PlaceOf(qkv_), 3);
  EXPECT_EQ(accountant_.first_beats(), 3u);
  EXPECT_EQ(accountant_.weight_beats(), 3u);
  EXPECT_EQ(accountant_.weight_cycles(), accountant_.table().total());
  // An instruction's last cycle is its own; the next one is not.
  a = At(kTernary);
  a.retire = kTernary | kInt8;
  Expect(a, Cause::kEngine, PlaceOf(qkv_));
  a.retire = kVector;
  Expect(a, Cause::kVector, PlaceOf(add_));
  a.retire = 0;
  Expect(a, Cause::kDependence, PlaceOf(qkv_));
}

TEST_F(CycleLimitsTest, TellsTheHeadFromTheCache) {
  dot_ = Find(isa::Opcode::kDot, Part::kHead);
  CycleActivity a = At(kInt8);
  a.issue = kInt8;
  Expect(a, Cause::kInt8, PlaceOf(dot_));
  a.issue = 0;
  a.beat = kBeatK;
  Expect(a, Cause::kHead, PlaceOf(dot_), 4);
  qkv_ = Find(isa::Opcode::kMatvec, Part::kDown);
  a = At(kInt8 | kTernary);
  a.beat = kBeatK | kBeatW;
  Expect(a, Cause::kWeights, PlaceOf(qkv_));
  EXPECT_EQ(accountant_.first_beats(), 6u);
  EXPECT_EQ(accountant_.weight_beats(), 1u);
}

TEST_F(CycleLimitsTest, TheVectorUnitWaitsForItsOwnBeatsOnly) {
  // The embedding's streams are the first of the program: RoPE row, scale, row.
  add_ = 0;
  const uint64_t beats = program_.decode.instructions[0].Get(isa::kStreamBeats);
  CycleActivity a = At(kVector);
  a.issue = kVector;
  a.starved = kBeatV;
  Expect(a, Cause::kMemory, PlaceOf(0));
  a.issue = 0;
  a.starved = 0;
  a.beat = kBeatV;
  Expect(a, Cause::kVector, PlaceOf(0), beats - 1);
  a.beat = 0;
  a.starved = kBeatV;
  Expect(a, Cause::kMemory, PlaceOf(0), 9);
  a.beat = kBeatV;
  a.starved = 0;
  Expect(a, Cause::kVector, PlaceOf(0));
  a.beat = 0;
  a.starved = kBeatV;
  a.retire = kVector;
  Expect(a, Cause::kVector, PlaceOf(0), 1);
  add_ = 1;
  a = At(kVector);
  a.issue = kVector;
  a.starved = kBeatV;
  Expect(a, Cause::kMemory, PlaceOf(1));
}

TEST(LimitTable, AddsUp) {
  LimitTable a, b;
  a.Add({Part::kDown, 3}, Cause::kWeights, 5);
  a.Add({}, Cause::kControl, 2);
  b.Add({Part::kDown, 7}, Cause::kMemory, 1);
  EXPECT_FALSE(a == b);
  b.Add(a);
  EXPECT_EQ(b.total(), 8u);
  EXPECT_EQ(b.layers(), 8);
  EXPECT_EQ(b.OfPart(Part::kDown)[size_t(Cause::kWeights)], 5u);
  EXPECT_EQ(b.OfPart(Part::kDown)[size_t(Cause::kMemory)], 1u);
  EXPECT_EQ(b.OfLayer(7)[size_t(Cause::kMemory)], 1u);
  EXPECT_EQ(b.OfLayer(-1)[size_t(Cause::kControl)], 2u);
  EXPECT_EQ(b.OfLayer(5), CauseCycles{});
  // Rows without cycles do not count.
  LimitTable c = a;
  c.Add({Part::kHead, 11}, Cause::kHead, 0);
  EXPECT_TRUE(a == c);
}

}  // namespace
}  // namespace ternfab
