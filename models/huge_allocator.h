// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <vector>

namespace ternfab {

/// Allocator of the bytes of weights and tables. They lie in huge pages where the system gives them
/// (madvise): memory that is written once costs its page faults above all, and where it is read
/// from end to end the prefetchers and the TLB do not stop at every 4 KiB. A last part that fills
/// less than three quarters of a huge page lies in small ones. Aligned to a line of 64 bytes, in
/// huge pages to 2 MiB. Elements that are constructed from nothing stay unwritten.
template <class T>
struct HugeAllocator {
  using value_type = T;
  static constexpr size_t kHugePage = size_t{2} << 20;
  static constexpr size_t kLine = 64;

  HugeAllocator() = default;
  template <class U>
  explicit HugeAllocator(const HugeAllocator<U>&) {}

  T* allocate(size_t count) {
    const size_t bytes = count * sizeof(T), huge = HugeBytes(bytes);
    const size_t alignment = huge == 0 ? kLine : kHugePage;
    void* data = nullptr;
    if (posix_memalign(&data, alignment, std::max(bytes, huge)) != 0) throw std::bad_alloc();
    // A system without huge pages refuses; ordinary pages serve as well, slower.
    if (huge > 0) (void)madvise(data, huge, MADV_HUGEPAGE);
    return static_cast<T*>(data);
  }
  void deallocate(T* data, size_t) { std::free(data); }

  template <class U>
  void construct(U* element) {
    ::new (static_cast<void*>(element)) U;
  }
  template <class U, class Value>
  void construct(U* element, Value&& value) {
    ::new (static_cast<void*>(element)) U(static_cast<Value&&>(value));
  }

  bool operator==(const HugeAllocator&) const = default;

 private:
  /// Bytes of the huge pages for `bytes`.
  static size_t HugeBytes(size_t bytes) { return (bytes + kHugePage / 4) / kHugePage * kHugePage; }
};

/// Bytes of weights or tables, unwritten at first.
using HugeBytes = std::vector<uint8_t, HugeAllocator<uint8_t>>;

}  // namespace ternfab
