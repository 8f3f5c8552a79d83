// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/sim/memory/memory_driver.h"

namespace ternfab {
namespace {

struct Case {
  const char* kind;
  int ports;
  int width_bits;
  double mhz;
  int channels;
  int burst;
};

/// Ports that could take more than the memory gives read sequentially; the regions of the ports are
/// no round distance apart.
double Fraction(const Case& c) {
  StreamReader reader(ConfigOfKind(c.kind, c.ports, c.width_bits, c.mhz, c.channels), c.burst,
                      2048);
  for (size_t p = 0; p < reader.streams.size(); ++p) reader.streams[p].address = p * 0x2345000;
  constexpr uint64_t kWarm = 2000, kCycles = 60000;
  reader.Run(kWarm);
  uint64_t before = 0, after = 0;
  for (const auto& stream : reader.streams) before += stream.beats;
  reader.Run(kCycles);
  for (const auto& stream : reader.streams) after += stream.beats;
  const DramPreset& preset = *FindDramPreset(c.kind);
  const double rate = double(after - before) * (c.width_bits / 8) * c.mhz * 1e6 / kCycles;
  return rate / (preset.PeakBytesPerSecond() * preset.units * c.channels);
}

class Bandwidth : public testing::TestWithParam<Case> {};

TEST_P(Bandwidth, SequentialReadsLoseLittleButTheRefreshes) {
  const Case& c = GetParam();
  const DramTimings& t = FindDramPreset(c.kind)->timings;
  const double bound = 1 - double(t.tRFC) / t.tREFI;
  const double fraction = Fraction(c);
  fmt::print(
      "{} x {}, {} ports of {} bit at {} MHz: {:.4f} of the peak, 1 - tRFC/tREFI = {:.4f}, "
      "quotient {:.4f}\n",
      c.kind, c.channels, c.ports, c.width_bits, c.mhz, fraction, bound, fraction / bound);
  EXPECT_GE(fraction, 0.97 * bound);
  EXPECT_LE(fraction, bound);
}

INSTANTIATE_TEST_SUITE_P(OneStream, Bandwidth,
                         testing::Values(Case{"ddr3", 1, 128, 100, 1, 128},
                                         Case{"ddr4-2400", 1, 512, 400, 1, 64},
                                         Case{"lpddr4", 1, 512, 300, 1, 64},
                                         Case{"hbm2", 1, 512, 300, 1, 64}));
INSTANTIATE_TEST_SUITE_P(FourStreams, Bandwidth,
                         testing::Values(Case{"ddr3", 4, 32, 100, 1, 256},
                                         Case{"ddr4-2400", 4, 128, 400, 1, 128},
                                         Case{"lpddr4", 4, 128, 300, 1, 128},
                                         Case{"hbm2", 4, 256, 500, 4, 128}));

}  // namespace
}  // namespace ternfab
