// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "codegen/plan/isa.h"

namespace ternfab {

/// Parameters of a vector unit.
struct VectorShape {
  int lanes;
  int wide_bytes;
  int engine_lanes;
};

/// What the sequencer resolves.
struct VectorArguments {
  uint32_t length = 1;
  uint32_t mem_addr = 0;
  uint32_t mem_elem = 0;
  bool operator==(const VectorArguments&) const = default;
};

/// A write of a whole word: `bank` is the slot of AM or the bank of QM; `strobe` is of main memory.
struct VectorWrite {
  uint32_t bank = 0;
  uint32_t addr = 0;
  std::vector<uint8_t> data;
  std::vector<bool> strobe;
  bool operator==(const VectorWrite&) const = default;
};

struct ScalarWrite {
  uint32_t addr = 0;
  uint32_t data = 0;
  bool operator==(const ScalarWrite&) const = default;
};

/// Everything that a VECTOR instruction writes, in order within each list.
struct VectorWrites {
  std::vector<VectorWrite> vm, am, qm, memory;
  std::vector<ScalarWrite> scalars;  ///< by ascending address
  bool operator==(const VectorWrites&) const = default;
};

/// The state that VECTOR instructions read: VM (element by element), S and the partial sums of
/// norms.
struct VectorState {
  std::vector<uint32_t> vm;
  std::array<uint32_t, isa::kScalarRegisters> scalars{};
  std::array<std::array<uint32_t, isa::kPartialSums>, isa::kMaxBatch> norm_sums{};  ///< [slot]
};

/// Executes a VECTOR instruction as docs/isa.md describes it, one element after another, with
/// `beats` as the bytes of its stream. Changes `state` and returns the writes.
VectorWrites ExecuteVector(const VectorShape& shape, const isa::Instruction& instruction,
                           const VectorArguments& arguments, const std::vector<uint8_t>& beats,
                           VectorState& state);

/// The stream's size in wide beats: VSegments * ceil(length * size / WB); 0 without a stream.
uint32_t VectorStreamBeats(const VectorShape& shape, const isa::Instruction& instruction,
                           uint32_t length);

}  // namespace ternfab
