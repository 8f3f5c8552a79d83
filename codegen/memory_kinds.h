// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ternfab {

/// Least distances between the commands of one channel, in memory clock cycles. `_s`: to another
/// bank group, `_l`: to the same one (equal where a device has no bank groups).
struct DramTimings {
  int tRCD = 1;    ///< activate to read or write of the bank
  int tRP = 1;     ///< precharge to activate of the bank
  int tRPab = 1;   ///< precharge of all banks to refresh
  int tRAS = 1;    ///< activate to precharge of the bank; tRC = tRAS + tRP
  int tCL = 1;     ///< read to its first data
  int tCWL = 1;    ///< write to its first data
  int burst = 4;   ///< clock cycles that the data of one access take on the bus
  int tCCD_S = 4;  ///< read to read, write to write
  int tCCD_L = 4;
  int tRRD_S = 1;  ///< activate to activate
  int tRRD_L = 1;
  int tFAW = 1;    ///< an activate to the fourth one after it
  int tWR = 1;     ///< last write data to precharge of the bank
  int tWTR_S = 1;  ///< last write data to read
  int tWTR_L = 1;
  int tRTP = 1;        ///< read to precharge of the bank
  int turnaround = 2;  ///< idle bus cycles between read data and write data
  int tRFC = 1;        ///< refresh to the next activate (of the bank, if refreshed one by one)
  int tREFI = 1000;    ///< one refresh of all banks in this time
  bool per_bank_refresh = false;  ///< banks in turn, one every tREFI / banks
  int act_slots = 1;              ///< cycles of the command bus that a command takes
  int cas_slots = 1;
  int pre_slots = 1;

  bool operator==(const DramTimings&) const = default;
};

/// Shape of one channel; all powers of two.
struct DramGeometry {
  int access_bytes = 64;  ///< of one read or write command
  int bank_groups = 1;    ///< 1: none
  int banks_per_group = 8;
  int row_bytes = 2048;  ///< of an open row of one bank, all devices of the channel together

  int banks() const { return bank_groups * banks_per_group; }
  bool operator==(const DramGeometry&) const = default;
};

/// A kind of memory that a spec can name.
struct DramPreset {
  std::string_view name;
  std::string_view part;  ///< the device whose figures are in the table
  int64_t clock_hz_times_3 =
      0;           ///< of the memory clock; a third of a hertz makes 333 1/3 MHz exact
  int queue = 64;  ///< reads, and writes, that the controller of a channel chooses from
  int units = 1;   ///< independent channels of `geometry` in one memory channel
  DramGeometry geometry;
  DramTimings timings;

  /// Bytes a second of one unit with the bus always busy.
  double PeakBytesPerSecond() const {
    return double(clock_hz_times_3) / 3 * geometry.access_bytes / timings.tCCD_S;
  }
};

/// All presets; docs/memory.md has the source of each number.
std::span<const DramPreset> DramPresets();
/// nullptr if there is none of that name.
const DramPreset* FindDramPreset(std::string_view name);

/// Memory clock cycles in a fabric clock cycle, exactly: cycles / fabric, in lowest terms.
struct ClockRatio {
  int64_t memory = 1;
  int64_t fabric = 1;

  bool operator==(const ClockRatio&) const = default;
};
ClockRatio MakeClockRatio(int64_t memory_hz_times_3, double fabric_mhz);

/// Whole fabric cycles that a read of a closed row takes in an idle channel, from the activate
/// command to the end of its data.
int IdleReadCycles(const DramTimings& timings, const ClockRatio& clocks);

/// Values of a spec's memory.kind: `fixed` and the presets, sorted.
std::vector<std::string_view> MemoryKinds();

}  // namespace ternfab
