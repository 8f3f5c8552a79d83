// SPDX-License-Identifier: Apache-2.0
// Dependence tokens: whatever order of execution they allow must give the results of the program's
// order. The emulator executes; the order here is drawn at random or favours one unit.
#include "codegen/plan/dependence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <random>

#include "codegen/plan/planner.h"
#include "codegen/plan/schedule.h"
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

/// Runs `list` with three independent queues. `prefer`: the unit that goes first whenever it can,
/// or -1 for a random one.
class AsyncRun {
 public:
  AsyncRun(Emulator& emulator, const InstructionList& list, const RunArguments& arguments,
           int prefer, uint64_t seed)
      : emulator_(emulator), arguments_(arguments), prefer_(prefer), random_(seed) {
    for (const isa::Instruction& in : list.instructions) {
      if (in.Get(isa::kOpcode) != 0) queues_[int(UnitOf(in))].push_back(&in);
    }
  }

  /// False: no unit can go on though something is left.
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
    return queues_[0].empty() && queues_[1].empty() && queues_[2].empty() &&
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
        if (!AsyncRun(actual, list, run, prefer, seed).Run()) return false;
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

}  // namespace
}  // namespace ternfab
