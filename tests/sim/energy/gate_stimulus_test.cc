// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/gate_stimulus.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <numeric>

#include "host/cpu/emulator.h"
#include "tests/sim/energy/energy_fixture.h"

namespace ternfab {
namespace {

constexpr int kIds[] = {3, 1, 4};
constexpr size_t kAll = std::numeric_limits<size_t>::max();

/// Results that each MATVEC and each DOT of the head leave in VM during the last step of kIds: of
/// engine 0's rows, of query 0.
class Results : public WriteObserver {
 public:
  explicit Results(const Program& program) {
    Emulator emulator(program);
    RunArguments arguments;
    for (const int id : kIds) {
      arguments.tokens[0] = uint32_t(id);
      for (size_t i = 0; i < program.decode.instructions.size(); ++i) {
        vm_.clear();
        emulator.Execute(program.decode.instructions[i], arguments, this);
        if (arguments.position + 1 == std::size(kIds)) Keep(program, i);
      }
      ++arguments.position;
    }
  }
  void OnWrite(MemoryWrite write) override {
    if (write.space == Space::kVm) vm_[write.address] = std::move(write.bytes);
  }

  std::vector<int64_t> ternary, head;

 private:
  void Keep(const Program& program, size_t i) {
    const isa::Instruction& in = program.decode.instructions[i];
    const auto opcode = in.GetAs<isa::Opcode>(isa::kOpcode);
    if (opcode == isa::Opcode::kMatvec) {
      for (uint32_t g = 0; g < in.Get(isa::kMvGroups); ++g) {
        ternary.push_back(Element(program, in.Get(isa::kMvDst), g * program.design.ports));
      }
    }
    if (opcode == isa::Opcode::kDot && program.decode.notes[i].place.part == Part::kHead) {
      for (uint32_t row = 0; row < in.Get(isa::kI8Rows); ++row) {
        head.push_back(Element(program, in.Get(isa::kI8Dst), row));
      }
    }
  }
  int64_t Element(const Program& program, uint64_t word, uint64_t element) const {
    const auto lanes = uint64_t(program.design.vector_lanes);
    int32_t value;
    std::memcpy(&value, &vm_.at(word + element / lanes)[4 * (element % lanes)], sizeof value);
    return value;
  }

  std::map<uint64_t, std::vector<uint8_t>> vm_;
};

int64_t DotProduct(const GateOperands& o) {
  return std::inner_product(o.weights.begin(), o.weights.end(), o.activations.begin(), int64_t{0},
                            std::plus<>(), [](int w, int a) { return int64_t(w) * a; });
}

/// Sums of all beats of each row; `row_beats`: of each row.
std::vector<int64_t> RowSums(const std::vector<GateOperands>& beats,
                             const std::vector<uint32_t>& row_beats) {
  std::vector<int64_t> sums;
  size_t at = 0;
  for (const uint32_t count : row_beats) {
    int64_t sum = 0;
    for (uint32_t n = 0; n < count; ++n) sum += DotProduct(beats.at(at++));
    sums.push_back(sum);
  }
  EXPECT_EQ(at, beats.size());
  return sums;
}

/// Beats of each row of engine 0, or of the head, in the order of the decode step.
std::vector<uint32_t> RowBeats(const Program& program, bool head) {
  std::vector<uint32_t> beats;
  for (size_t i = 0; i < program.decode.instructions.size(); ++i) {
    const isa::Instruction& in = program.decode.instructions[i];
    const auto opcode = in.GetAs<isa::Opcode>(isa::kOpcode);
    const bool is_head =
        opcode == isa::Opcode::kDot && program.decode.notes[i].place.part == Part::kHead;
    if (head && is_head) beats.insert(beats.end(), in.Get(isa::kI8Rows), in.Get(isa::kI8RowBeats));
    if (!head && opcode == isa::Opcode::kMatvec) {
      beats.insert(beats.end(), in.Get(isa::kMvGroups), in.Get(isa::kMvBeats));
    }
  }
  return beats;
}

HardwareSpec SpecWith(const std::string& hw, WeightCode code, bool shortlist) {
  HardwareSpec spec = *FindSpec(hw);
  if (code == WeightCode::kTwoBit) {
    spec.engine.weight_code = code;
    spec.engine.lanes = spec.memory.width_bits / 2;
  }
  if (shortlist) {
    spec.head = "shortlist";
    spec.shortlist_rows = 16;
  }
  return spec;
}

/// With all lanes and all beats, what the stimulus multiplies and adds up is what the emulator's
/// MATVECs and DOTs leave in memory, number for number: order of rows, of K, of trits in a byte and
/// of activations are those of the engines.
TEST(GateData, SumsAreTheEmulatorsResults) {
  const Model random = RandomModel(SmallConfig(), 1);
  const auto tales = LoadModel("tales");
  ASSERT_TRUE(tales) << tales.error().message;
  struct Case {
    const Model& model;
    const char* hw;
    WeightCode code;
    bool shortlist;
  };
  for (const Case& c : {Case{random, "nano", WeightCode::kBase3, false},
                        Case{random, "kv260", WeightCode::kBase3, false},
                        Case{random, "nano", WeightCode::kTwoBit, false},
                        Case{random, "kv260", WeightCode::kBase3, true},
                        Case{*tales, "nano", WeightCode::kBase3, false},
                        Case{*tales, "kv260", WeightCode::kBase3, false}}) {
    SCOPED_TRACE(testing::Message() << c.model.config.name << " " << c.hw << " code " << int(c.code)
                                    << " " << c.shortlist);
    const HardwareSpec spec = SpecWith(c.hw, c.code, c.shortlist);
    const auto program = BuildProgram(c.model, spec);
    ASSERT_TRUE(program) << program.error().message;
    const GateData data = CollectGateData(*program, kIds, program->design.lanes, kAll);
    const Results results(*program);
    ASSERT_FALSE(results.ternary.empty());
    ASSERT_FALSE(results.head.empty());
    EXPECT_EQ(RowSums(data.ternary, RowBeats(*program, false)), results.ternary);
    EXPECT_EQ(RowSums(data.int8, RowBeats(*program, true)), results.head);
    const auto zero = [](int64_t sum) { return sum == 0; };
    EXPECT_FALSE(std::all_of(results.ternary.begin(), results.ternary.end(), zero));
    EXPECT_FALSE(std::all_of(results.head.begin(), results.head.end(), zero));
  }
}

/// A MATVEC of q/k/v streams the value head first: its rows are the model's, lane after lane.
TEST(GateData, FirstRowsAreTheValueHeadsOfLayer0) {
  const EnergyFixture f;  // hidden 64: 2 beats a row of 40 lanes
  const int lanes = f.program.design.lanes;
  const GateData data = CollectGateData(f.program, kIds, lanes, kAll);
  for (int row = 0; row < 8; ++row) {
    std::vector<int8_t> trits(64), got;
    f.model.layers[0].v.UnpackRow(row, trits);
    for (size_t beat = 0; beat < 2; ++beat) {
      const auto& weights = data.ternary[size_t(row) * 2 + beat].weights;
      got.insert(got.end(), weights.begin(), weights.end());
    }
    trits.resize(got.size(), 0);
    EXPECT_EQ(got, trits) << "row " << row;
  }
}

/// Fewer lanes are the first of all, fewer beats the first of each MATVEC.
TEST(GateData, LanesAndBeatsAreThoseInFront) {
  const EnergyFixture f;
  const GateData all = CollectGateData(f.program, kIds, f.program.design.lanes, kAll);
  const GateData some = CollectGateData(f.program, kIds, 8, 64);
  ASSERT_GE(some.ternary.size(), 2u);
  ASSERT_GE(some.int8.size(), 8u);
  for (size_t n = 0; n < 2; ++n) {
    const GateOperands& whole = all.ternary[n];
    EXPECT_TRUE(std::equal(some.ternary[n].weights.begin(), some.ternary[n].weights.end(),
                           whole.weights.begin()));
    EXPECT_TRUE(std::equal(some.ternary[n].activations.begin(), some.ternary[n].activations.end(),
                           whole.activations.begin()));
    EXPECT_EQ(some.ternary[n].weights.size(), 8u);
  }
  for (size_t n = 0; n < some.int8.size(); ++n)
    EXPECT_EQ(some.int8[n].weights, all.int8[n].weights);
  EXPECT_GT(some.zero_trits, 0.2);
  EXPECT_LT(some.zero_trits, 0.5);
}

TEST(GateData, IsTheSameEachTimeAndChangesWithTheText) {
  const EnergyFixture f;
  const int others[] = {3, 1, 5};
  const GateData a = CollectGateData(f.program, kIds, 8, 64);
  const GateData b = CollectGateData(f.program, kIds, 8, 64);
  const GateData c = CollectGateData(f.program, others, 8, 64);
  EXPECT_EQ(a.ternary[0].activations, b.ternary[0].activations);
  EXPECT_NE(a.ternary[0].activations, c.ternary[0].activations);
}

}  // namespace
}  // namespace ternfab
