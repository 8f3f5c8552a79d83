// SPDX-License-Identifier: Apache-2.0
#include "sim/systemc/accelerator.h"

#include <cstring>

#include "codegen/registers.h"
#include "common/check.h"

namespace ternfab::systemc {

Accelerator::Accelerator(sc_core::sc_module_name name, const sc_core::sc_time& period)
    : sc_core::sc_module(name), period_(period) {
  control.register_b_transport(this, &Accelerator::Transport);
}

uint64_t Accelerator::CycleNow() const {
  return sc_core::sc_time_stamp().value() / period_.value();
}

AxiStorage Accelerator::DirectMemory() {
  tlm::tlm_generic_payload transfer;
  tlm::tlm_dmi direct;
  transfer.set_command(tlm::TLM_WRITE_COMMAND);
  TF_CHECK(memory->get_direct_mem_ptr(transfer, direct) && direct.is_read_write_allowed());
  return {direct.get_dmi_ptr(), direct.get_end_address() - direct.get_start_address() + 1,
          direct.get_start_address()};
}

void Accelerator::Transport(tlm::tlm_generic_payload& transfer, sc_core::sc_time& delay) {
  const uint64_t offset = transfer.get_address();
  if (offset >= uint64_t{1} << kRegisterAddressBits || offset % 4 != 0) {
    return transfer.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
  }
  if (transfer.get_data_length() != 4 || transfer.get_streaming_width() < 4) {
    return transfer.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
  }
  if (transfer.get_byte_enable_ptr() != nullptr) {
    return transfer.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  }
  if (delay != sc_core::SC_ZERO_TIME) wait(delay);
  delay = sc_core::SC_ZERO_TIME;
  const sc_core::sc_time late = sc_core::sc_time_stamp() % period_;
  if (late != sc_core::SC_ZERO_TIME) wait(period_ - late);
  Expected<void> status;
  if (transfer.is_read()) {
    const Expected<uint32_t> value = ReadRegister(uint32_t(offset));
    if (value) std::memcpy(transfer.get_data_ptr(), &*value, 4);
    if (!value) status = tl::unexpected<Error>(value.error());
  } else if (transfer.is_write()) {
    uint32_t value;
    std::memcpy(&value, transfer.get_data_ptr(), 4);
    status = WriteRegister(uint32_t(offset), value);
  }
  transfer.set_response_status(status ? tlm::TLM_OK_RESPONSE : tlm::TLM_GENERIC_ERROR_RESPONSE);
  if (status) return;
  if (Refusal* refusal = transfer.get_extension<Refusal>()) refusal->text = status.error().message;
}

}  // namespace ternfab::systemc
