// SPDX-License-Identifier: Apache-2.0
#include "sim/systemc/host.h"

#include <cstring>
#include <limits>

#include "common/check.h"

namespace ternfab::systemc {
namespace {

constexpr size_t kStackBytes = size_t{1} << 20;
constexpr uint64_t kCyclesPerClockCheck = 4096;  // wall clock, while waiting

}  // namespace

Host::Host(sc_core::sc_module_name name, const sc_core::sc_time& period,
           const Accelerator& accelerator, uint64_t bus_address, uint64_t memory_bytes)
    : sc_core::sc_module(name),
      period_(period),
      accelerator_(accelerator),
      bus_address_(bus_address),
      memory_bytes_(memory_bytes) {
  SC_HAS_PROCESS(Host);
  SC_THREAD(Work);
  set_stack_size(kStackBytes);
}

void Host::Run(const std::function<void()>& work) {
  TF_CHECK(work_ == nullptr, "the host is at work");
  work_ = &work;
  posted_.notify(sc_core::SC_ZERO_TIME);
  sc_core::sc_start();
  TF_CHECK(work_ == nullptr, "the simulation ended before the host's work");
}

void Host::Work() {
  // The accelerator's reset, and a cycle without it.
  wait((Accelerator::kResetCycles + 1) * period_);
  while (true) {
    while (work_ == nullptr) wait(posted_);
    (*work_)();
    work_ = nullptr;
    sc_core::sc_pause();
    wait(posted_);
  }
}

Expected<void> Host::Access(tlm::tlm_command command, uint32_t offset, uint32_t& value) {
  tlm::tlm_generic_payload transfer;
  Refusal refusal;
  transfer.set_extension(&refusal);
  transfer.set_command(command);
  transfer.set_address(offset);
  transfer.set_data_ptr(reinterpret_cast<uint8_t*>(&value));
  transfer.set_data_length(sizeof value);
  transfer.set_streaming_width(sizeof value);
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  control->b_transport(transfer, delay);
  if (delay != sc_core::SC_ZERO_TIME) wait(delay);
  transfer.clear_extension(&refusal);
  if (transfer.is_response_ok()) return {};
  return Fail("register {:#x}: {}", offset,
              refusal.text.empty() ? transfer.get_response_string() : refusal.text);
}

Expected<uint32_t> Host::ReadRegister(uint32_t offset) {
  uint32_t value = 0;
  TF_RETURN_IF_ERROR(Access(tlm::TLM_READ_COMMAND, offset, value));
  return value;
}

Expected<void> Host::WriteRegister(uint32_t offset, uint32_t value) {
  return Access(tlm::TLM_WRITE_COMMAND, offset, value);
}

Expected<void> Host::CheckRange(uint64_t offset, uint64_t bytes) const {
  if (offset <= memory_bytes_ && bytes <= memory_bytes_ - offset) return {};
  return Fail("memory {:#x}..{:#x}: must be below {:#x}", offset, offset + bytes, memory_bytes_);
}

Expected<void> Host::CopyIn(uint64_t offset, std::span<const uint8_t> bytes) {
  TF_RETURN_IF_ERROR(CheckRange(offset, bytes.size()));
  constexpr size_t kMost = std::numeric_limits<int>::max();  // of a payload
  while (!bytes.empty()) {
    const std::span<const uint8_t> part = bytes.first(std::min(bytes.size(), kMost));
    tlm::tlm_generic_payload transfer;
    transfer.set_write();
    transfer.set_address(bus_address_ + offset);
    transfer.set_data_ptr(const_cast<uint8_t*>(part.data()));  // a write does not change it
    transfer.set_data_length(unsigned(part.size()));
    transfer.set_streaming_width(unsigned(part.size()));
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    memory->b_transport(transfer, delay);
    if (!transfer.is_response_ok()) {
      return Fail("memory {:#x}: {}", offset, transfer.get_response_string());
    }
    offset += part.size();
    bytes = bytes.subspan(part.size());
  }
  return {};
}

Expected<void> Host::CopyOut(uint64_t offset, std::span<uint8_t> bytes) {
  TF_RETURN_IF_ERROR(CheckRange(offset, bytes.size()));
  tlm::tlm_generic_payload transfer;
  tlm::tlm_dmi direct;
  transfer.set_read();
  transfer.set_address(bus_address_ + offset);
  TF_CHECK(memory->get_direct_mem_ptr(transfer, direct) && direct.is_read_allowed());
  std::memcpy(bytes.data(),
              direct.get_dmi_ptr() + (bus_address_ + offset - direct.get_start_address()),
              bytes.size());
  return {};
}

Expected<bool> Host::WaitInterrupt(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (!interrupt.read()) {
    if (const std::optional<std::string> fault = accelerator_.fault()) return Fail("{}", *fault);
    if (std::chrono::steady_clock::now() >= deadline) return false;
    wait(double(kCyclesPerClockCheck) * period_,
         interrupt.posedge_event() | accelerator_.stopped());
  }
  return true;
}

}  // namespace ternfab::systemc
