// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/huge_buffer.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "common/check.h"

namespace ternfab {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;

}  // namespace

HugeBuffer::HugeBuffer(size_t bytes) : size_(bytes) {
  if (bytes == 0) return;
  mapped_ = (bytes + kHugePage - 1) / kHugePage * kHugePage + kHugePage;
  mapping_ = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  TF_CHECK(mapping_ != MAP_FAILED, "{} bytes: {}", mapped_, std::strerror(errno));
  const uintptr_t first = reinterpret_cast<uintptr_t>(mapping_);
  data_ = reinterpret_cast<uint8_t*>((first + kHugePage - 1) / kHugePage * kHugePage);
  // A system without huge pages refuses; ordinary pages serve as well, slower.
  (void)madvise(data_, mapped_ - kHugePage, MADV_HUGEPAGE);
}

HugeBuffer& HugeBuffer::operator=(HugeBuffer&& other) noexcept {
  std::swap(mapping_, other.mapping_);
  std::swap(mapped_, other.mapped_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

HugeBuffer::~HugeBuffer() {
  if (mapping_ != nullptr) munmap(mapping_, mapped_);
}

}  // namespace ternfab
