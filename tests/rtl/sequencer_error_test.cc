// SPDX-License-Identifier: Apache-2.0
// Every way in which a run is stopped, and what is possible afterwards.
#include <gtest/gtest.h>

#include <functional>

#include "Vunit_bench.h"
#include "codegen/registers.h"
#include "tests/rtl/program_samples.h"

namespace ternfab {
namespace {

using samples::Dot;
using samples::End;
using samples::kProgram;
using samples::kResults;
using samples::kStreams;
using samples::Matvec;
using samples::Vector;
using samples::VectorStore;
using samples::VectorStream;
using samples::With;
using Program = std::vector<isa::Instruction>;

RunArguments Count(uint32_t count) {
  RunArguments a;
  a.count = count;
  return a;
}

/// The run ends with `cause` at `index`; a further start is refused; after a soft reset all works.
void ExpectStopped(ControlDriver& d, ErrorCause cause, uint32_t index) {
  EXPECT_EQ(ErrorText(ErrorCause(d.error())), ErrorText(cause));
  EXPECT_EQ(d.error_index(), index);
  EXPECT_TRUE(d.memory().idle()) << "transactions left";
  EXPECT_EQ(d.ReadRegister(0x00), 4u) << "idle, done already read";

  const uint64_t beats = d.memory().read_beats(0);
  d.WriteRegister(0x00, 1);
  EXPECT_TRUE(d.WaitDone(100)) << "a refused start ends at once";
  EXPECT_EQ(ErrorText(ErrorCause(d.error())), ErrorText(cause));
  EXPECT_EQ(d.memory().read_beats(0), beats);

  d.bench().seq_tern_bad_code = 0;
  d.bench().seq_fault_token = 0;
  for (int p = 0; p < ControlDriver::kPorts; ++p) d.memory().port(p).SetFault(0, 0, kAxiOkay);
  d.memory().set_break_rlast(false);
  d.SoftReset();
  EXPECT_EQ(d.error(), 0u);
  EXPECT_EQ(d.error_index(), kNoInstruction);
  for (int u = 0; u < 3; ++u) d.set_hold(Unit(u), false);
  d.ClearRetired();
  d.Load(kProgram, {Matvec(kStreams, 3, 2), Dot(kStreams + 9, 2, 2), Vector(4), End()});
  ASSERT_TRUE(d.Run(kProgram, Count(1)));
  EXPECT_EQ(d.error(), 0u);
  ASSERT_EQ(d.retired().size(), 3u);
  for (const Retired& r : d.retired()) {
    for (size_t b = 0; b < r.beats.size(); ++b) {
      EXPECT_EQ(r.beats[b], d.memory().Beat(kStreams + (r.unit == Unit::kInt8 ? 9 : 0) + b));
    }
  }
  EXPECT_EQ(d.memory().Violations(), "");
}

/// Runs `program` (END is added) and expects it to stop.
void ExpectStops(Program program, ErrorCause cause, uint32_t index) {
  ControlDriver d;
  program.push_back(End());
  d.Load(kProgram, program);
  ASSERT_TRUE(d.Run(kProgram, Count(2)));
  ExpectStopped(d, cause, index);
}

TEST(SequencerError, UnknownOpcode) {
  for (const uint32_t opcode : {0x01u, 0x11u, 0x22u, 0x31u, 0xffu}) {
    ExpectStops({Vector(1), With(Vector(1), isa::kOpcode, opcode)}, ErrorCause::kBadOpcode, 1);
  }
}

struct Case {
  isa::Instruction instr;
  const isa::Field* field;
};

TEST(SequencerError, LengthsOfZero) {
  const isa::Instruction stream = VectorStream(kStreams, 5, 2, isa::SourceA::kStreamF32);
  for (const Case& c :
       {Case{Matvec(kStreams, 2, 2), &isa::kMvBeats}, Case{Matvec(kStreams, 2, 2), &isa::kMvGroups},
        Case{Dot(kStreams, 2, 2), &isa::kI8Rows}, Case{Dot(kStreams, 2, 2), &isa::kI8RowBeats},
        Case{Dot(kStreams, 2, 2), &isa::kI8Queries}, Case{Vector(3), &isa::kVLength},
        Case{Vector(3), &isa::kVSegments}, Case{stream, &isa::kVLength}}) {
    SCOPED_TRACE(c.field->name);
    isa::Instruction bad = With(c.instr, *c.field, 0);
    bad.Set(isa::kStreamBeats, StaticBeats(bad, ControlDriver::kWideBytes));
    ExpectStops({Vector(1), Vector(1), bad}, ErrorCause::kBadLength, 2);
  }
}

TEST(SequencerError, StreamBeatsThatContradictTheLengths) {
  for (const isa::Instruction& i : {Matvec(kStreams, 2, 2), Dot(kStreams, 2, 2),
                                    VectorStream(kStreams, 5, 2, isa::SourceA::kStreamI8)}) {
    const uint32_t beats = i.Get(isa::kStreamBeats);
    ExpectStops({With(i, isa::kStreamBeats, beats + 1)}, ErrorCause::kBadLength, 0);
    ExpectStops({With(i, isa::kStreamBeats, beats - 1)}, ErrorCause::kBadLength, 0);
  }
}

TEST(SequencerError, HeaderMagicVersionCount) {
  for (int kind = 0; kind < 3; ++kind) {
    ControlDriver d;
    d.Load(kProgram, {End()});
    d.LoadHeader(kProgram, kind == 0 ? isa::kMagic + 1 : isa::kMagic,
                 kind == 1 ? isa::kVersion + 1 : isa::kVersion, kind == 2 ? 0 : 1);
    ASSERT_TRUE(d.Run(kProgram, Count(1)));
    ExpectStopped(d, ErrorCause::kBadHeader, kNoInstruction);
  }
}

TEST(SequencerError, EndMustBeTheLastInstruction) {
  for (const bool early : {true, false}) {
    ControlDriver d;
    d.Load(kProgram, {Vector(1), early ? End() : Vector(1), Vector(1)});
    ASSERT_TRUE(d.Run(kProgram, Count(1)));
    ExpectStopped(d, ErrorCause::kBadHeader, early ? 1 : 2);
  }
}

TEST(SequencerError, CountOutOfRange) {
  for (const uint32_t count : {0u, 5u, 0xffffffffu}) {
    ControlDriver d;
    d.Load(kProgram, {End()});
    ASSERT_TRUE(d.Run(kProgram, Count(count)));
    EXPECT_EQ(d.memory().read_beats(0), 0u);
    ExpectStopped(d, ErrorCause::kBadCount, kNoInstruction);
  }
}

TEST(SequencerError, ReadResponses) {
  for (const auto& [resp, cause] : {std::pair{kAxiSlverr, ErrorCause::kReadSlverr},
                                    std::pair{kAxiDecerr, ErrorCause::kReadDecerr}}) {
    ControlDriver d;
    const uint64_t at = d.memory().base(2) + (kStreams + 50) * d.memory().port_bytes();
    d.memory().port(2).SetFault(at, at + 1, resp);
    d.Load(kProgram, {Vector(1), Matvec(kStreams, 10, 10), Matvec(kStreams, 3, 3), End()});
    ASSERT_TRUE(d.Run(kProgram, Count(1)));
    ExpectStopped(d, cause, 4);  // found when all were dispatched
  }
}

TEST(SequencerError, ProgramOutsideTheMemory) {
  ControlDriver d;
  ASSERT_TRUE(d.Run(uint32_t(ControlDriver::kBeats) + 10, Count(1)));
  ExpectStopped(d, ErrorCause::kReadDecerr, kNoInstruction);
}

TEST(SequencerError, MisplacedRlast) {
  ControlDriver d;
  d.memory().set_break_rlast(true);
  d.Load(kProgram, {Matvec(kStreams, 10, 10), End()});
  ASSERT_TRUE(d.Run(kProgram, Count(1)));
  ExpectStopped(d, ErrorCause::kReadProtocol, kNoInstruction);
}

TEST(SequencerError, WriteResponses) {
  for (const auto& [resp, cause] : {std::pair{kAxiSlverr, ErrorCause::kWriteSlverr},
                                    std::pair{kAxiDecerr, ErrorCause::kWriteDecerr}}) {
    ControlDriver d;
    const uint64_t at = d.memory().base(1) + kResults * d.memory().port_bytes();
    d.memory().port(1).SetFault(at, at + 1, resp);
    d.Load(kProgram, {VectorStore(kResults, 0, isa::Destination::kMemI8), End()});
    ASSERT_TRUE(d.Run(kProgram, Count(1)));
    ExpectStopped(d, cause, 2);
  }
}

TEST(SequencerError, WeightCode) {
  ControlDriver d;
  d.set_work(200, 100);
  d.Load(kProgram, {Vector(1), Matvec(kStreams, 10, 10), End()});
  d.Start(kProgram, Count(1));
  while (!d.bench().seq_tern_consumed) d.Step();
  d.bench().seq_tern_bad_code = 1;
  ASSERT_TRUE(d.WaitDone(3000));
  ExpectStopped(d, ErrorCause::kWeightCode, 1);
}

TEST(SequencerError, DeadlockAtEnd) {
  ExpectStops(
      {Vector(1), Matvec(kStreams, 2, 2), With(Vector(1), isa::kWait, isa::kMatvecToVector)},
      ErrorCause::kDeadlock, 2);
}

TEST(SequencerError, DeadlockNamesTheOldestBlockedInstruction) {
  ExpectStops({With(Vector(1), isa::kWait, isa::kInt8ToVector),
               With(Matvec(kStreams, 9, 9), isa::kWait, isa::kVectorToMatvec),
               With(Dot(kStreams, 9, 9), isa::kWait, isa::kVectorToInt8)},
              ErrorCause::kDeadlock, 0);
  ExpectStops({Vector(1), With(Dot(kStreams, 9, 9), isa::kWait, isa::kVectorToInt8),
               With(Vector(1), isa::kWait, isa::kInt8ToVector),
               With(Matvec(kStreams, 9, 9), isa::kWait, isa::kVectorToMatvec)},
              ErrorCause::kDeadlock, 1);
}

TEST(SequencerError, DeadlockWithFullQueues) {
  for (const bool weights : {false, true}) {
    const isa::Instruction each = weights ? Matvec(kStreams, 20, 20) : Vector(1);
    Program program = {With(each, isa::kWait, weights ? isa::kVectorToMatvec : isa::kInt8ToVector)};
    for (int i = 0; i < 40; ++i) program.push_back(each);
    ExpectStops(program, ErrorCause::kDeadlock, 0);
  }
}

TEST(SequencerError, DroppedTokenIsADeadlock) {
  ControlDriver d;
  d.bench().seq_fault_token = 1;
  d.Load(kProgram, {With(Vector(1), isa::kSignal, isa::kVectorToInt8),
                    With(Dot(kStreams, 1, 1), isa::kWait, isa::kVectorToInt8), End()});
  ASSERT_TRUE(d.Run(kProgram, Count(1)));
  ExpectStopped(d, ErrorCause::kDeadlock, 1);
}

class SoftReset : public testing::TestWithParam<int> {};

TEST_P(SoftReset, InMidRunDrainsAndLeavesNothing) {
  const int seed = GetParam();
  std::mt19937_64 random(seed);
  ControlDriver d(seed);
  d.memory().RandomTiming(seed, 150, 40);
  samples::RandomProgram source(seed);
  for (int round = 0; round < 4; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << " round " << round);
    d.Load(kProgram, source.Make(60));
    d.Start(kProgram, Count(1 + uint32_t(random() % 4)));
    d.Steps(int(random() % 4000));
    d.SoftReset();
    EXPECT_TRUE(d.memory().idle());
    EXPECT_EQ(d.ReadRegister(0x00), 4u);
    source = samples::RandomProgram(random());
  }
  d.ClearRetired();
  const Program program = samples::RandomProgram(seed).Make(40);
  d.Load(kProgram, program);
  const RunArguments arguments = Count(3);
  ASSERT_TRUE(d.Run(kProgram, arguments));
  EXPECT_EQ(d.error(), 0u) << ErrorText(ErrorCause(d.error())) << ", instruction "
                           << d.error_index();
  ASSERT_EQ(d.retired().size(), program.size() - 1);
  for (const Retired& r : d.retired()) {
    const Resolved want = Resolve(program[r.index], arguments, ControlDriver::kWideBytes);
    for (size_t b = 0; b < r.beats.size(); ++b) {
      EXPECT_EQ(r.beats[b], d.memory().Beat(want.addr + b)) << r.index;
    }
  }
  EXPECT_EQ(d.memory().Violations(), "");
}
INSTANTIATE_TEST_SUITE_P(Seeds, SoftReset, testing::Range(1, 13));

}  // namespace
}  // namespace ternfab
