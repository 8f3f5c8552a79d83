// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

namespace ternfab::timing {

/// tf_fifo without an output register: at most N words (N a power of two), of which a design uses
/// the depth it asks for. A word pushed in a cycle is readable in the next.
template <class T, uint32_t N>
struct Fifo {
  static_assert((N & (N - 1)) == 0);
  T items[N] = {};
  uint32_t first = 0;
  uint32_t count = 0;

  bool empty() const { return count == 0; }
  const T& front() const { return items[first]; }
  const T& at(uint32_t i) const { return items[(first + i) % N]; }
  void Push(const T& item) {
    items[(first + count) % N] = item;
    ++count;
  }
  void Pop() {
    first = (first + 1) % N;
    --count;
  }
};

/// Occupancy of the stream buffers of one port (tf_stream_fifo), a bit of the masks for each
/// client: tf_fifo up to 64 words, tf_fifo_ram with two output registers beyond (`deep`).
struct StreamFifos {
  static constexpr uint32_t kCount = 4;

  uint32_t count[kCount] = {};
  uint8_t filled = 0;  ///< count is not 0
  uint8_t deep = 0;
  uint8_t ram = 0;  ///< ram_valid_q
  uint8_t out = 0;  ///< out_valid_q

  uint8_t valid() const { return out | (filled & ~deep); }

  /// One clock cycle; `pop` only of valid(). `push` is kCount without a beat.
  void Step(uint32_t push, uint8_t pop) {
    const uint8_t ram_ready = uint8_t(~out | pop);
    const uint8_t move = uint8_t(~ram | ram_ready) & deep;
    const uint8_t fetch = uint8_t((filled & move) | (pop & ~deep));
    out = uint8_t((out & ~ram_ready) | (ram & ram_ready));
    ram = uint8_t((ram & ~move) | (fetch & deep));
    if (push != kCount && ++count[push] == 1) filled |= uint8_t(1 << push);
    for (uint32_t left = fetch; left != 0; left &= left - 1) {
      const int c = std::countr_zero(left);
      if (--count[c] == 0) filled &= uint8_t(~(1 << c));
    }
  }

  /// Cycles for which pushing and popping like this changes nothing but counts.
  uint64_t SteadyCycles(uint32_t push, uint8_t pop) const {
    uint64_t cycles = ~uint64_t{0};
    for (uint32_t c = 0; c < kCount; ++c) {
      cycles = std::min(cycles, SteadyCycles(c, c == push, (pop >> c & 1) != 0));
    }
    return cycles;
  }
  void Skip(uint64_t cycles, uint32_t push, uint8_t pop) {
    for (uint32_t c = 0; c < kCount; ++c) {
      const bool in = c == push, taken = (pop >> c & 1) != 0;
      if (in == taken) continue;
      count[c] += in ? uint32_t(cycles) : -uint32_t(cycles);
      if (count[c] == 0) filled &= uint8_t(~(1 << c));
    }
  }

 private:
  uint64_t SteadyCycles(uint32_t c, bool push, bool pop) const {
    constexpr uint64_t kLong = ~uint64_t{0};
    if ((deep >> c & 1) == 0) {
      if (push == pop) return pop && count[c] == 0 ? 0 : kLong;
      return push ? (count[c] == 0 ? 0 : kLong) : count[c];
    }
    const bool in_ram = (ram >> c & 1) != 0, in_out = (out >> c & 1) != 0;
    if (pop) {
      if (!in_ram || !in_out || count[c] == 0) return 0;
      return push ? kLong : count[c];
    }
    if (in_ram && in_out) return push && count[c] == 0 ? 0 : kLong;
    const bool stays = count[c] == 0 && !push && !(in_ram && !in_out);
    return stays ? kLong : 0;
  }
};

}  // namespace ternfab::timing
