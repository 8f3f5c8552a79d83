// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "codegen/plan/program.h"
#include "codegen/plan/schedule.h"
#include "sim/report/traffic.h"

namespace ternfab {

/// What the units of a design do in one run, counted from its instructions. All of it is decided
/// before the run: no data matter. "Word" is a word of that memory (docs/isa.md).
struct RunWork {
  // Ternary engines
  uint64_t engine_beats = 0;  ///< beats of one engine
  uint64_t tree_passes = 0;   ///< sums of a beat's lanes: engine_beats for each active slot
  uint64_t am_reads = 0;      ///< words; one for all engines
  // int8 engine
  uint64_t int8_products = 0;       ///< of DOT and ACCUMULATE
  uint64_t int8_tree_passes = 0;    ///< of DOT: a beat and query
  uint64_t int8_accumulations = 0;  ///< of ACCUMULATE: 32-bit additions into the accumulators
  uint64_t qm_reads = 0;            ///< words
  // Vector unit, elements
  uint64_t fp32_multiplies = 0;
  uint64_t fp32_adds = 0;     ///< adds, sums, conversions from and to integers
  uint64_t integer_adds = 0;  ///< maxima, minima, integer combinations
  // On-chip memories, words
  uint64_t vm_reads = 0, vm_writes = 0;
  uint64_t am_writes = 0, qm_writes = 0;
  // Queues of the read DMA, wide beats that go in and come out once
  uint64_t weight_stream = 0, int8_stream = 0, vector_stream = 0, instruction_stream = 0;
  // Main memory, bytes read and written
  Traffic traffic;
};

/// The work of one start of `list` on `design`.
RunWork CountRunWork(const InstructionList& list, const DesignParams& design,
                     const RunArguments& arguments);

}  // namespace ternfab
