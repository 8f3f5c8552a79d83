// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <systemc>
#include <tlm>

#include "sim/systemc/memory_buffer.h"

namespace ternfab::systemc {

/// Main memory as a TLM-2.0 target at its bus addresses. Transfers and direct access move data and
/// take no simulated time: when a memory answers the accelerator is MemoryTiming's business, which
/// runs in the accelerator's clock; copies of the host are free, as they are on every simulated
/// device. The host gets direct access for reading only: its writes are noted in the buffer.
class Memory : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<Memory> host{"host"};
  tlm_utils::simple_target_socket<Memory> device{"device"};

  Memory(sc_core::sc_module_name name, uint64_t bytes);

  MemoryBuffer& buffer() { return buffer_; }

 private:
  void HostTransport(tlm::tlm_generic_payload& transfer, sc_core::sc_time& delay);
  void DeviceTransport(tlm::tlm_generic_payload& transfer, sc_core::sc_time& delay);
  bool HostDirect(tlm::tlm_generic_payload& transfer, tlm::tlm_dmi& direct);
  bool DeviceDirect(tlm::tlm_generic_payload& transfer, tlm::tlm_dmi& direct);
  unsigned HostDebug(tlm::tlm_generic_payload& transfer);
  unsigned DeviceDebug(tlm::tlm_generic_payload& transfer);
  /// Moves the data and sets the response; false where the transfer was refused.
  bool Move(tlm::tlm_generic_payload& transfer);
  void GrantAll(tlm::tlm_dmi& direct);

  MemoryBuffer buffer_;
};

}  // namespace ternfab::systemc
