// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "sim/memory/memory_timing.h"
#include "sim/timing/hash.h"
#include "sim/timing/unit_timing.h"

namespace ternfab::timing {

/// A MemoryTiming in the form that the DMAs of the cycle model use (see FixedMemory): every port
/// on its own.
class SharedMemory {
 public:
  explicit SharedMemory(const MemoryConfig& config)
      : memory_(config), in_(size_t(memory_.ports())) {
    Clear();
  }

  int read_ports() const { return memory_.ports(); }
  bool ArReady(int port) const { return memory_.out(port).arready; }
  bool RValid(int port) const { return memory_.out(port).rvalid; }
  bool AwReady(int port) const { return memory_.out(port).awready; }
  bool WReady(int port) const { return memory_.out(port).wready; }
  bool BValid(int port) const { return memory_.out(port).bvalid; }

  void TakeRead(int port, uint64_t address, int beats) {
    in_[port].arvalid = true;
    in_[port].araddr = address;
    in_[port].arbeats = beats;
    asked_ = true;
  }
  void TakeAddress(int port, uint64_t address) {
    in_[port].awvalid = true;
    in_[port].awaddr = address;
    asked_ = true;
  }
  void TakeData(int port) {
    in_[port].wvalid = true;
    asked_ = true;
  }
  void Tick() {
    memory_.Tick(in_);
    if (asked_) Clear();
  }

  uint64_t cycle() const { return memory_.cycle(); }
  /// What comes is known only when it has come: see Skip.
  uint64_t SteadyCycles() const {
    if (asked_) return 0;
    for (int p = 0; p < memory_.ports(); ++p) {
      if (memory_.out(p).bvalid) return 0;
    }
    return kMostSkipped;
  }
  uint64_t Skip(uint64_t cycles) { return memory_.TickSteady(cycles); }
  void AddTo(StateHash& hash) const { hash.Add(memory_.Digest()); }

 private:
  static constexpr uint64_t kMostSkipped = uint64_t{1} << 32;

  void Clear() {
    MemoryPortIn idle;
    idle.rready = idle.bready = idle.wlast = true;
    for (MemoryPortIn& in : in_) in = idle;
    asked_ = false;
  }

  MemoryTiming memory_;
  std::vector<MemoryPortIn> in_;
  bool asked_ = false;
};

}  // namespace ternfab::timing
