// SPDX-License-Identifier: Apache-2.0
#include "sim/systemc/memory.h"

#include <cstring>

namespace ternfab::systemc {

Memory::Memory(sc_core::sc_module_name name, uint64_t bytes)
    : sc_core::sc_module(name), buffer_(bytes) {
  host.register_b_transport(this, &Memory::HostTransport);
  host.register_get_direct_mem_ptr(this, &Memory::HostDirect);
  host.register_transport_dbg(this, &Memory::HostDebug);
  device.register_b_transport(this, &Memory::DeviceTransport);
  device.register_get_direct_mem_ptr(this, &Memory::DeviceDirect);
  device.register_transport_dbg(this, &Memory::DeviceDebug);
}

bool Memory::Move(tlm::tlm_generic_payload& transfer) {
  const uint64_t bytes = transfer.get_data_length();
  if (!buffer_.Inside(transfer.get_address(), bytes)) {
    transfer.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return false;
  }
  if (transfer.get_byte_enable_ptr() != nullptr) {
    transfer.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    return false;
  }
  if (transfer.get_streaming_width() < bytes) {
    transfer.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    return false;
  }
  uint8_t* at = buffer_.data() + (transfer.get_address() - buffer_.bus_address());
  if (transfer.is_read()) std::memcpy(transfer.get_data_ptr(), at, bytes);
  if (transfer.is_write()) std::memcpy(at, transfer.get_data_ptr(), bytes);
  transfer.set_response_status(tlm::TLM_OK_RESPONSE);
  return true;
}

void Memory::HostTransport(tlm::tlm_generic_payload& transfer, sc_core::sc_time&) {
  const bool moved = Move(transfer);
  transfer.set_dmi_allowed(true);
  if (!moved || !transfer.is_write()) return;
  const uint64_t begin = transfer.get_address() - buffer_.bus_address();
  buffer_.NoteHostWrite({begin, begin + transfer.get_data_length()});
}

void Memory::DeviceTransport(tlm::tlm_generic_payload& transfer, sc_core::sc_time&) {
  Move(transfer);
  transfer.set_dmi_allowed(true);
}

void Memory::GrantAll(tlm::tlm_dmi& direct) {
  direct.init();
  direct.set_dmi_ptr(buffer_.data());
  direct.set_start_address(buffer_.bus_address());
  direct.set_end_address(buffer_.bus_address() + buffer_.bytes() - 1);
}

bool Memory::HostDirect(tlm::tlm_generic_payload& transfer, tlm::tlm_dmi& direct) {
  GrantAll(direct);
  direct.allow_read();
  return !transfer.is_write();
}

bool Memory::DeviceDirect(tlm::tlm_generic_payload&, tlm::tlm_dmi& direct) {
  GrantAll(direct);
  direct.allow_read_write();
  return true;
}

unsigned Memory::HostDebug(tlm::tlm_generic_payload& transfer) {
  sc_core::sc_time delay;
  HostTransport(transfer, delay);
  return transfer.is_response_ok() ? transfer.get_data_length() : 0;
}

unsigned Memory::DeviceDebug(tlm::tlm_generic_payload& transfer) {
  return Move(transfer) ? transfer.get_data_length() : 0;
}

}  // namespace ternfab::systemc
