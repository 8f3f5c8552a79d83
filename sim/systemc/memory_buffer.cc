// SPDX-License-Identifier: Apache-2.0
#include "sim/systemc/memory_buffer.h"

#include <sys/mman.h>

#include <utility>

#include "common/check.h"

namespace ternfab::systemc {

MemoryBuffer::MemoryBuffer(uint64_t bytes) : bytes_(bytes) {
  void* data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  TF_CHECK(data != MAP_FAILED, "{} bytes of memory", bytes);
  data_ = static_cast<uint8_t*>(data);
}

MemoryBuffer::~MemoryBuffer() { munmap(data_, bytes_); }

void MemoryBuffer::NoteHostWrite(ByteRange range) {
  if (!host_writes_.empty() && host_writes_.back().end == range.begin) {
    host_writes_.back().end = range.end;
  } else {
    host_writes_.push_back(range);
  }
}

std::vector<ByteRange> MemoryBuffer::TakeHostWrites() { return std::exchange(host_writes_, {}); }

}  // namespace ternfab::systemc
