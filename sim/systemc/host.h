// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <functional>
#include <systemc>
#include <tlm>

#include "host/driver/device.h"
#include "sim/systemc/accelerator.h"

namespace ternfab::systemc {

/// The host: a thread that runs software, driver calls above all, in the platform's time. To that
/// software it is the device: registers, memory and interrupt through sockets.
class Host : public sc_core::sc_module, public driver::Device {
 public:
  tlm_utils::simple_initiator_socket<Host> control{"control"};
  tlm_utils::simple_initiator_socket<Host> memory{"memory"};
  sc_core::sc_in<bool> interrupt{"interrupt"};

  /// `accelerator` outlives the host: a run that it gives up ends the wait for its interrupt. The
  /// buffer is the memory's [bus_address, bus_address + memory_bytes).
  Host(sc_core::sc_module_name name, const sc_core::sc_time& period, const Accelerator& accelerator,
       uint64_t bus_address, uint64_t memory_bytes);

  /// Runs `work` on the host's thread and simulates until it returns; from outside the simulation.
  /// Between two calls no time passes.
  void Run(const std::function<void()>& work);

  Expected<uint32_t> ReadRegister(uint32_t offset) override;
  Expected<void> WriteRegister(uint32_t offset, uint32_t value) override;
  Expected<void> CopyIn(uint64_t offset, std::span<const uint8_t> bytes) override;
  Expected<void> CopyOut(uint64_t offset, std::span<uint8_t> bytes) override;
  uint64_t memory_bytes() const override { return memory_bytes_; }
  uint64_t bus_address() const override { return bus_address_; }
  /// `timeout` is wall-clock time.
  Expected<bool> WaitInterrupt(std::chrono::milliseconds timeout) override;

 private:
  void Work();
  Expected<void> Access(tlm::tlm_command command, uint32_t offset, uint32_t& value);
  Expected<void> CheckRange(uint64_t offset, uint64_t bytes) const;

  sc_core::sc_time period_;
  const Accelerator& accelerator_;
  uint64_t bus_address_;
  uint64_t memory_bytes_;
  const std::function<void()>* work_ = nullptr;
  sc_core::sc_event posted_;
};

}  // namespace ternfab::systemc
