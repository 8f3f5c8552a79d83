// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "common/head_result.h"
#include "common/integer.h"
#include "common/trit.h"

namespace ternfab {

/// The largest model that a design can hold; sizes of its memories follow from these.
struct DesignLimits {
  int hidden = 0;  ///< width of the residual stream and of heads * padded head_dim
  int ffn = 0;
  int context = 0;  ///< tokens
  int vocab = 0;

  bool operator==(const DesignLimits&) const = default;
};

/// Most rows that a shortlist rescores.
inline constexpr int kMaxShortlistRows = 1024;

/// What planner, emulator, driver and RTL need to know of a design. Derived from a HardwareSpec
/// alone; names as in docs/isa.md.
struct DesignParams {
  std::string name;
  int ports = 1;        ///< P = engines
  int width_bits = 64;  ///< W, bits of one port's beat
  int lanes = 40;       ///< EL, trits of a port's beat
  int batch = 1;        ///< EB
  WeightCode weight_code = WeightCode::kBase3;
  int queries = 1;         ///< IQ
  int vector_lanes = 2;    ///< VL
  int vm_words = 0;        ///< depth of VM, words of VL elements
  int am_words = 0;        ///< depth of AM per slot, words of EL int8
  int qm_words = 0;        ///< depth of QM per bank, words of IL int8
  int shortlist_rows = 0;  ///< rows of the LM head that are rescored; 0: every row is scored
  DesignLimits limits;
  uint64_t memory_bytes = 0;  ///< main memory that the device has

  int port_bytes() const { return width_bits / 8; }
  int wide_bytes() const { return ports * port_bytes(); }  ///< WB
  int int8_lanes() const { return wide_bytes(); }          ///< IL
  /// Wide beats of an instruction and of the program header.
  int instruction_beats() const { return wide_bytes() >= 64 ? 1 : 64 / wide_bytes(); }

  bool operator==(const DesignParams&) const = default;
};

/// What a head of `vocab` rows leaves in the memory of `design`.
inline HeadResult HeadResultOf(const DesignParams& design, int vocab) {
  return {uint64_t(vocab), uint64_t(design.shortlist_rows), uint64_t(design.vector_lanes),
          uint64_t(design.wide_bytes())};
}

}  // namespace ternfab
