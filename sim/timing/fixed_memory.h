// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/timing/fifo.h"
#include "sim/timing/unit_timing.h"

namespace ternfab::timing {

/// Memory that answers after a constant latency, one beat a cycle, and is always ready for
/// addresses and data: kind `fixed` of MemoryTiming for managers that keep at most 32 reads and 16
/// writes open at a port. All ports of a design read in step, so there is one read side.
class FixedMemory {
 public:
  static constexpr int kMaxPorts = 32;

  FixedMemory(int latency, int ports) : latency_(uint64_t(latency)), ports_(ports) {}

  int read_ports() const { return 1; }
  bool ArReady(int) const { return true; }
  bool RValid(int) const { return rvalid_; }
  bool AwReady(int) const { return true; }
  bool WReady(int) const { return true; }
  bool BValid(int port) const { return writes_[port].bvalid; }

  void TakeRead(int, uint64_t, int beats) { reads_.Push({cycle_ + latency_, uint32_t(beats)}); }
  void TakeAddress(int port, uint64_t) {
    ++writes_[port].addresses;
    Match(writes_[port]);
  }
  void TakeData(int port) {
    ++writes_[port].beats;
    Match(writes_[port]);
  }

  void Tick() {
    ++cycle_;
    if (rvalid_ && ++done_ == reads_.front().beats) {
      reads_.Pop();
      done_ = 0;
    }
    rvalid_ = !reads_.empty() && reads_.front().ready <= cycle_;
    if (open_writes_ != 0) TickWrites();
  }

  uint64_t cycle() const { return cycle_; }
  /// Cycles, this one included, in which what is driven stays the same if nothing is asked; a
  /// burst that is answered may go over to the next.
  uint64_t SteadyCycles() const {
    if (open_writes_ != 0) return 0;
    if (reads_.empty()) return kForever;
    if (rvalid_) return reads_.front().beats - done_;
    return reads_.front().ready - cycle_;
  }
  /// As many Ticks, or as many as what is driven stays the same in; returns their number.
  uint64_t Skip(uint64_t cycles) {
    cycle_ += cycles - 1;
    if (rvalid_) done_ += uint32_t(cycles - 1);
    Tick();
    return cycles;
  }

  template <class Hash>
  void AddTo(Hash& hash) const {
    hash.Add(rvalid_, done_, reads_.count);
    for (uint32_t i = 0; i < reads_.count; ++i) {
      hash.Add(std::max(reads_.at(i).ready, cycle_) - cycle_, reads_.at(i).beats);
    }
    for (int p = 0; p < ports_; ++p) {
      const Writes& w = writes_[p];
      hash.Add(w.addresses, w.beats, w.bvalid, w.acks.count);
      for (uint32_t i = 0; i < w.acks.count; ++i) {
        hash.Add(std::max(w.acks.at(i), cycle_) - cycle_);
      }
    }
  }

 private:
  struct Read {
    uint64_t ready;
    uint32_t beats;
  };
  struct Writes {
    uint32_t addresses = 0;
    uint32_t beats = 0;
    bool bvalid = false;
    Fifo<uint64_t, 64> acks;
  };

  void Match(Writes& w) {
    if (w.addresses == 0 || w.beats == 0) return;
    --w.addresses;
    --w.beats;
    w.acks.Push(cycle_ + latency_);
    ++open_writes_;
  }
  void TickWrites() {
    for (int p = 0; p < ports_; ++p) {
      Writes& w = writes_[p];
      if (w.bvalid) {
        w.acks.Pop();
        --open_writes_;
      }
      w.bvalid = !w.acks.empty() && w.acks.front() <= cycle_;
    }
  }

  uint64_t latency_;
  int ports_;
  uint64_t cycle_ = 0;
  Fifo<Read, 64> reads_;
  uint32_t done_ = 0;
  bool rvalid_ = false;
  uint32_t open_writes_ = 0;
  Writes writes_[kMaxPorts];
};

}  // namespace ternfab::timing
