// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "host/driver/design_info.h"

// The border between ternfab and the shared library of a Verilated design. The library's only
// export is `tf_create_design`; everything else goes through these types. Pins point into the
// Verilated model: narrow ones are integers, data and strobes are little-endian bytes.

namespace ternfab::rtl {

/// AXI4-Lite control port. Inputs of the design are written, outputs read.
struct ControlPins {
  uint16_t* awaddr;
  uint8_t* awvalid;
  const uint8_t* awready;
  uint32_t* wdata;
  uint8_t* wstrb;
  uint8_t* wvalid;
  const uint8_t* wready;
  const uint8_t* bvalid;
  uint8_t* bready;
  uint16_t* araddr;
  uint8_t* arvalid;
  const uint8_t* arready;
  const uint32_t* rdata;
  const uint8_t* rvalid;
  uint8_t* rready;
};

/// One AXI4 memory port.
struct PortPins {
  const uint64_t* araddr;
  const uint8_t* arlen;
  const uint8_t* arvalid;
  uint8_t* arready;
  uint8_t* rdata;
  uint8_t* rresp;
  uint8_t* rlast;
  uint8_t* rvalid;
  const uint8_t* rready;
  const uint64_t* awaddr;
  const uint8_t* awlen;
  const uint8_t* awvalid;
  uint8_t* awready;
  const uint8_t* wdata;
  const uint8_t* wstrb;
  const uint8_t* wlast;
  const uint8_t* wvalid;
  uint8_t* wready;
  uint8_t* bresp;
  uint8_t* bvalid;
  const uint8_t* bready;
};

/// Issue and retire of one unit.
struct UnitTrace {
  const uint8_t* issue;
  const uint8_t* retire;
  const uint8_t* skip;
  const uint32_t* index;
};

/// One write port of a memory; `bank`, `strobe` null where there is none.
struct WriteTrace {
  const uint8_t* enable;
  const uint8_t* bank;
  const uint8_t* address;  ///< address_bytes, little-endian
  int address_bytes;
  const uint8_t* data;  ///< data_bytes, little-endian
  int data_bytes;
  const uint8_t* strobe;
};

/// What the design shows for checking: units in the order ternary, int8, vector; stream clients in
/// the order I (instructions), V (vector), K (int8), W (ternary).
struct TracePins {
  UnitTrace units[3];
  const uint8_t* run;        ///< 1 in the cycles that the counter Cycles counts
  const uint8_t* head;       ///< bit u: the queue of unit u has an instruction
  const uint8_t* beat;       ///< bit c: a wide beat of client c is consumed
  const uint8_t* starved;    ///< bit c: client c is ready for a wide beat, and there is none
  const uint8_t* vm_writer;  ///< unit that writes VM
  WriteTrace vm, scalar, am, qm, memory;
};

/// A register or memory of the design that sim/rtl/state_map.h makes visible.
struct StateVariable {
  std::string scope;  ///< instance path
  std::string name;
  uint8_t* data;         ///< in the Verilated model: elements, little-endian
  int bits;              ///< of an element
  size_t element_bytes;  ///< an element takes; unused bits are 0
  size_t elements;       ///< of a memory; 1: a register
};

/// A Verilated design. One clock cycle: set inputs, Settle(), read outputs, Clock().
class RtlDesign {
 public:
  virtual ~RtlDesign() = default;

  virtual const driver::DesignInfo& info() const = 0;
  virtual ControlPins& control() = 0;
  virtual std::vector<PortPins>& ports() = 0;
  virtual const TracePins& trace() const = 0;

  /// Valid as long as the design. Registers have their values after Settle(); what is written
  /// (where state_map.h says so) is seen by the design from the next but one cycle on.
  virtual std::vector<StateVariable> State() = 0;

  virtual void SetReset(bool asserted) = 0;
  /// Bits of codegen's FaultBit: each makes its unit err while it is 1.
  virtual void SetFaults(uint8_t bits) = 0;
  virtual bool interrupt() const = 0;

  /// Clock low: outputs follow the inputs.
  virtual void Settle() = 0;
  /// Rising edge.
  virtual void Clock() = 0;

  /// Writes waves to an FST file from now on; called once, before the first cycle. False: this
  /// library was built without waves.
  virtual bool OpenWaves(const char* path) = 0;
};

/// Type and name of the library's export; the caller owns the result.
using CreateDesign = RtlDesign* (*)();
inline constexpr const char* kCreateDesign = "tf_create_design";

}  // namespace ternfab::rtl
