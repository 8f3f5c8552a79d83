// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "codegen/engine_kind.h"
#include "codegen/plan/design.h"
#include "codegen/registers.h"
#include "codegen/spec.h"

namespace ternfab {

/// A port of the generated top module.
struct SignaturePort {
  std::string name;
  bool output = false;
  int width = 1;            ///< bits
  std::string text;         ///< what it carries
  bool simulation = false;  ///< only where SYNTHESIS is not defined
};

/// Ports that belong together, under one heading of the generated top.
struct SignaturePortGroup {
  std::string text;
  std::vector<SignaturePort> ports;
};

/// A memory of the design: `copies` blocks of `words` words of `width_bits`.
struct SignatureMemory {
  std::string name;
  int64_t words = 0;
  int width_bits = 0;
  int copies = 1;
  std::string text;

  int64_t bits() const { return words * width_bits * copies; }
};

/// Wide beats that the read DMA can hold for each of its clients. A client gets a beat every cycle
/// where the memory's latency is at most 3/4 of its depth.
struct StreamDepths {
  int instruction = 0;
  int vector = 0;
  int int8 = 0;
  int weight = 0;
};

/// What a generated design promises: driver, test benches and packaging are built from this alone.
struct DesignSignature {
  std::string name;        ///< of the spec
  std::string identifier;  ///< name with '_' for '-' and '.'
  std::string top;         ///< module tf_<identifier>_top
  std::string package;     ///< tf_<identifier>_pkg
  std::string device;
  double clock_mhz = 0;
  uint64_t hash = 0;  ///< DesignHash
  uint32_t isa_version = 0;
  DesignParams params;
  EngineKind kind = EngineKind::kAdderTree;
  int pipeline = 1;  ///< levels of the engines' adder trees between two registers
  int max_burst_beats = 16;
  StreamDepths depths;
  int vm_style = 0;      ///< of tf_ram_sdp: 0 the tool decides, 2 UltraRAM
  int write_depth = 16;  ///< beats that the write DMA keeps queued or unacknowledged
  std::vector<SignaturePortGroup> ports;
  std::vector<Register> registers;
  std::vector<SignatureMemory> memories;
};

/// `spec` is valid.
DesignSignature MakeSignature(const HardwareSpec& spec);

/// Bits of the top's port fault_i; each flips one bit of its unit's data while it is 1.
enum FaultBit {
  kFaultTree = 0,
  kFaultDecoder = 1,
  kFaultInt8 = 2,
  kFaultFp32Add = 3,
  kFaultFp32Multiply = 4,
  kFaultKvAddress = 5,
  kFaultToken = 6,
  kFaultDma = 7,
  kFaultBits = 8
};

}  // namespace ternfab
