// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace ternfab::systemc {

/// Bytes [begin, end) of the buffer.
struct ByteRange {
  uint64_t begin = 0;
  uint64_t end = 0;
};

/// The bytes of the platform's main memory, zero at first. Pages come into being when they are
/// touched. Remembers what the host wrote, which a device may want to know.
class MemoryBuffer {
 public:
  /// Anything page aligned but 0, to find mistakes.
  static constexpr uint64_t kBusAddress = 0x4000'0000;

  explicit MemoryBuffer(uint64_t bytes);
  MemoryBuffer(const MemoryBuffer&) = delete;
  MemoryBuffer& operator=(const MemoryBuffer&) = delete;
  ~MemoryBuffer();

  uint8_t* data() { return data_; }
  uint64_t bytes() const { return bytes_; }
  uint64_t bus_address() const { return kBusAddress; }
  /// Whether the bus addresses [address, address + bytes) are all here.
  bool Inside(uint64_t address, uint64_t bytes) const {
    return address >= kBusAddress && bytes <= bytes_ && address - kBusAddress <= bytes_ - bytes;
  }

  /// Notes a write of the host; ranges that touch become one.
  void NoteHostWrite(ByteRange range);
  /// What the host wrote since the last call, in the order of its writes.
  std::vector<ByteRange> TakeHostWrites();

 private:
  uint8_t* data_;
  uint64_t bytes_;
  std::vector<ByteRange> host_writes_;
};

}  // namespace ternfab::systemc
