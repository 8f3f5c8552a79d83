// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/verilated_device.h"

#include <sys/mman.h>

#include <cstring>
#include <utility>

#include "common/check.h"
#include "sim/rtl/port_pins.h"

namespace ternfab::rtl {
namespace {

constexpr uint64_t kBusAddress = 0x4000'0000;  // anything page aligned but 0, to find mistakes
constexpr int kResetCycles = 16;
constexpr int kRegisterCycles = 1000;  // an AXI4-Lite transfer takes a few
constexpr int kCyclesPerClockCheck = 4096;

}  // namespace

VerilatedDevice::VerilatedDevice(std::unique_ptr<RtlDesign> design, const Options& options)
    : design_(std::move(design)),
      memory_(options.memory),
      port_in_(design_->ports().size()),
      beat_bytes_(options.memory.beat_bytes) {
  // Pages come into being when they are touched: a board's whole memory costs nothing.
  const int anonymous = options.memory_file < 0 ? MAP_ANONYMOUS : 0;
  void* data = mmap(nullptr, options.memory_bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_NORESERVE | anonymous, options.memory_file, 0);
  TF_CHECK(data != MAP_FAILED, "{} bytes of memory", options.memory_bytes);
  storage_ = {static_cast<uint8_t*>(data), options.memory_bytes, kBusAddress};
  for (size_t p = 0; p < design_->ports().size(); ++p) {
    ports_.emplace_back(8 * beat_bytes_, options.max_burst_beats, storage_, options.stall_percent,
                        options.seed + p);
  }
  ControlPins& c = design_->control();
  *c.awvalid = *c.wvalid = *c.arvalid = 0;
  *c.bready = *c.rready = 1;
  *c.wstrb = 0xf;
  design_->SetFaults(0);
  design_->SetReset(true);
  for (int i = 0; i < kResetCycles; ++i) Cycle();
  design_->SetReset(false);
  Cycle();
}

VerilatedDevice::~VerilatedDevice() {
  design_.reset();
  munmap(storage_.data, storage_.bytes);
}

void VerilatedDevice::SetMemory(MemoryTiming timing) {
  for (const AxiMemoryPort& port : ports_) TF_CHECK(port.idle(), "a transfer is outstanding");
  memory_ = std::move(timing);
}

void VerilatedDevice::Cycle() {
  const int n = int(ports_.size());
  for (int p = 0; p < n; ++p) {
    DrivePort(ports_[p].response(), beat_bytes_, design_->ports()[p]);
  }
  design_->Settle();
  for (CycleObserver* observer : observers_) observer->OnCycle(design_->trace(), cycle_);
  for (int p = 0; p < n; ++p) {
    port_in_[p] = ports_[p].Begin(SamplePort(design_->ports()[p], beat_bytes_));
  }
  memory_.Tick(port_in_);
  for (int p = 0; p < n; ++p) ports_[p].End(memory_.out(p));
  design_->Clock();
  ++cycle_;
}

Expected<uint32_t> VerilatedDevice::ReadRegister(uint32_t offset) {
  ControlPins& c = design_->control();
  *c.araddr = uint16_t(offset);
  *c.arvalid = 1;
  *c.rready = 1;
  for (int i = 0; i < kRegisterCycles; ++i) {
    design_->Settle();
    const bool taken = *c.arvalid && *c.arready;
    const bool answered = *c.rvalid;
    const uint32_t value = *c.rdata;
    Cycle();
    if (taken) *c.arvalid = 0;
    if (answered) return value;
  }
  return Fail("register {:#x}: no answer to a read in {} cycles", offset, kRegisterCycles);
}

Expected<void> VerilatedDevice::WriteRegister(uint32_t offset, uint32_t value) {
  ControlPins& c = design_->control();
  *c.awaddr = uint16_t(offset);
  *c.wdata = value;
  *c.awvalid = *c.wvalid = 1;
  *c.bready = 1;
  for (int i = 0; i < kRegisterCycles; ++i) {
    design_->Settle();
    const bool address = *c.awvalid && *c.awready;
    const bool data = *c.wvalid && *c.wready;
    const bool answered = *c.bvalid;
    Cycle();
    if (address) *c.awvalid = 0;
    if (data) *c.wvalid = 0;
    if (answered) return {};
  }
  return Fail("register {:#x}: no answer to a write in {} cycles", offset, kRegisterCycles);
}

Expected<void> VerilatedDevice::CopyIn(uint64_t offset, std::span<const uint8_t> bytes) {
  if (offset > storage_.bytes || bytes.size() > storage_.bytes - offset) {
    return Fail("memory {:#x}..{:#x}: must be below {:#x}", offset, offset + bytes.size(),
                storage_.bytes);
  }
  std::memcpy(storage_.data + offset, bytes.data(), bytes.size());
  return {};
}

Expected<void> VerilatedDevice::CopyOut(uint64_t offset, std::span<uint8_t> bytes) {
  if (offset > storage_.bytes || bytes.size() > storage_.bytes - offset) {
    return Fail("memory {:#x}..{:#x}: must be below {:#x}", offset, offset + bytes.size(),
                storage_.bytes);
  }
  std::memcpy(bytes.data(), storage_.data + offset, bytes.size());
  return {};
}

Expected<bool> VerilatedDevice::WaitInterrupt(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (int i = 1; !design_->interrupt(); ++i) {
    for (const CycleObserver* observer : observers_) {
      if (observer->stop()) return Fail("the simulation was stopped");
    }
    if (i % kCyclesPerClockCheck == 0 && std::chrono::steady_clock::now() >= deadline) {
      return false;
    }
    Cycle();
  }
  return true;
}

}  // namespace ternfab::rtl
