// SPDX-License-Identifier: Apache-2.0
#include "codegen/memory_kinds.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "common/check.h"
#include "common/integer.h"

// In clock cycles; where a data sheet gives nanoseconds, rounded up. docs/memory.md has the table
// with nanoseconds and sources.

namespace ternfab {
namespace {

constexpr int64_t kMHz3 = 3'000'000;

/// Micron MT40A512M16 (8 Gb, x16) four times, DDR4-2400T, tCK 0.833 ns.
constexpr DramPreset kDdr4{
    "ddr4-2400",
    "4 x Micron MT40A512M16, 64 bit, DDR4-2400T 17-17-17",
    1200 * kMHz3,
    64,
    1,
    {.access_bytes = 64, .bank_groups = 2, .banks_per_group = 4, .row_bytes = 8192},
    {.tRCD = 17,
     .tRP = 17,
     .tRPab = 17,
     .tRAS = 39,
     .tCL = 17,
     .tCWL = 12,
     .burst = 4,
     .tCCD_S = 4,
     .tCCD_L = 6,
     .tRRD_S = 7,
     .tRRD_L = 8,
     .tFAW = 36,
     .tWR = 18,
     .tWTR_S = 3,
     .tWTR_L = 9,
     .tRTP = 9,
     .turnaround = 2,
     .tRFC = 420,
     .tREFI = 9360}};

/// Micron MT53D512M32D2 (two x16 channels of 8 Gb), LPDDR4-3200, tCK 0.625 ns. tCL holds RL = 28
/// and tDQSCK = 3.5 ns.
constexpr DramPreset kLpddr4{
    "lpddr4",
    "Micron MT53D512M32D2, x32 (two channels of 16 bit), LPDDR4-3200",
    1600 * kMHz3,
    64,
    2,
    {.access_bytes = 32, .bank_groups = 1, .banks_per_group = 8, .row_bytes = 2048},
    {.tRCD = 29,
     .tRP = 29,
     .tRPab = 34,
     .tRAS = 68,
     .tCL = 34,
     .tCWL = 15,
     .burst = 8,
     .tCCD_S = 8,
     .tCCD_L = 8,
     .tRRD_S = 16,
     .tRRD_L = 16,
     .tFAW = 64,
     .tWR = 29,
     .tWTR_S = 16,
     .tWTR_L = 16,
     .tRTP = 12,
     .turnaround = 2,
     .tRFC = 448,
     .tREFI = 6246,
     .per_bank_refresh = false,
     .act_slots = 4,
     .cas_slots = 4,
     .pre_slots = 2}};

/// Micron MT41K128M16JT-125 (2 Gb, x16) at 333 1/3 MHz, tCK 3 ns.
constexpr DramPreset kDdr3{
    "ddr3",
    "Micron MT41K128M16JT-125, 16 bit, at 333 MHz (DDR3-667)",
    1'000'000'000,
    64,
    1,
    {.access_bytes = 16, .bank_groups = 1, .banks_per_group = 8, .row_bytes = 2048},
    {.tRCD = 5,
     .tRP = 5,
     .tRPab = 5,
     .tRAS = 12,
     .tCL = 5,
     .tCWL = 5,
     .burst = 4,
     .tCCD_S = 4,
     .tCCD_L = 4,
     .tRRD_S = 4,
     .tRRD_L = 4,
     .tFAW = 14,
     .tWR = 5,
     .tWTR_S = 4,
     .tWTR_L = 4,
     .tRTP = 4,
     .turnaround = 2,
     .tRFC = 54,
     .tREFI = 2600}};

/// One pseudo channel of the two 4 GB stacks of a U280 at 900 MHz, tCK 1.111 ns.
constexpr DramPreset kHbm2{
    "hbm2",
    "HBM2 of the Alveo U280, one pseudo channel of 64 bit at 1800 MT/s",
    900 * kMHz3,
    128,
    1,
    {.access_bytes = 32, .bank_groups = 4, .banks_per_group = 4, .row_bytes = 1024},
    {.tRCD = 13,
     .tRP = 13,
     .tRPab = 13,
     .tRAS = 31,
     .tCL = 13,
     .tCWL = 4,
     .burst = 2,
     .tCCD_S = 2,
     .tCCD_L = 4,
     .tRRD_S = 4,
     .tRRD_L = 6,
     .tFAW = 27,
     .tWR = 15,
     .tWTR_S = 6,
     .tWTR_L = 8,
     .tRTP = 6,
     .turnaround = 2,
     .tRFC = 234,
     .tREFI = 3510}};

constexpr std::array kPresets{kDdr3, kDdr4, kHbm2, kLpddr4};

}  // namespace

std::span<const DramPreset> DramPresets() { return kPresets; }

const DramPreset* FindDramPreset(std::string_view name) {
  for (const DramPreset& preset : kPresets) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

ClockRatio MakeClockRatio(int64_t memory_hz_times_3, double fabric_mhz) {
  const int64_t fabric = 3 * int64_t(std::llround(fabric_mhz * 1e6));
  TF_CHECK(memory_hz_times_3 > 0 && fabric > 0, "{} / {}", memory_hz_times_3, fabric);
  const int64_t common = std::gcd(memory_hz_times_3, fabric);
  return {memory_hz_times_3 / common, fabric / common};
}

int IdleReadCycles(const DramTimings& t, const ClockRatio& clocks) {
  return int(CeilDiv((t.tRCD + t.tCL + t.burst) * clocks.fabric, clocks.memory));
}

std::vector<std::string_view> MemoryKinds() {
  std::vector<std::string_view> kinds{"fixed"};
  for (const DramPreset& preset : kPresets) kinds.push_back(preset.name);
  std::sort(kinds.begin(), kinds.end());
  return kinds;
}

}  // namespace ternfab
