// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codegen/plan/program.h"
#include "host/cpu/emulator.h"

namespace ternfab::rtl {

/// Main memory as the driver lays it out in a device's buffer, a strip for each port, in a file
/// that devices can begin with (VerilatedDevice::Options::memory_file).
class JobsMemory {
 public:
  /// With the Program's image.
  explicit JobsMemory(const Program& program);
  ~JobsMemory();
  JobsMemory(const JobsMemory&) = delete;
  JobsMemory& operator=(const JobsMemory&) = delete;

  int file() const { return file_; }
  uint64_t bytes() const { return bytes_; }

  void Write(uint64_t beat, uint64_t offset, std::span<const uint8_t> bytes);
  void Read(uint64_t beat, std::span<uint8_t> out) const;

 private:
  /// Place of byte `offset` from the beginning of a wide beat on.
  uint8_t* At(uint64_t beat, uint64_t offset) const;

  std::vector<uint64_t> bases_;
  size_t port_bytes_;
  size_t wide_bytes_;
  uint64_t bytes_ = 0;
  int file_ = -1;
  uint8_t* data_ = nullptr;
};

}  // namespace ternfab::rtl
