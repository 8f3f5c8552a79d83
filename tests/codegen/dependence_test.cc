// SPDX-License-Identifier: Apache-2.0
// Dependence tokens: whatever order of execution they allow must give the results of the program's
// order. The emulator executes; the order here is drawn at random or favours one unit.
#include "codegen/plan/dependence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <random>

#include "codegen/plan/planner.h"
#include "codegen/plan/schedule.h"
#include "codegen/plan/verify.h"
#include "codegen/spec.h"
#include "common/check.h"
#include "host/cpu/emulator.h"
#include "tests/codegen/test_models.h"

namespace ternfab {
namespace {

Unit UnitOf(const isa::Instruction& in) {
  switch (in.GetAs<isa::Opcode>(isa::kOpcode)) {
    case isa::Opcode::kMatvec:
      return Unit::kTernary;
    case isa::Opcode::kVector:
      return Unit::kVector;
    default:
      return Unit::kInt8;
  }
}

bool Active(const isa::Instruction& in, const RunArguments& run) {
  switch (in.GetAs<isa::Predicate>(isa::kPredicate)) {
    case isa::Predicate::kAlways:
      return true;
    case isa::Predicate::kSlotActive:
      return in.Get(isa::kSlot) < run.count;
    case isa::Predicate::kSlotLast:
      break;
  }
  return in.Get(isa::kSlot) + 1 == run.count;
}

/// The streams of one unit, each fetched as early as is allowed: a Dependent one when its
/// instruction starts, the others as soon as those before them are fetched.
class EarlyFetch {
 public:
  EarlyFetch(const Emulator& emulator, const Program& program, const RunArguments& run)
      : emulator_(emulator), program_(program), run_(run) {}

  void Add(const isa::Instruction& in) {
    if (Active(in, run_) && Beats(in) > 0) streams_.push_back({&in, {}, false});
  }
  void Ahead() {
    for (Stream& stream : streams_) {
      if (stream.fetched) continue;
      if (stream.in->Get(isa::kDependent) != 0) return;
      Fetch(stream);
    }
  }
  /// `in` starts: false if its stream was fetched before it was written.
  bool Start(const isa::Instruction& in) {
    if (streams_.empty() || streams_.front().in != &in) return true;
    if (!streams_.front().fetched) Fetch(streams_.front());
    const bool same = std::ranges::equal(streams_.front().data, Now(in));
    streams_.pop_front();
    return same;
  }

 private:
  struct Stream {
    const isa::Instruction* in;
    std::vector<uint8_t> data;
    bool fetched;
  };
  uint64_t Beats(const isa::Instruction& in) const {
    if (UnitOf(in) == Unit::kTernary) return 0;  // never written
    if (in.Get(isa::kDynamicLength) == 0) return in.Get(isa::kStreamBeats);
    const uint64_t count = run_.position + in.Get(isa::kSlot) + 1;
    if (UnitOf(in) == Unit::kInt8) return count * in.Get(isa::kI8RowBeats);
    if (in.Get(isa::kStreamBeats) == 0) return 0;
    const uint64_t wide = uint64_t(program_.design.wide_bytes());
    return in.Get(isa::kVSegments) * ((4 * count + wide - 1) / wide);  // scales
  }
  std::span<const uint8_t> Now(const isa::Instruction& in) const {
    const uint64_t slot = in.Get(isa::kSlot);
    const uint64_t indices[] = {0, run_.position + slot, run_.tokens[slot]};
    const uint64_t wide = uint64_t(program_.design.wide_bytes());
    const uint64_t beat = in.Get(isa::kStreamAddress) +
                          indices[in.Get(isa::kStreamIndex)] * in.Get(isa::kStreamStride);
    return std::span(emulator_.memory()).subspan(beat * wide, Beats(in) * wide);
  }
  void Fetch(Stream& stream) {
    const std::span<const uint8_t> now = Now(*stream.in);
    stream.data.assign(now.begin(), now.end());
    stream.fetched = true;
  }

  const Emulator& emulator_;
  const Program& program_;
  RunArguments run_;
  std::deque<Stream> streams_;
};

/// Runs `list` with three independent queues. `prefer`: the unit that goes first whenever it can,
/// or -1 for a random one.
class AsyncRun {
 public:
  AsyncRun(Emulator& emulator, const Program& program, const InstructionList& list,
           const RunArguments& arguments, int prefer, uint64_t seed)
      : emulator_(emulator),
        arguments_(arguments),
        prefer_(prefer),
        random_(seed),
        fetch_(kUnits, EarlyFetch(emulator, program, arguments)) {
    for (const isa::Instruction& in : list.instructions) {
      if (in.Get(isa::kOpcode) == 0) continue;
      queues_[int(UnitOf(in))].push_back(&in);
      fetch_[int(UnitOf(in))].Add(in);
    }
  }

  /// False: no unit can go on though something is left, or a stream was fetched too early.
  bool Run() {
    while (true) {
      std::vector<int> ready;
      for (int u = 0; u < kUnits; ++u) {
        if (!queues_[u].empty() && Ready(*queues_[u].front())) ready.push_back(u);
      }
      if (ready.empty()) break;
      int unit = ready[random_() % ready.size()];
      for (const int u : ready) unit = u == prefer_ ? u : unit;
      Step(unit);
    }
    return !too_early_ && queues_[0].empty() && queues_[1].empty() && queues_[2].empty() &&
           tokens_ == std::array<int, 4>{};
  }

 private:
  bool Ready(const isa::Instruction& in) const {
    for (int k = 0; k < 4; ++k) {
      if ((in.Get(isa::kWait) >> k & 1) != 0 && tokens_[k] == 0) return false;
    }
    return true;
  }
  void Step(int unit) {
    const isa::Instruction& in = *queues_[unit].front();
    queues_[unit].pop_front();
    for (EarlyFetch& fetch : fetch_) fetch.Ahead();
    too_early_ |= !fetch_[unit].Start(in);
    emulator_.Execute(in, arguments_, nullptr);
    for (int k = 0; k < 4; ++k) {
      tokens_[k] += int(in.Get(isa::kSignal) >> k & 1) - int(in.Get(isa::kWait) >> k & 1);
    }
  }

  Emulator& emulator_;
  RunArguments arguments_;
  int prefer_;
  std::mt19937_64 random_;
  std::array<std::deque<const isa::Instruction*>, kUnits> queues_;
  std::array<int, 4> tokens_{};
  std::vector<EarlyFetch> fetch_;
  bool too_early_ = false;
};

std::vector<int> Tokens(int count, int vocab) {
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back((i * 37 + 5) % vocab);
  return tokens;
}

/// Whether all orders that are tried end with the main memory of the program's order.
bool OrdersAgree(const Program& program) {
  const std::vector<int> tokens = Tokens(7, program.vocab);
  for (int prefer = -1; prefer < kUnits; ++prefer) {
    for (uint64_t seed = 0; seed < (prefer < 0 ? 4 : 1); ++seed) {
      Emulator expected(program);
      Emulator actual(program);
      for (const RunArguments& run : ScheduleRuns(tokens, 0, program.design.batch)) {
        const InstructionList& list = run.count > 1 ? program.prefill : program.decode;
        expected.Run(list, run);
        if (!AsyncRun(actual, program, list, run, prefer, seed).Run()) return false;
        if (!std::ranges::equal(expected.memory(), actual.memory())) return false;
      }
    }
  }
  return true;
}

Program SmallProgram(const std::string& preset, Activation activation, int kv_heads) {
  ModelConfig config = SmallConfig();
  config.activation = activation;
  config.kv_heads = kv_heads;
  config.sub_norms = activation == Activation::kRelu2;
  config.vocab = 600;  // two chunks of the head
  const auto spec = FindSpec(preset);
  auto program = BuildProgram(RandomModel(config, 2), Derive(*spec), 0);
  TF_CHECK(program.has_value(), "{}", program.error().message);
  return std::move(*program);
}

TEST(Dependence, AnyAllowedOrderGivesTheSameMemory) {
  for (const char* preset : {"nano", "arty-a7-35t", "kv260"}) {
    for (const int kv_heads : {1, 2, 4}) {
      for (const Activation activation : {Activation::kRelu2, Activation::kSilu}) {
        SCOPED_TRACE(fmt::format("{} kv_heads {}", preset, kv_heads));
        EXPECT_TRUE(OrdersAgree(SmallProgram(preset, activation, kv_heads)));
      }
    }
  }
}

TEST(Dependence, MatvecProgramToo) {
  auto program = BuildMatvecProgram(6000, 130, 4, Derive(*FindSpec("nano")), 0);
  ASSERT_TRUE(program) << program.error().message;
  EXPECT_GT(program->decode.instructions.size(), 6u);
  EXPECT_TRUE(OrdersAgree(*program));
}

TEST(Dependence, MatvecGivesTheProducts) {
  for (const char* preset : {"nano", "kv260"}) {
    const int rows = 77;
    const int cols = 201;
    const auto p = BuildMatvecProgram(rows, cols, 4, Derive(*FindSpec(preset)), 0);
    ASSERT_TRUE(p) << p.error().message;
    Emulator emulator(*p);
    RunArguments run;
    run.count = uint32_t(p->design.batch);
    emulator.Run(p->prefill, run);
    const uint64_t beat = p->Find(kMatvecResultRegion)->beat;
    for (int b = 0; b < p->design.batch; ++b) {
      for (int r = 0; r < rows; ++r) {
        int32_t expected = 0;
        for (int c = 0; c < cols; ++c) {
          expected += MatvecTrit(4, cols, r, c) * MatvecActivation(4, b, c);
        }
        int32_t actual = 0;
        std::memcpy(&actual, emulator.memory().data() + SlotByte(p->design, beat, b, rows, r), 4);
        ASSERT_EQ(actual, expected) << preset << " slot " << b << " row " << r;
      }
    }
  }
}

/// Takes the first token of kind `token` away, signal and wait.
void DropToken(InstructionList& list, uint32_t token) {
  for (const isa::Field& field : {isa::kSignal, isa::kWait}) {
    for (isa::Instruction& in : list.instructions) {
      if ((in.Get(field) & token) == 0) continue;
      in.Set(field, in.Get(field) & ~token);
      break;
    }
  }
}

TEST(Dependence, AMissingTokenIsFound) {
  for (const uint32_t token :
       {isa::kMatvecToVector, isa::kVectorToMatvec, isa::kInt8ToVector, isa::kVectorToInt8}) {
    Program program = SmallProgram("nano", Activation::kRelu2, 2);
    DropToken(program.prefill, token);
    EXPECT_FALSE(OrdersAgree(program)) << "token " << token;
  }
}

/// Puts the image's copy of `list` right after `list` was changed.
void Rewrite(Program& p, const InstructionList& list) {
  const size_t step = size_t(p.design.instruction_beats()) * size_t(p.design.wide_bytes());
  uint8_t* at = &p.image[list.beat * size_t(p.design.wide_bytes())];
  for (const isa::Instruction& in : list.instructions) {
    at += step;
    std::copy_n(reinterpret_cast<const uint8_t*>(in.words.data()), isa::kInstructionBytes, at);
  }
}

TEST(FetchOrder, SomeStreamsOfWrittenMemoryAreFetchedAhead) {
  const Program program = SmallProgram("kv260", Activation::kRelu2, 2);
  for (const InstructionList* list : {&program.decode, &program.prefill}) {
    int dependent = 0;
    int ahead = 0;  // of the int8 unit: all its streams but the head's read the cache
    for (size_t i = 0; i < list->instructions.size(); ++i) {
      const isa::Instruction& in = list->instructions[i];
      if (UnitOf(in) != Unit::kInt8 || list->notes[i].place.part != Part::kAttention) continue;
      ++(in.Get(isa::kDependent) != 0 ? dependent : ahead);
    }
    EXPECT_GT(dependent, 0);
    EXPECT_GT(ahead, 0);
    if (list == &program.decode) {
      EXPECT_GE(ahead, dependent);  // p . v never waits
    }
  }
}

TEST(FetchOrder, EveryDependentStreamIsNeeded) {
  const Program good = SmallProgram("nano", Activation::kRelu2, 2);
  ASSERT_TRUE(VerifyProgram(good));
  for (InstructionList Program::*list : {&Program::decode, &Program::prefill}) {
    int found = 0;
    for (size_t i = 0; i < (good.*list).instructions.size(); ++i) {
      if ((good.*list).instructions[i].Get(isa::kDependent) == 0) continue;
      Program p = good;
      (p.*list).instructions[i].Set(isa::kDependent, 0);
      Rewrite(p, p.*list);
      const auto verified = VerifyProgram(p);
      ASSERT_FALSE(verified) << i;
      EXPECT_THAT(verified.error().message, testing::HasSubstr("must be fetched after it"));
      if (found++ == 0) {
        EXPECT_FALSE(OrdersAgree(p));
      }
    }
    EXPECT_GT(found, 0);
  }
}

/// A stream of a slot that may be skipped orders nothing for the slots before it.
TEST(FetchOrder, SkippedStreamsOrderNothing) {
  const auto stream = [](isa::Predicate predicate, int slot) {
    isa::Instruction in;
    in.Set(isa::kPredicate, uint32_t(predicate));
    in.Set(isa::kSlot, slot);
    return in;
  };
  const auto always = stream(isa::Predicate::kAlways, 0);
  FetchOrder order;
  EXPECT_EQ(order.Complete(Unit::kInt8, always), -1);
  order.AddDependent(Unit::kInt8, stream(isa::Predicate::kSlotActive, 2), 7);
  EXPECT_EQ(order.Complete(Unit::kInt8, always), -1);
  EXPECT_EQ(order.Complete(Unit::kInt8, stream(isa::Predicate::kSlotActive, 1)), -1);
  EXPECT_EQ(order.Complete(Unit::kInt8, stream(isa::Predicate::kSlotActive, 2)), 7);
  EXPECT_EQ(order.Complete(Unit::kInt8, stream(isa::Predicate::kSlotActive, 3)), 7);
  EXPECT_EQ(order.Complete(Unit::kInt8, stream(isa::Predicate::kSlotLast, 3)), 7);
  EXPECT_EQ(order.Complete(Unit::kVector, stream(isa::Predicate::kSlotActive, 3)), -1);
  order.AddDependent(Unit::kInt8, stream(isa::Predicate::kSlotLast, 0), 9);
  EXPECT_EQ(order.Complete(Unit::kInt8, always), -1);
  order.AddDependent(Unit::kInt8, always, 8);
  EXPECT_EQ(order.Complete(Unit::kInt8, always), 8);
  EXPECT_EQ(order.Complete(Unit::kInt8, stream(isa::Predicate::kSlotActive, 3)), 8);
}

}  // namespace
}  // namespace ternfab
