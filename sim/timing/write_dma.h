// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "codegen/signature.h"
#include "sim/timing/fifo.h"
#include "sim/timing/hash.h"

namespace ternfab::timing {

/// tf_write_dma, cycle by cycle. Memory is any class with the members of FixedMemory's write side.
class WriteDma {
 public:
  static constexpr uint32_t kMaxWrites = 16;  ///< beats of a port queued or unacknowledged

  WriteDma(const DesignSignature& signature, const std::vector<uint64_t>& port_bases)
      : ports_(port_bases.size()),
        bases_(port_bases),
        byte_shift_(std::countr_zero(unsigned(signature.params.port_bytes()))),
        writes_(uint32_t(signature.write_depth)) {}

  bool idle() const { return open_ == 0; }
  bool ready() const { return ready_; }

  /// One clock cycle; the memory's own Tick follows. `ports`: those that get a beat, which `addr`
  /// is for (only while ready()).
  template <class Memory>
  void Step(uint32_t ports, uint32_t addr, Memory& memory) {
    if (ports == 0 && open_ == 0) return;
    ready_ = true;
    for (int p = 0; p < int(ports_.size()); ++p) StepPort(p, (ports >> p & 1) != 0, addr, memory);
  }

  void AddTo(StateHash& hash) const {
    for (const Port& port : ports_) {
      hash.Add(port.count, port.data, port.addresses.count, port.aw_valid);
      for (uint32_t i = 0; i < port.addresses.count; ++i) hash.Add(port.addresses.at(i));
      if (port.aw_valid) hash.Add(port.aw);
    }
  }

 private:
  /// tf_write_port.
  struct Port {
    uint32_t count = 0;  ///< queued or unacknowledged
    uint32_t data = 0;   ///< queued beats
    bool aw_valid = false;
    uint32_t aw = 0;
    Fifo<uint32_t, kMaxWrites> addresses;
  };

  template <class Memory>
  void StepPort(int p, bool push, uint32_t addr, Memory& memory) {
    Port& port = ports_[p];
    const bool acknowledged = memory.BValid(p);
    const bool taken = !port.aw_valid || memory.AwReady(p);
    if (port.aw_valid && taken) {
      memory.TakeAddress(p, bases_[p] + (uint64_t(port.aw) << byte_shift_));
    }
    if (port.data != 0 && memory.WReady(p)) {
      memory.TakeData(p);
      --port.data;
    }
    if (taken) {
      port.aw_valid = !port.addresses.empty();
      if (port.aw_valid) {
        port.aw = port.addresses.front();
        port.addresses.Pop();
      }
    }
    if (push) {
      port.addresses.Push(addr);
      ++port.data;
    }
    port.count += uint32_t(push) - uint32_t(acknowledged);
    open_ += uint32_t(push) - uint32_t(acknowledged);
    ready_ = ready_ && port.count != writes_;
  }

  std::vector<Port> ports_;
  std::vector<uint64_t> bases_;
  int byte_shift_;
  uint32_t writes_;
  uint32_t open_ = 0;  ///< sum of the ports' counts
  bool ready_ = true;
};

}  // namespace ternfab::timing
