// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <span>

#include "common/error.h"

namespace ternfab::driver {

/// A design that the driver controls: its registers and its main memory.
/// Contract:
/// - register offsets are bytes from the start of the AXI4-Lite space, multiples of 4;
/// - memory offsets are bytes from the start of the device's buffer, whose bus address is
///   bus_address(); copies are coherent: what CopyIn wrote is seen by the design, what the design
///   wrote is seen by CopyOut.
class Device {
 public:
  virtual ~Device() = default;

  virtual Expected<uint32_t> ReadRegister(uint32_t offset) = 0;
  virtual Expected<void> WriteRegister(uint32_t offset, uint32_t value) = 0;

  /// Copies between the host and the buffer; fails when the range is outside it.
  virtual Expected<void> CopyIn(uint64_t offset, std::span<const uint8_t> bytes) = 0;
  virtual Expected<void> CopyOut(uint64_t offset, std::span<uint8_t> bytes) = 0;

  /// Bytes of the buffer and its address on the design's bus.
  virtual uint64_t memory_bytes() const = 0;
  virtual uint64_t bus_address() const = 0;

  /// Blocks until the design raises its interrupt or `timeout` passes; false: timed out. A spurious
  /// return of true is allowed: the driver reads ap_ctrl.
  virtual Expected<bool> WaitInterrupt(std::chrono::milliseconds timeout) = 0;
};

}  // namespace ternfab::driver
