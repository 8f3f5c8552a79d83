// SPDX-License-Identifier: Apache-2.0
// The integer sums: the scalar kernels against the definition, every other one against the scalar.
// Also built for aarch64 and run under qemu.
#include "host/cpu/kernels.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace ternfab {
namespace {

constexpr WeightCode kCodes[] = {WeightCode::kBase3, WeightCode::kTwoBit, WeightCode::kInt8};

constexpr int kAny = 99;  // a random value, not a fixed one

/// Random rows and activations of one shape.
struct Case {
  Case(const TernaryShape& s, int group_count, int slot_count, int fixed_x, int fixed_trit)
      : shape(s), groups(group_count), slots(slot_count) {
    std::mt19937 random(uint32_t(shape.wide_bytes() * 7919 + shape.row_beats * 31 + slots));
    const auto draw = [&](int fixed, int count, int least) {
      return int8_t(fixed != kAny ? fixed : int(random() % unsigned(count)) + least);
    };
    x.resize(size_t(slots), std::vector<int8_t>(size_t(shape.cols())));
    for (auto& slot : x) {
      for (int8_t& value : slot) value = draw(fixed_x, 256, -128);
    }
    trits.resize(size_t(groups) * shape.ports, std::vector<int8_t>(size_t(shape.cols())));
    // One allocation of exactly the bytes: reading beyond them would be found.
    weights.resize(size_t(groups * shape.group_bytes()));
    for (size_t row = 0; row < trits.size(); ++row) {
      const bool ternary = shape.code != WeightCode::kInt8;
      for (int8_t& trit : trits[row]) {
        trit = ternary ? draw(fixed_trit, 3, -1) : draw(fixed_trit, 256, -128);
      }
      for (int j = 0; j < shape.row_beats; ++j) {
        const size_t wide = row / size_t(shape.ports) * size_t(shape.row_beats) + size_t(j);
        PackBeat(
            std::span(trits[row]).subspan(size_t(j * shape.lanes()), size_t(shape.lanes())),
            shape.code,
            std::span(weights).subspan(wide * size_t(shape.wide_bytes()) +
                                           row % size_t(shape.ports) * size_t(shape.port_bytes),
                                       size_t(shape.port_bytes)));
      }
    }
  }

  /// [slot][row] of groups first .. last - 1; others stay 7.
  std::vector<int32_t> Run(const Kernels& kernels, int first, int last) const {
    std::vector<const int8_t*> pointers;
    for (const auto& slot : x) pointers.push_back(slot.data());
    TernaryInput input;
    input.Set(shape, kernels.block_bytes, pointers);
    std::vector<int32_t> y(trits.size() * size_t(slots), 7);
    kernels.ternary({shape, weights.data(), &input, first, last, y.data(), int64_t(trits.size())});
    return y;
  }

  std::vector<int32_t> Definition(int first, int last) const {
    std::vector<int32_t> y;
    for (int b = 0; b < slots; ++b) {
      for (int row = 0; row < int(trits.size()); ++row) {
        const bool inside = row >= first * shape.ports && row < last * shape.ports;
        const auto& t = trits[size_t(row)];
        y.push_back(inside ? std::inner_product(t.begin(), t.end(), x[size_t(b)].begin(), 0) : 7);
      }
    }
    return y;
  }

  TernaryShape shape;
  int groups;
  int slots;
  std::vector<std::vector<int8_t>> x, trits;
  std::vector<uint8_t> weights;
};

void ExpectAllEqual(const Case& c, int first, int last) {
  const std::vector<int32_t> want = c.Definition(first, last);
  for (const Kernels* kernels : SupportedKernels()) {
    EXPECT_EQ(c.Run(*kernels, first, last), want) << kernels->name;
  }
}

TEST(TernaryKernels, EveryMemoryShape) {
  for (const WeightCode code : kCodes) {
    for (const int port_bytes : {4, 8, 16, 32, 64}) {
      for (const int ports : {1, 2, 4, 8, 16}) {
        for (const int row_beats : {1, 2, 3, 4, 7, 17}) {
          SCOPED_TRACE(fmt::format("code {}, {} ports of {} bytes, {} beats", int(code), ports,
                                   port_bytes, row_beats));
          const Case c({code, ports, port_bytes, row_beats}, 3, 1, kAny, kAny);
          ExpectAllEqual(c, 0, 3);
          ExpectAllEqual(c, 1, 2);
        }
      }
    }
  }
}

TEST(TernaryKernels, EveryNumberOfSlots) {
  for (const WeightCode code : kCodes) {
    for (int slots = 1; slots <= 13; ++slots) {
      SCOPED_TRACE(slots);
      ExpectAllEqual(Case({code, 4, 16, 5}, 2, slots, kAny, kAny), 0, 2);
      ExpectAllEqual(Case({code, 1, 8, 5}, 2, slots, kAny, kAny), 0, 2);
      ExpectAllEqual(Case({code, 2, 64, 3}, 2, slots, kAny, kAny), 0, 2);
    }
  }
}

TEST(TernaryKernels, ExtremesDoNotOverflow) {
  for (const WeightCode code : kCodes) {
    for (const int x : {-128, 127}) {
      for (const int trit : {-1, 0, 1, -128, 127}) {
        if (code != WeightCode::kInt8 && (trit < -1 || trit > 1)) continue;
        ExpectAllEqual(Case({code, 4, 16, 180}, 1, 5, x, trit), 0, 1);
        ExpectAllEqual(Case({code, 1, 4, 1001}, 2, 2, x, trit), 0, 2);
      }
    }
  }
}

TEST(TernaryKernels, EveryByteIsDecoded) {
  // Byte v in every place, activations that tell the digits apart.
  for (const WeightCode code : kCodes) {
    const TernaryShape shape{code, 4, 16, 1};
    for (int v = 0; v < 256; ++v) {
      Case c(shape, 1, 1, kAny, 0);
      const std::vector<uint8_t> bytes(16, uint8_t(v));
      std::vector<int8_t> trits(size_t(shape.lanes()));
      const bool valid = UnpackBeat(bytes, code, trits).has_value();
      c.weights.assign(c.weights.size(), uint8_t(v));
      EXPECT_EQ(ValidWeights(code, c.weights), valid) << v;
      if (!valid) continue;
      c.trits.assign(c.trits.size(), trits);
      ExpectAllEqual(c, 0, 1);
    }
  }
}

TEST(TernaryKernels, OneInvalidByteIsFoundAnywhere) {
  for (const size_t size : {1u, 31u, 64u, 1000u}) {
    for (const size_t at : {size_t{0}, size / 2, size - 1}) {
      std::vector<uint8_t> base3(size, 242), two_bit(size, 0b11010011);
      EXPECT_TRUE(ValidWeights(WeightCode::kBase3, base3));
      EXPECT_TRUE(ValidWeights(WeightCode::kTwoBit, two_bit));
      base3[at] = 243;
      two_bit[at] = 0b00100000;
      EXPECT_FALSE(ValidWeights(WeightCode::kBase3, base3));
      EXPECT_FALSE(ValidWeights(WeightCode::kTwoBit, two_bit));
    }
  }
}

std::vector<int8_t> RandomBytes(size_t n, int fixed, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<int8_t> bytes(n);
  for (int8_t& b : bytes) b = int8_t(fixed != kAny ? fixed : int(random() % 256) - 128);
  return bytes;
}

TEST(Int8Kernels, DotIsTheSumOverARow) {
  for (const int row_bytes : {1, 4, 15, 16, 17, 63, 64, 65, 128, 2560, 14336}) {
    for (const int count : {1, 2, 5}) {
      for (const auto& [fixed_row, fixed_x] :
           {std::pair{kAny, kAny}, std::pair{-128, -128}, std::pair{127, -128}}) {
        const auto rows = RandomBytes(size_t(row_bytes * count), fixed_row, 1);
        const auto x = RandomBytes(size_t(row_bytes), fixed_x, 2);
        std::vector<int32_t> want;
        for (int t = 0; t < count; ++t) {
          want.push_back(std::inner_product(x.begin(), x.end(), rows.begin() + t * row_bytes, 0));
        }
        for (const Kernels* kernels : SupportedKernels()) {
          std::vector<int32_t> y(size_t(count), 7);
          kernels->dot(rows.data(), row_bytes, count, x.data(), y.data());
          EXPECT_EQ(y, want) << kernels->name << ", rows of " << row_bytes;
        }
      }
    }
  }
}

TEST(Int8Kernels, AccumulateIsTheSumOverRows) {
  for (const int row_bytes : {4, 16, 64, 68, 128, 256}) {
    for (const int count : {1, 2, 3, 4, 5, 129, 4096}) {
      for (const int columns : {1, row_bytes / 2, row_bytes - 1, row_bytes}) {
        for (const int fixed : {kAny, -128, 127}) {
          const auto rows = RandomBytes(size_t(row_bytes * count), fixed, 3);
          const auto p = RandomBytes(size_t(count), fixed == kAny ? kAny : -128, 4);
          std::vector<int32_t> want(size_t(columns), 0);
          for (int t = 0; t < count; ++t) {
            for (int i = 0; i < columns; ++i) {
              want[size_t(i)] += p[size_t(t)] * rows[size_t(t * row_bytes + i)];
            }
          }
          for (const Kernels* kernels : SupportedKernels()) {
            std::vector<int32_t> y(size_t(columns), 7);
            kernels->accumulate(rows.data(), row_bytes, count, p.data(), columns, y.data());
            EXPECT_EQ(y, want) << kernels->name << ", " << count << " rows of " << row_bytes;
          }
        }
      }
    }
  }
}

TEST(Int8Kernels, SumsAreModulo2To32) {
  constexpr int kTerms = 3 * (1 << 17) + 5, kColumns = 16;
  const auto bytes = RandomBytes(size_t(kTerms) * kColumns, -128, 5);
  const int32_t want = int32_t(uint32_t(kTerms) << 14);
  for (const Kernels* kernels : SupportedKernels()) {
    std::vector<int32_t> y(kColumns, 7);
    kernels->dot(bytes.data(), kTerms, kColumns, bytes.data(), y.data());
    EXPECT_EQ(y, std::vector<int32_t>(kColumns, want)) << kernels->name;
    kernels->accumulate(bytes.data(), kColumns, kTerms, bytes.data(), kColumns, y.data());
    EXPECT_EQ(y, std::vector<int32_t>(kColumns, want)) << kernels->name;
  }
}

TEST(Kernels, TheFirstIsTheScalarOne) {
  EXPECT_EQ(SupportedKernels().front(), &ScalarKernels());
  EXPECT_EQ(SupportedKernels().back(), &BestKernels());
}

#if defined(__aarch64__)
TEST(Kernels, NeonIsAmongThem) {
  EXPECT_STREQ(BestKernels().name, "neon-dotprod") << "qemu-aarch64 -cpu max has asimddp";
}
#endif

}  // namespace
}  // namespace ternfab
