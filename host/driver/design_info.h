// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ternfab::driver {

/// Offsets of the registers that the driver uses, bytes. A generated driver header fills this.
struct RegisterOffsets {
  uint32_t ap_ctrl;
  uint32_t gie;
  uint32_t ier;
  uint32_t isr;
  uint32_t program;
  uint32_t position;
  uint32_t count;
  uint32_t token;         ///< of slot 0; slot i at token + 4 i
  uint32_t port_base_lo;  ///< of port 0
  uint32_t port_base_hi;
  uint32_t port_base_stride;
  uint32_t control;
  uint32_t isa_version;
  uint32_t design_hash_lo;
  uint32_t design_hash_hi;
  uint32_t error;
  uint32_t error_index;
  uint32_t counters;  ///< of counter 0; counter i at counters + 8 i, low word first
};

/// What one code of the ERROR register means.
struct ErrorMeaning {
  uint32_t cause;
  const char* text;
};

/// A design as its generated driver header promises it.
struct DesignInfo {
  const char* name;
  uint64_t design_hash;
  uint32_t isa_version;
  uint32_t ports;
  uint32_t port_bytes;  ///< of one beat
  uint32_t batch;
  uint32_t counter_count;
  const char* const* counter_names;
  uint32_t error_count;
  const ErrorMeaning* errors;
  RegisterOffsets offsets;
};

}  // namespace ternfab::driver
