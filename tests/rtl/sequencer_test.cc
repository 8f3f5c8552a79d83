// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

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

constexpr uint32_t kWide = ControlDriver::kWideBytes;

RunArguments Arguments(uint32_t position, uint32_t count) {
  RunArguments a;
  a.position = position;
  a.count = count;
  for (int i = 0; i < isa::kMaxBatch; ++i) a.tokens[i] = 11u * i + 3;
  return a;
}

void SetTiming(ControlDriver& d, const AxiTiming& timing) {
  for (int p = 0; p < ControlDriver::kPorts; ++p) d.memory().SetTiming(p, timing);
}

void SetLatency(ControlDriver& d, int cycles) {
  AxiTiming timing;
  timing.latency_cycles = cycles;
  SetTiming(d, timing);
}

/// Compares what the units got with docs/isa.md, instruction by instruction.
void ExpectExecuted(ControlDriver& d, const std::vector<isa::Instruction>& program,
                    const RunArguments& arguments, bool compare_beats = true) {
  std::array<std::vector<const Retired*>, 3> got;
  for (const Retired& r : d.retired()) got[int(r.unit)].push_back(&r);
  std::array<size_t, 3> next{};
  for (size_t i = 0; i + 1 < program.size(); ++i) {
    SCOPED_TRACE(testing::Message() << "instruction " << i);
    const Resolved want = Resolve(program[i], arguments, kWide);
    const int u = int(want.unit);
    ASSERT_LT(next[u], got[u].size());
    const Retired& r = *got[u][next[u]++];
    EXPECT_EQ(r.index, i);
    EXPECT_EQ(r.instr, program[i]);
    EXPECT_EQ(r.skip, want.skip);
    if (want.unit != Unit::kTernary) {
      EXPECT_EQ(r.length, want.length);
    }
    const auto dst = program[i].GetAs<isa::Destination>(isa::kVDst);
    if (want.unit == Unit::kVector && dst >= isa::Destination::kMemF32 &&
        dst != isa::Destination::kScalar) {
      EXPECT_EQ(r.mem_addr, want.mem_addr);
      if (dst == isa::Destination::kMemElement) {
        EXPECT_EQ(r.mem_elem, want.mem_elem);
      }
    }
    ASSERT_EQ(r.beats.size(), want.stream ? want.beats : 0);
    for (size_t b = 0; compare_beats && b < r.beats.size(); ++b) {
      EXPECT_EQ(r.beats[b], d.memory().Beat(want.addr + b)) << "beat " << b;
    }
  }
  for (int u = 0; u < 3; ++u) EXPECT_EQ(next[u], got[u].size());
}

void RunAndCompare(ControlDriver& d, const std::vector<isa::Instruction>& program,
                   const RunArguments& arguments) {
  d.Load(kProgram, program);
  d.ClearRetired();
  ASSERT_TRUE(d.Run(kProgram, arguments));
  EXPECT_EQ(d.error(), 0u) << ErrorText(ErrorCause(d.error())) << ", instruction "
                           << d.error_index();
  ExpectExecuted(d, program, arguments);
  EXPECT_EQ(d.ReadCounter(1), program.size());
  EXPECT_EQ(d.memory().Violations(), "");
}

class RandomPrograms : public testing::TestWithParam<int> {};

TEST_P(RandomPrograms, UnitsGetWhatTheIsaSays) {
  const int seed = GetParam();
  std::mt19937_64 random(seed);
  ControlDriver d(seed);
  d.memory().RandomTiming(seed, seed % 3 == 0 ? 200 : 20, 30);
  d.set_work(int(random() % 60), 20 + int(random() % 81));
  samples::RandomProgram source(seed);
  for (int run = 0; run < 3; ++run) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << " run " << run);
    RunAndCompare(d, source.Make(1 + int(random() % 80)),
                  Arguments(uint32_t(random() % 60), 1 + uint32_t(random() % 4)));
    source = samples::RandomProgram(random());
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, RandomPrograms, testing::Range(1, 17));

TEST(Sequencer, OnlyEnd) {
  ControlDriver d;
  RunAndCompare(d, {End()}, Arguments(0, 1));
}

TEST(Sequencer, OneInstructionInSevenCycles) {
  ControlDriver d;
  d.set_work(0, 100);
  const std::vector<isa::Instruction> one = {Vector(1), End()};
  std::vector<isa::Instruction> many(101, Vector(1));
  many.push_back(End());
  RunAndCompare(d, one, Arguments(0, 1));
  const uint64_t first = d.ReadCounter(0);
  RunAndCompare(d, many, Arguments(0, 1));
  EXPECT_EQ(d.ReadCounter(0) - first, 700u);
}

TEST(Sequencer, PredicatesFollowCount) {
  ControlDriver d;
  for (uint32_t count = 1; count <= 4; ++count) {
    std::vector<isa::Instruction> program;
    for (uint32_t slot = 0; slot < 8; ++slot) {
      for (uint32_t predicate = 0; predicate < 3; ++predicate) {
        program.push_back(
            With(With(Matvec(kStreams, 1, 2), isa::kSlot, slot), isa::kPredicate, predicate));
      }
    }
    program.push_back(End());
    RunAndCompare(d, program, Arguments(5, count));
    EXPECT_EQ(d.bench().seq_count, count);
    int executed = 0;
    for (const Retired& r : d.retired()) executed += int(!r.skip);
    EXPECT_EQ(executed, 8 + int(count) + 1);
  }
}

TEST(Sequencer, DynamicLengthsAtBeatEdges) {
  ControlDriver d;
  for (const uint32_t position : {0u, 1u, kWide / 4 - 2, kWide / 4 - 1, kWide / 4, kWide - 2,
                                  kWide - 1, kWide, 4 * kWide - 1}) {
    std::vector<isa::Instruction> program;
    for (const uint32_t slot : {0u, 1u, 3u}) {
      for (const isa::Instruction& i :
           {Dot(kStreams, 3, 2), VectorStream(kStreams + 7, 5, 1, isa::SourceA::kStreamF32),
            VectorStream(kStreams + 9, 5, 3, isa::SourceA::kStreamI8),
            VectorStream(kStreams + 9, 5, 2, isa::SourceA::kVm)}) {
        program.push_back(With(With(i, isa::kSlot, slot), isa::kDynamicLength, 1));
      }
    }
    program.push_back(End());
    RunAndCompare(d, program, Arguments(position, 4));
  }
}

TEST(Sequencer, ElementStoresAtBeatEdges) {
  ControlDriver d;
  for (const uint32_t position : {0u, kWide / 4 - 1, kWide / 4, 3 * kWide / 4 + 1}) {
    std::vector<isa::Instruction> program;
    for (uint32_t slot = 0; slot < 4; ++slot) {
      program.push_back(
          With(VectorStore(kResults, 77, isa::Destination::kMemElement), isa::kSlot, slot));
    }
    program.push_back(End());
    RunAndCompare(d, program, Arguments(position, 4));
    EXPECT_EQ(d.retired()[0].mem_elem, position % (kWide / 4));
    EXPECT_EQ(d.retired()[0].mem_addr, kResults + position / (kWide / 4));
  }
}

TEST(Sequencer, LargeProductsWrapAt32Bits) {
  ControlDriver d;
  isa::Instruction store = VectorStore(0xfffff000u, 0x10001u, isa::Destination::kMemF32);
  const uint32_t position = 0x80000003u;
  // 0xfffff000 + 0x80000003 * 0x10001 modulo 2^32, chosen to come out inside the memory below.
  const uint32_t product = uint32_t(uint64_t{position} * 0x10001u);
  store.Set(isa::kVMemAddress, 9000u - product);
  isa::Instruction read = With(Matvec(100u - product, 2, 3), isa::kStreamIndex, 1);
  read.Set(isa::kStreamStride, 0x10001u);
  RunAndCompare(d, {store, read, End()}, Arguments(position, 1));
  EXPECT_EQ(d.retired().size(), 2u);
  EXPECT_EQ(d.memory().Beat(9000), std::vector<uint8_t>(kWide, 0));
}

TEST(Sequencer, DependentStreamsSeeEarlierWrites) {
  for (int seed = 1; seed <= 6; ++seed) {
    ControlDriver d(seed);
    AxiTiming timing;
    timing.latency_cycles = 3;
    timing.write_latency_cycles = 30 * seed;  // a read that does not wait overtakes the write
    timing.stall_percent = 10;
    SetTiming(d, timing);
    std::vector<isa::Instruction> program;
    for (int i = 0; i < 20; ++i) {
      // The same beat again and again: an early fetch would see the value of the round before.
      isa::Instruction store = VectorStore(kResults, 0, isa::Destination::kMemI8);
      store.Set(isa::kWait, i == 0 ? 0u : uint32_t(isa::kInt8ToVector));
      store.Set(isa::kSignal, isa::kVectorToInt8);
      isa::Instruction dot = With(Dot(kResults, 1, 1), isa::kDependent, 1);
      dot.Set(isa::kWait, isa::kVectorToInt8);
      dot.Set(isa::kSignal, isa::kInt8ToVector);
      program.insert(program.end(), {store, dot});
    }
    program.push_back(End());
    d.Load(kProgram, program);
    ASSERT_TRUE(d.Run(kProgram, Arguments(0, 1)));
    EXPECT_EQ(d.error(), 0u);
    ExpectExecuted(d, program, Arguments(0, 1), false);
    for (const Retired& r : d.retired()) {
      if (r.unit == Unit::kInt8) {
        EXPECT_EQ(r.beats[0], std::vector<uint8_t>(kWide, r.index - 1));
      }
    }
  }
}

TEST(Sequencer, StreamsAreFetchedAhead) {
  ControlDriver d;
  SetLatency(d, 60);
  d.set_hold(Unit::kTernary, true);
  d.Load(kProgram, {Matvec(kStreams, 4, 10), Matvec(kStreams + 40, 4, 10), End()});
  d.Start(kProgram, Arguments(0, 1));
  d.Steps(600);
  EXPECT_EQ(d.ReadCounter(4), 80u + 4 * (64 / std::min(64u, kWide)));  // nothing has begun
  d.set_hold(Unit::kTernary, false);
  ASSERT_TRUE(d.WaitDone(2000));
}

TEST(Sequencer, EndWaitsForWrites) {
  ControlDriver d;
  SetLatency(d, 500);
  d.set_work(0, 100);
  d.Load(kProgram, {VectorStore(kResults, 0, isa::Destination::kMemF32), End()});
  ASSERT_TRUE(d.Run(kProgram, Arguments(0, 1)));
  EXPECT_GT(d.ReadCounter(0), 1500u);  // header, instructions, write
  EXPECT_EQ(d.memory().Beat(kResults), std::vector<uint8_t>(kWide, 0));
}

TEST(Sequencer, Counters) {
  ControlDriver d;
  d.set_work(0, 100);
  SetLatency(d, 30);
  const std::vector<isa::Instruction> program = {
      Matvec(kStreams, 3, 7), Dot(kStreams, 5, 2),
      VectorStore(kResults, 0, isa::Destination::kMemI8),
      With(With(Matvec(kStreams, 1, 1), isa::kSlot, 3), isa::kPredicate, 1), End()};
  RunAndCompare(d, program, Arguments(0, 1));
  const uint32_t instruction_beats = 64 / std::min(64u, kWide);
  EXPECT_EQ(d.ReadCounter(3), 21u);
  EXPECT_EQ(d.ReadCounter(4), 31u + 6 * instruction_beats);
  EXPECT_EQ(d.ReadCounter(5), 1u);
  std::array<uint64_t, 3> busy{};
  for (const Retired& r : d.retired()) busy[int(r.unit)] += r.retire_cycle - r.issue_cycle + 1;
  for (int u = 0; u < 3; ++u) EXPECT_EQ(d.ReadCounter(6 + u), busy[u]) << u;
  // The ternary unit issues, then waits for 21 beats, then retires; the skipped one has 1 cycle.
  EXPECT_EQ(d.ReadCounter(2), busy[0] - 1 - 21 - 2);
  EXPECT_GT(d.ReadCounter(2), 20u);
}

TEST(Sequencer, LongWorkAndSlowMemoryAreNoDeadlock) {
  ControlDriver d;
  SetLatency(d, 400);
  d.set_work(600, 100);
  isa::Instruction first = With(Matvec(kStreams, 2, 2), isa::kSignal, isa::kMatvecToVector);
  isa::Instruction second = With(Vector(3), isa::kWait, isa::kMatvecToVector);
  std::vector<isa::Instruction> program;
  for (int i = 0; i < 10; ++i) program.insert(program.end(), {first, second});
  for (int i = 0; i < 20; ++i) program.push_back(With(Dot(kStreams, 3, 3), isa::kDependent, 1));
  program.push_back(End());
  RunAndCompare(d, program, Arguments(0, 1));
}

TEST(Sequencer, TokensOfARunDoNotReachTheNext) {
  ControlDriver d;
  RunAndCompare(d, {With(Vector(1), isa::kSignal, isa::kVectorToMatvec), End()}, Arguments(0, 1));
  d.Load(kProgram, {With(Matvec(kStreams, 1, 1), isa::kWait, isa::kVectorToMatvec), End()});
  ASSERT_TRUE(d.Run(kProgram, Arguments(0, 1)));
  EXPECT_EQ(d.error(), uint32_t(ErrorCause::kDeadlock));
}

TEST(Sequencer, FaultInKvAddressIsInjected) {
  ControlDriver d;
  d.bench().seq_fault_kv = 1;
  d.Load(kProgram, {VectorStore(kResults, 0, isa::Destination::kMemI8),
                    VectorStore(kResults + 5, 0, isa::Destination::kMemF32), End()});
  ASSERT_TRUE(d.Run(kProgram, Arguments(0, 1)));
  EXPECT_EQ(d.retired()[0].mem_addr, kResults + 1);
  EXPECT_EQ(d.retired()[1].mem_addr, kResults + 5);
}

}  // namespace
}  // namespace ternfab
