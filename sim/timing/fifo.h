// SPDX-License-Identifier: Apache-2.0
#pragma once

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

/// Occupancy of tf_stream_fifo: tf_fifo up to 64 words, tf_fifo_ram with two output registers
/// beyond.
struct StreamFifo {
  uint32_t count = 0;
  bool deep = false;
  bool ram = false;  ///< ram_valid_q
  bool out = false;  ///< out_valid_q

  bool valid() const { return deep ? out : count != 0; }
  bool empty() const { return count == 0 && !ram && !out; }

  /// One clock cycle; `pop` only while valid().
  void Step(bool push, bool pop) {
    if (!deep) {
      count += uint32_t(push) - uint32_t(pop);
      return;
    }
    const bool ram_ready = !out || pop;
    const bool move = !ram || ram_ready;
    const bool fetch = count != 0 && move;
    if (ram_ready) out = ram;
    if (move) ram = fetch;
    count += uint32_t(push) - uint32_t(fetch);
  }

  /// Cycles for which pushing and popping like this changes nothing but the count.
  uint64_t SteadyCycles(bool push, bool pop) const {
    constexpr uint64_t kLong = ~uint64_t{0};
    if (!deep) {
      if (push == pop) return pop && count == 0 ? 0 : kLong;
      return push ? (count == 0 ? 0 : kLong) : count;
    }
    if (pop) {
      if (!ram || !out || count == 0) return 0;
      return push ? kLong : count;
    }
    if (ram && out) return kLong;
    const bool stays = count == 0 && !push && !(ram && !out);
    return stays ? kLong : 0;
  }
  void Skip(uint64_t cycles, bool push, bool pop) {
    if (push != pop) count += push ? uint32_t(cycles) : -uint32_t(cycles);
  }
};

}  // namespace ternfab::timing
