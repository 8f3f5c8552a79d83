// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "host/driver/device.h"
#include "sim/rtl/axi_memory.h"
#include "sim/rtl/rtl_design.h"

namespace ternfab::rtl {

/// Watches a simulation cycle by cycle.
class CycleObserver {
 public:
  virtual ~CycleObserver() = default;
  /// Outputs of the design in cycle `cycle`, just before the rising edge.
  virtual void OnCycle(const TracePins& trace, uint64_t cycle) = 0;
  /// True: stop the run as soon as possible.
  virtual bool stop() const = 0;
};

/// A Verilated design with a memory behind each port, as a Device: register accesses are AXI4-Lite
/// transfers, waiting for the interrupt runs the clock.
class VerilatedDevice : public driver::Device {
 public:
  struct Options {
    uint64_t memory_bytes = 0;
    /// File of memory_bytes with the first contents; what the device writes stays in the device.
    /// -1: the memory begins as zero.
    int memory_file = -1;
    MemoryConfig memory;
    int max_burst_beats = 256;
    int stall_percent = 0;  ///< see AxiTiming; port p uses seed + p
    uint64_t seed = 1;
  };

  VerilatedDevice(std::unique_ptr<RtlDesign> design, const Options& options);
  ~VerilatedDevice() override;

  Expected<uint32_t> ReadRegister(uint32_t offset) override;
  Expected<void> WriteRegister(uint32_t offset, uint32_t value) override;
  Expected<void> CopyIn(uint64_t offset, std::span<const uint8_t> bytes) override;
  Expected<void> CopyOut(uint64_t offset, std::span<uint8_t> bytes) override;
  uint64_t memory_bytes() const override { return storage_.bytes; }
  uint64_t bus_address() const override { return storage_.base; }
  /// `timeout` is wall-clock time.
  Expected<bool> WaitInterrupt(std::chrono::milliseconds timeout) override;

  RtlDesign& design() { return *design_; }
  AxiMemoryPort& port(int p) { return ports_[p]; }
  const MemoryTiming& memory() const { return memory_; }
  /// While no transfer is outstanding.
  void SetMemory(const MemoryConfig& config) { SetMemory(MemoryTiming(config)); }
  void SetMemory(MemoryTiming timing);
  uint64_t cycles() const { return cycle_; }
  /// Observers outlive the device's runs; they are told in the order in which they were added.
  void AddObserver(CycleObserver* observer) { observers_.push_back(observer); }

 private:
  void Cycle();

  std::unique_ptr<RtlDesign> design_;
  AxiStorage storage_;
  MemoryTiming memory_;
  std::vector<AxiMemoryPort> ports_;
  std::vector<MemoryPortIn> port_in_;
  std::vector<CycleObserver*> observers_;
  uint64_t cycle_ = 0;
  int beat_bytes_;
};

}  // namespace ternfab::rtl
