// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/plan/memory_map.h"
#include "codegen/plan/program.h"
#include "common/error.h"
#include "models/model.h"

namespace ternfab {

/// Instructions and memory image of `model` on `design` (docs/isa.md). What the Program computes
/// depends on the model only: every design gives the same logits bit for bit.
/// Errors: the model exceeds a limit of the design, or its memory; one line with field, value,
/// rule.
Expected<Program> BuildProgram(const Model& model, const DesignParams& design, uint64_t design_hash,
                               const PlanOptions& options = {});

/// Names of the regions of a matrix-vector Program.
inline constexpr const char* kMatvecInputRegion = "activations";  ///< int8, slot after slot
inline constexpr const char* kMatvecResultRegion = "result";      ///< int32, slot after slot

/// One random ternary matrix [rows][cols] times `slots` random int8 vectors: `decode` computes slot
/// 0, `prefill` up to design.batch. The same seed gives the same numbers on every design. Each
/// slot's activations and results begin at a new wide beat of their regions.
Expected<Program> BuildMatvecProgram(int rows, int cols, uint64_t seed, const DesignParams& design,
                                     uint64_t design_hash);

/// trit(r, c) and activation of slot b, element c, of BuildMatvecProgram.
int MatvecTrit(uint64_t seed, int cols, int r, int c);
int8_t MatvecActivation(uint64_t seed, int b, int c);

/// Element r of slot b of a region of 4-byte elements whose slots begin at new wide beats: its byte
/// in main memory. `elements`: of a slot.
uint64_t SlotByte(const DesignParams& design, uint64_t beat, int b, uint64_t elements, uint64_t r);

}  // namespace ternfab
