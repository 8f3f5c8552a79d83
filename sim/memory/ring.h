// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ternfab {

/// Queue of at most `capacity` values in place; copying it copies the values. The caller keeps to
/// the capacity.
template <class T>
class Ring {
 public:
  explicit Ring(size_t capacity = 1)
      : slots_(std::bit_ceil(capacity < 1 ? size_t{1} : capacity)), mask_(slots_.size() - 1) {}

  size_t size() const { return tail_ - head_; }
  bool empty() const { return tail_ == head_; }
  /// i = 0 is the oldest.
  T& operator[](size_t i) { return slots_[(head_ + i) & mask_]; }
  const T& operator[](size_t i) const { return slots_[(head_ + i) & mask_]; }
  T& front() { return slots_[head_ & mask_]; }
  const T& front() const { return slots_[head_ & mask_]; }
  void push(const T& value) { slots_[tail_++ & mask_] = value; }
  void pop() { ++head_; }

 private:
  std::vector<T> slots_;
  size_t mask_;
  size_t head_ = 0;
  size_t tail_ = 0;
};

}  // namespace ternfab
