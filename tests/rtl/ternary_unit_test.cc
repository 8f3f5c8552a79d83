// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "common/trit.h"
#include "tests/rtl/ternary_port.h"

// The ternary units, with engines played by the test, against docs/isa.md written as plain loops.

namespace ternfab {
namespace {

constexpr int kLatency = 9;  ///< of the engines

enum class Values { kRandom, kExtreme };

struct Matvec {
  int groups, beats;
  int am = 0;
  uint32_t dst = 0, pitch = 0;
  std::vector<std::vector<int8_t>> row;  ///< [row][trit]
};

class TernaryBench {
 public:
  TernaryBench(const TernaryShape& shape, int count, uint32_t seed, int latency = kLatency,
               Values values = Values::kRandom)
      : shape_(shape), count_(count), random_(seed), values_(values), port_(shape, count, latency) {
    for (int slot = 0; slot < shape.batch; ++slot) {
      std::vector<int8_t> all(size_t(shape.am_words * shape.lanes));
      for (int8_t& a : all) {
        a = values == Values::kExtreme ? int8_t(Below(2) ? -128 : 127) : int8_t(random_());
      }
      activation_.push_back(all);
      for (int word = 0; word < shape.am_words; ++word) {
        const auto begin = all.begin() + word * shape.lanes;
        port_.WriteAm(slot, word, {begin, begin + shape.lanes});
      }
    }
  }

  int Below(int limit) { return int(random_() % uint32_t(limit)); }

  Matvec Draw(int groups, int beats) {
    Matvec m{groups, beats, Below(shape_.am_words - beats + 1), uint32_t(Below(1 << 19)), 0, {}};
    const int words = (groups * shape_.engines + shape_.vector_lanes - 1) / shape_.vector_lanes;
    m.pitch = uint32_t(words + Below(3));
    for (int r = 0; r < groups * shape_.engines; ++r) {
      m.row.emplace_back(size_t(beats * shape_.lanes));
      for (int8_t& trit : m.row.back()) {
        trit = values_ == Values::kExtreme ? int8_t(r % 2 ? -1 : 1) : int8_t(Below(3) - 1);
      }
    }
    return m;
  }

  UnitInstruction Encode(const Matvec& m) {
    UnitInstruction u;
    isa::Instruction& i = u.instruction;
    i.Set(isa::kOpcode, isa::Opcode::kMatvec);
    i.Set(isa::kWait, Below(16));
    i.Set(isa::kSignal, Below(16));
    i.Set(isa::kMvBeats, m.beats);
    i.Set(isa::kMvAm, m.am);
    i.Set(isa::kMvGroups, m.groups);
    i.Set(isa::kMvDst, m.dst);
    i.Set(isa::kMvPitch, m.pitch);
    for (int g = 0; g < m.groups; ++g) {
      for (int j = 0; j < m.beats; ++j) u.beats.push_back(Beat(m, g, j));
    }
    return u;
  }

  std::map<uint32_t, Words> Expected(const Matvec& m) const {
    std::map<uint32_t, Words> writes;
    for (int b = 0; b < count_; ++b) {
      const int8_t* a = activation_[size_t(b)].data() + m.am * shape_.lanes;
      std::vector<int32_t> result;
      for (const std::vector<int8_t>& row : m.row) {
        int32_t sum = 0;
        for (size_t k = 0; k < row.size(); ++k) sum += int32_t(row[k]) * a[k];
        result.push_back(sum);
      }
      ExpectElements(writes, m.dst + uint32_t(b) * m.pitch, result, shape_.vector_lanes);
    }
    return writes;
  }

  /// Runs them, some skipped; the first difference in words. VM is always ready, as it is for this
  /// unit in a design.
  std::string Run(const std::vector<Matvec>& operations, UnitWeather weather,
                  int skip_percent = 0) {
    std::vector<UnitInstruction> instructions;
    for (const Matvec& m : operations) {
      instructions.push_back(Encode(m));
      if (Below(100) < skip_percent) {
        instructions.back().skip = true;
        instructions.back().beats.clear();
      }
    }
    run_ = RunUnit(port_, instructions, weather, uint32_t(random_()));
    if (!run_.error.empty()) return run_.error;
    if (!port_.error().empty()) return port_.error();
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
  TernaryPort& port() { return port_; }

 private:
  Words Beat(const Matvec& m, int group, int j) const {
    std::vector<uint8_t> bytes;
    for (int e = 0; e < shape_.engines; ++e) {
      const int8_t* trits = m.row[size_t(group * shape_.engines + e)].data() + j * shape_.lanes;
      std::vector<uint8_t> packed(size_t(shape_.beat_bytes()));
      PackBeat({trits, size_t(shape_.lanes)}, WeightCode::kBase3, packed);
      bytes.insert(bytes.end(), packed.begin(), packed.end());
    }
    Words words(bytes.size() / 4);
    for (size_t i = 0; i < bytes.size(); ++i) words[i / 4] |= uint32_t(bytes[i]) << (i % 4 * 8);
    return words;
  }

  TernaryShape shape_;
  int count_;
  std::mt19937 random_;
  Values values_;
  TernaryPort port_;
  std::vector<std::vector<int8_t>> activation_;
  UnitRun run_;
};

class TernaryUnitTest : public testing::TestWithParam<TernaryShape> {};

TEST_P(TernaryUnitTest, EverySmallSize) {
  for (int count = 1; count <= GetParam().batch; ++count) {
    TernaryBench bench(GetParam(), count, uint32_t(count));
    std::vector<Matvec> operations;
    for (int groups = 1; groups <= 13; ++groups) {
      for (int beats = 1; beats <= 5; ++beats) operations.push_back(bench.Draw(groups, beats));
    }
    EXPECT_EQ(bench.Run(operations, {}), "") << count << " slots";
  }
}

TEST_P(TernaryUnitTest, AnyMixInAnyWeather) {
  for (uint32_t seed = 20; seed < 28; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    const int count = 1 + int(seed) % GetParam().batch;
    TernaryBench bench(GetParam(), count, seed, 1 + int(seed % 4) * 5);
    std::vector<Matvec> operations;
    for (int i = 0; i < 20; ++i) {
      operations.push_back(bench.Draw(1 + bench.Below(30), 1 + bench.Below(8)));
    }
    const UnitWeather weather{bench.Below(80), 0, bench.Below(90), bench.Below(95)};
    EXPECT_EQ(bench.Run(operations, weather, 25), "");
  }
}

TEST_P(TernaryUnitTest, ExtremeValues) {
  TernaryBench bench(GetParam(), GetParam().batch, 3, kLatency, Values::kExtreme);
  EXPECT_EQ(bench.Run({bench.Draw(5, GetParam().am_words), bench.Draw(2, 1)}, {}), "");
}

// Issue to retire is groups * beats plus a number that depends on the engines' latency and on the
// slots, not on the size.
TEST_P(TernaryUnitTest, CyclesBeyondBeatsAreConstant) {
  for (int count = 1; count <= GetParam().batch; ++count) {
    TernaryBench bench(GetParam(), count, 4);
    std::vector<Matvec> operations;
    for (int groups : {1, 2, 3, 4, 5, 6, 9, 17, 40}) {
      for (int beats : {1, 2, 3, 4, 7, 33}) operations.push_back(bench.Draw(groups, beats));
    }
    ASSERT_EQ(bench.Run(operations, {}), "");
    std::set<int64_t> more;
    for (size_t i = 0; i < operations.size(); ++i) {
      more.insert(bench.cycles(i) - operations[i].groups * operations[i].beats);
    }
    EXPECT_EQ(more.size(), 1u);
    EXPECT_EQ(*more.begin(), kLatency + 2 * count + 3);
    EXPECT_LT(*more.begin(), 64);
    fmt::print("{} engines, {} of {} slots, engine latency {}: {} cycles more than beats\n",
               GetParam().engines, count, GetParam().batch, kLatency, *more.begin());
  }
}

// The counters of the unit: every beat consumed once, every missed cycle starved.
TEST_P(TernaryUnitTest, CountsBeats) {
  TernaryBench bench(GetParam(), 1, 5);
  ASSERT_EQ(bench.Run({bench.Draw(7, 3), bench.Draw(4, 2)}, {60, 0, 0, 0}), "");
  EXPECT_EQ(bench.port().consumed(), 7 * 3 + 4 * 2);
  EXPECT_EQ(bench.cycles(0) + bench.cycles(1),
            bench.port().consumed() + bench.port().starved() + 2 * (kLatency + 2 + 3));
}

std::string NameOf(const testing::TestParamInfo<TernaryShape>& info) {
  constexpr const char* kNames[] = {"Large", "Small", "Single"};
  return kNames[info.param.index];
}
INSTANTIATE_TEST_SUITE_P(Shapes, TernaryUnitTest,
                         testing::Values(kTernaryLarge, kTernarySmall, kTernarySingle), NameOf);

}  // namespace
}  // namespace ternfab
