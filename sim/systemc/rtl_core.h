// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "codegen/spec.h"
#include "sim/memory/memory_timing.h"
#include "sim/rtl/axi_memory.h"
#include "sim/rtl/rtl_design.h"
#include "sim/rtl/verilated_device.h"

namespace ternfab::systemc {

/// A Verilated design with a memory behind its ports, one clock cycle at a time, and the master of
/// its control port. No simulator's time.
class RtlCore {
 public:
  RtlCore(std::unique_ptr<rtl::RtlDesign> design, const MemoryConfig& memory, int max_burst_beats,
          int reset_cycles);

  /// The bytes behind the ports; before the first cycle.
  void Connect(AxiStorage storage);

  /// One clock cycle.
  void Cycle();

  /// Begins a transfer on the control port with the next cycle. One at a time.
  void BeginRead(uint32_t offset);
  void BeginWrite(uint32_t offset, uint32_t value);
  /// Whether a transfer is under way.
  bool busy() const { return transfer_ != Transfer::kNone; }
  /// Cycles that the transfer has taken so far.
  int transfer_cycles() const { return transfer_cycles_; }
  /// Gives a transfer up.
  void Abandon();
  uint32_t read_value() const { return read_value_; }

  bool interrupt() const { return design_->interrupt(); }
  uint64_t cycle() const { return cycle_; }
  rtl::RtlDesign& design() { return *design_; }
  const rtl::RtlDesign& design() const { return *design_; }
  AxiMemoryPort& port(int p) { return ports_[size_t(p)]; }
  int ports() const { return int(ports_.size()); }
  /// Observers outlive the core; they are told in the order in which they were added.
  void AddObserver(rtl::CycleObserver* observer) { observers_.push_back(observer); }
  bool stop() const;

 private:
  enum class Transfer { kNone, kRead, kWrite };

  /// The master's part of a transfer: sees the handshakes of a cycle, then its clock edge.
  void SampleTransfer();
  void StepTransfer();

  std::unique_ptr<rtl::RtlDesign> design_;
  MemoryTiming memory_;
  int max_burst_beats_;
  int reset_cycles_;
  std::vector<AxiMemoryPort> ports_;
  std::vector<MemoryPortIn> port_in_;
  std::vector<rtl::CycleObserver*> observers_;
  uint64_t cycle_ = 0;
  Transfer transfer_ = Transfer::kNone;
  int transfer_cycles_ = 0;
  uint32_t read_value_ = 0;
  // Handshakes seen in this cycle.
  bool address_taken_ = false;
  bool data_taken_ = false;
  bool answered_ = false;
};

}  // namespace ternfab::systemc
