// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/rtl/int8_port.h"

// The int8 units against docs/isa.md, written here as plain loops.

namespace ternfab {
namespace {

using Elements = std::vector<std::vector<int8_t>>;

enum class Values { kRandom, kExtreme };

/// One DOT or ACCUMULATE with its operands.
struct Operation {
  bool dot;
  int rows, row_beats, queries;
  int out_words = 0;  ///< ACCUMULATE
  int qm = 0;
  uint32_t dst = 0, pitch = 0;
  Elements row;  ///< [row][element]
};

class Int8Bench {
 public:
  Int8Bench(const Int8Shape& shape, uint32_t seed, Values values, bool fault = false)
      : shape_(shape), random_(seed), values_(values), port_(shape, fault) {
    for (int bank = 0; bank < shape.queries; ++bank) {
      query_.push_back(Draw(shape.qm_words * shape.lanes));
      for (int word = 0; word < shape.qm_words; ++word) {
        const auto begin = query_.back().begin() + word * shape.lanes;
        port_.WriteQm(bank, word, {begin, begin + shape.lanes});
      }
    }
  }

  int Below(int limit) { return int(random_() % uint32_t(limit)); }

  /// An operation with random operands; its VM area is its own.
  Operation Draw(bool dot, int rows, int row_beats, int queries, int out_words) {
    Operation o{dot, rows, row_beats, queries, out_words, 0, 0, 0, {}};
    const int words = dot ? (rows + shape_.vector_lanes - 1) / shape_.vector_lanes : out_words;
    const int span = dot ? row_beats : (rows + shape_.lanes - 1) / shape_.lanes;
    o.qm = Below(shape_.qm_words - span + 1);
    o.pitch = uint32_t(words + Below(3));
    o.dst = uint32_t(Below(1 << 19));
    for (int t = 0; t < rows; ++t) o.row.push_back(Draw(row_beats * shape_.lanes));
    return o;
  }

  Operation DrawAny() {
    const bool dot = Below(2) == 0;
    const int row_beats = 1 + Below(dot ? 5 : std::min(shape_.max_row_beats(), 9));
    const int out = 1 + Below(row_beats * shape_.lanes / shape_.vector_lanes);
    return Draw(dot, 1 + Below(200), row_beats, 1 + Below(shape_.queries), out);
  }

  UnitInstruction Encode(const Operation& o) {
    UnitInstruction u;
    isa::Instruction& i = u.instruction;
    i.Set(isa::kOpcode, o.dot ? isa::Opcode::kDot : isa::Opcode::kAccumulate);
    i.Set(isa::kWait, Below(16));
    i.Set(isa::kSignal, Below(16));
    i.Set(isa::kDependent, Below(2));
    i.Set(isa::kI8RowBeats, o.row_beats);
    i.Set(isa::kI8Qm, o.qm);
    i.Set(isa::kI8Rows, Below(1000));  // the resolved length counts
    i.Set(isa::kI8Dst, o.dst);
    i.Set(isa::kI8Pitch, o.pitch);
    i.Set(isa::kI8Queries, o.queries);
    i.Set(isa::kI8OutWords, o.out_words);
    u.length = uint32_t(o.rows);
    for (const std::vector<int8_t>& row : o.row) {
      for (int beat = 0; beat < o.row_beats; ++beat) {
        Words words(size_t(shape_.lanes) / 4);
        for (int k = 0; k < shape_.lanes; ++k) {
          words[size_t(k) / 4] |= uint32_t(uint8_t(row[size_t(beat * shape_.lanes + k)]))
                                  << (k % 4 * 8);
        }
        u.beats.push_back(words);
      }
    }
    return u;
  }

  std::map<uint32_t, Words> Expected(const Operation& o) const {
    std::map<uint32_t, Words> writes;
    for (int q = 0; q < o.queries; ++q) {
      const int8_t* query = query_[size_t(q)].data() + o.qm * shape_.lanes;
      std::vector<int32_t> result;
      if (o.dot) {
        for (const std::vector<int8_t>& row : o.row) {
          int32_t sum = 0;
          for (size_t i = 0; i < row.size(); ++i) sum += int32_t(row[i]) * query[i];
          result.push_back(sum);
        }
      } else {
        result.resize(size_t(o.out_words * shape_.vector_lanes));
        for (size_t i = 0; i < result.size(); ++i) {
          for (size_t t = 0; t < o.row.size(); ++t) result[i] += int32_t(query[t]) * o.row[t][i];
        }
      }
      ExpectElements(writes, o.dst + uint32_t(q) * o.pitch, result, shape_.vector_lanes);
    }
    return writes;
  }

  /// Runs the operations, some of them skipped; the first difference in words.
  std::string Run(const std::vector<Operation>& operations, const UnitWeather& weather,
                  int skip_percent = 0) {
    std::vector<UnitInstruction> instructions;
    for (const Operation& o : operations) {
      instructions.push_back(Encode(o));
      if (Below(100) < skip_percent) {
        instructions.back().skip = true;
        instructions.back().beats.clear();
      }
    }
    run_ = RunUnit(port_, instructions, weather, uint32_t(random_()));
    if (!run_.error.empty()) return run_.error;
    for (size_t i = 0; i < operations.size(); ++i) {
      const bool skip = instructions[i].skip;
      const std::string difference = CompareWrites(
          run_.records[i].writes, skip ? std::map<uint32_t, Words>() : Expected(operations[i]));
      if (!difference.empty()) return fmt::format("instruction {}: {}", i, difference);
      if (skip && run_.records[i].cycles() != 0) return fmt::format("skip {} takes time", i);
    }
    return "";
  }

  int64_t cycles(size_t i) const { return run_.records[i].cycles(); }

 private:
  std::vector<int8_t> Draw(int count) {
    std::vector<int8_t> result(size_t(count), 0);
    for (int8_t& value : result) {
      constexpr int8_t kEnds[] = {-128, -128, 127};
      value = values_ == Values::kExtreme ? kEnds[random_() % 3] : int8_t(random_());
    }
    return result;
  }

  Int8Shape shape_;
  std::mt19937 random_;
  Values values_;
  Int8Port port_;
  Elements query_;
  UnitRun run_;
};

class Int8UnitTest : public testing::TestWithParam<Int8Shape> {};

TEST_P(Int8UnitTest, DotOfEverySize) {
  const Int8Shape shape = GetParam();
  Int8Bench bench(shape, 1, Values::kRandom);
  std::vector<Operation> operations;
  for (int rows = 1; rows <= 200; rows += rows < 70 ? 1 : 13) {
    operations.push_back(bench.Draw(true, rows, rows % 5 + 1, rows % shape.queries + 1, 0));
  }
  for (int rows = 1; rows <= 2 * shape.vector_lanes + 1; ++rows) {
    for (int queries = 1; queries <= shape.queries; ++queries) {
      operations.push_back(bench.Draw(true, rows, 1, queries, 0));
    }
  }
  EXPECT_EQ(bench.Run(operations, {}), "");
}

TEST_P(Int8UnitTest, AccumulateOfEverySize) {
  const Int8Shape shape = GetParam();
  Int8Bench bench(shape, 2, Values::kRandom);
  std::vector<Operation> operations;
  for (int rows = 1; rows <= 200; rows += rows < 70 ? 1 : 13) {
    const int beats = rows % shape.max_row_beats() + 1;
    const int words = beats * shape.lanes / shape.vector_lanes;
    operations.push_back(
        bench.Draw(false, rows, beats, rows % shape.queries + 1, rows % words + 1));
  }
  for (int beats = 1; beats <= shape.max_row_beats(); ++beats) {
    const int words = beats * shape.lanes / shape.vector_lanes;
    operations.push_back(bench.Draw(false, 3, beats, shape.queries, words));
  }
  EXPECT_EQ(bench.Run(operations, {}), "");
}

TEST_P(Int8UnitTest, AnyMixInAnyWeather) {
  for (uint32_t seed = 10; seed < 18; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Int8Bench bench(GetParam(), seed, Values::kRandom);
    std::vector<Operation> operations;
    for (int i = 0; i < 20; ++i) operations.push_back(bench.DrawAny());
    const UnitWeather weather{bench.Below(80), bench.Below(90), bench.Below(90), bench.Below(95)};
    EXPECT_EQ(bench.Run(operations, weather, 25), "");
  }
}

// VM is nearly always taken: the queue of row sums fills and the stream must wait for it.
TEST_P(Int8UnitTest, VmThatIsHardlyReady) {
  Int8Bench bench(GetParam(), 3, Values::kRandom);
  std::vector<Operation> operations;
  for (int rows : {1, 40, 100}) {
    operations.push_back(bench.Draw(true, rows, 1, GetParam().queries, 0));
    operations.push_back(bench.Draw(false, rows, 1, GetParam().queries, 2));
  }
  EXPECT_EQ(bench.Run(operations, {0, 97, 0, 0}), "");
}

TEST_P(Int8UnitTest, ExtremeValues) {
  const Int8Shape shape = GetParam();
  Int8Bench bench(shape, 4, Values::kExtreme);
  std::vector<Operation> operations;
  for (int i = 0; i < 20; ++i) operations.push_back(bench.DrawAny());
  // Every product 16384: the greatest sum of a row, and of a column.
  operations.push_back(bench.Draw(true, 5, 32, 1, 0));
  for (std::vector<int8_t>& row : operations.back().row) row.assign(row.size(), -128);
  operations.push_back(bench.Draw(false, 90, shape.max_row_beats(), shape.queries, 1));
  EXPECT_EQ(bench.Run(operations, {}), "");
}

// Every lane must reach the sum and its own accumulator: rows with one element that is not zero.
TEST_P(Int8UnitTest, EveryLaneCounts) {
  const Int8Shape shape = GetParam();
  Int8Bench bench(shape, 5, Values::kRandom);
  Operation dot = bench.Draw(true, 2 * shape.lanes, 2, shape.queries, 0);
  for (size_t t = 0; t < dot.row.size(); ++t) {
    for (size_t i = 0; i < dot.row[t].size(); ++i) dot.row[t][i] = i == t ? 1 : 0;
  }
  Operation accumulate = dot;
  accumulate.dot = false;
  accumulate.out_words = 2 * shape.lanes / shape.vector_lanes;
  accumulate.pitch = 1000;
  accumulate.qm = 0;
  EXPECT_EQ(bench.Run({dot, accumulate}, {}), "");
}

// What tf_int8_unit promises: one beat a cycle and this many cycles more.
TEST_P(Int8UnitTest, Cycles) {
  const Int8Shape shape = GetParam();
  Int8Bench bench(shape, 6, Values::kRandom);
  int tree = 0;
  while ((1 << (2 * tree)) < shape.lanes) ++tree;
  for (int queries = 1; queries <= shape.queries; ++queries) {
    for (int rows : {1, 2, 7, 33, 100}) {
      for (int beats : {1, 3}) {
        const Operation dot = bench.Draw(true, rows, beats, queries, 0);
        const Operation accumulate = bench.Draw(false, rows, beats, queries, 3);
        ASSERT_EQ(bench.Run({dot, accumulate}, {}), "");
        const int64_t more = bench.cycles(0) - rows * beats;
        EXPECT_GE(more, tree + queries + 7) << rows << " rows, " << beats << " beats";
        EXPECT_LT(more, tree + queries + 7 + queries) << rows << " rows, " << beats << " beats";
        EXPECT_EQ(bench.cycles(1), rows * beats + 4 + 3 * queries);
        if (rows == 100 && beats == 3) {
          fmt::print(
              "{} lanes, {} queries: DOT {} cycles more than beats, ACCUMULATE {} and 1 "
              "for each VM word\n",
              shape.lanes, queries, more, bench.cycles(1) - rows * beats - 3 * queries);
        }
      }
    }
  }
}

TEST_P(Int8UnitTest, FaultIsSeen) {
  for (bool dot : {true, false}) {
    Int8Bench bench(GetParam(), 7, Values::kRandom, true);
    const Operation operation = bench.Draw(dot, 9, 1, GetParam().queries, 1);
    EXPECT_NE(bench.Run({operation}, {}), "");
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, Int8UnitTest, testing::Values(kInt8Large, kInt8Small),
                         [](const auto& info) {
                           return info.param.lanes == 64 ? "Large" : "Small";
                         });

}  // namespace
}  // namespace ternfab
