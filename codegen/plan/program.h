// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/plan/design.h"
#include "codegen/plan/isa.h"
#include "common/error.h"

namespace ternfab {

/// The part of a transformer that an instruction belongs to. The numbers are in Program files.
enum class Part : uint8_t {
  kOther,
  kEmbedding,   ///< embedding row and RoPE row
  kNorm,        ///< norms, quantisation of activations, scales
  kQkv,         ///< products with q, k, v
  kRope,        ///< RoPE, quantisation of heads, row and scales to the KV cache
  kAttention,   ///< scores, softmax, values
  kOutput,      ///< product with o and the residual
  kGateUp,      ///< products with gate and up
  kActivation,  ///< g(gate) * up
  kDown,        ///< product with down and the residual
  kHead,        ///< output norm and LM head
};
inline constexpr int kParts = 11;

/// "q/k/v"
std::string_view PartName(Part part);

/// Where in a model an instruction belongs.
struct ModelPlace {
  Part part = Part::kOther;
  int layer = -1;  ///< -1: none

  bool operator==(const ModelPlace&) const = default;
};

/// What an instruction computes.
struct InstructionNote {
  std::string text;  ///< in words for people: "layer 2: o", "head: chunk 3 logits"
  ModelPlace place;
};

/// One instruction list of a Program and where its header lies.
struct InstructionList {
  uint64_t beat = 0;  ///< wide beat of the header
  std::vector<isa::Instruction> instructions;
  std::vector<InstructionNote> notes;  ///< same length
};

/// A named part of main memory, in wide beats.
struct MemoryRegion {
  std::string name;
  uint64_t beat = 0;
  uint64_t beats = 0;
};

/// Instructions and memory image of one model on one design (docs/isa.md).
struct Program {
  DesignParams design;
  uint64_t design_hash = 0;
  std::string model;
  int vocab = 0;
  int context = 0;                    ///< positions that the KV region holds
  InstructionList decode;             ///< for count = 1
  InstructionList prefill;            ///< for count = 1..batch; empty when the design's batch is 1
  std::vector<MemoryRegion> regions;  ///< ascending, without overlap
  uint64_t total_beats = 0;           ///< main memory in use
  std::vector<uint8_t> image;  ///< wide beats 0 .. image.size()/WB - 1; the rest starts as zero
  uint64_t logits_beat = 0;    ///< HeadResult of the last slot after a run (none: no head)
  bool has_head = true;

  /// Null when there is no region of that name.
  const MemoryRegion* Find(std::string_view name) const {
    for (const MemoryRegion& region : regions) {
      if (region.name == name) return &region;
    }
    return nullptr;
  }

  /// First byte of fp32 element i of the array at wide beat `beat`.
  uint64_t ByteOf(uint64_t beat, uint64_t element = 0) const {
    return beat * design.wide_bytes() + 4 * element;
  }
};

/// Serialized form (little-endian): documented in docs/isa.md, section "Program file".
std::vector<uint8_t> SerializeProgram(const Program& program);
/// Errors: what VerifyProgram (codegen/plan/verify.h) refuses, an invalid weight code, a wrong
/// magic or version, a length beyond the end; `bytes` may be hostile: what is returned can be
/// executed.
Expected<Program> ParseProgram(std::span<const uint8_t> bytes);

}  // namespace ternfab
