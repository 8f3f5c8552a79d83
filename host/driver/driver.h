// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/error.h"
#include "host/driver/design_info.h"
#include "host/driver/device.h"
#include "host/driver/program_view.h"

namespace ternfab::driver {

/// One start.
struct StartArguments {
  uint32_t position = 0;
  uint32_t count = 1;
  std::array<uint32_t, 8> tokens{};
};

/// A counter of the last run.
struct CounterValue {
  std::string name;
  uint64_t value;
};

/// Controls one design: loads a Program, starts it, waits, reads back. The same code drives a board
/// and a simulation.
class Driver {
 public:
  /// Refuses a device whose design hash or instruction set differs from `info`.
  static Expected<Driver> Open(Device& device, const DesignInfo& info);

  /// Resets the design, writes the Program's image, one strip for each port, and clears and enables
  /// the interrupt; fails when the program is for another design or the memory is too small. The
  /// image is not needed afterwards.
  Expected<void> Load(const ProgramView& program);

  /// Runs the decode (count = 1) or prefill program and waits. Fails after `timeout`, or with the
  /// cause of the ERROR register in words; after a failure only Load works.
  Expected<void> Run(const StartArguments& arguments, std::chrono::milliseconds timeout);

  /// Writes whole wide beats from `beat` on, between runs.
  Expected<void> Write(uint64_t beat, std::span<const uint8_t> bytes);

  /// Copies `out.size()` bytes from the wide beats that begin at `beat`.
  Expected<void> Read(uint64_t beat, std::span<uint8_t> out);

  /// Counters of the last run.
  Expected<std::vector<CounterValue>> Counters();

  const DesignInfo& info() const { return *info_; }

 private:
  Driver(Device& device, const DesignInfo& info) : device_(&device), info_(&info) {}

  uint64_t WideBytes() const { return uint64_t(info_->ports) * info_->port_bytes; }
  Expected<void> Reset();
  Expected<void> ClearInterrupt();
  Expected<void> WriteStrip(std::span<const uint8_t> image, uint32_t port);
  Expected<void> CheckError();
  Expected<uint64_t> ReadWide(uint32_t offset);

  Device* device_;
  const DesignInfo* info_;
  ProgramView program_;       ///< without the image
  uint64_t strip_bytes_ = 0;  ///< distance of the ports' images
  bool loaded_ = false;
};

}  // namespace ternfab::driver
