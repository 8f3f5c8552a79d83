// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "codegen/plan/isa.h"

// Between the units of the cycle model and the assembly that clocks them (design_model.h). A unit
// knows control only: when it issues, retires and moves beats, never what they hold.
//
// Contract of a unit class (TernaryTiming, Int8Timing, VectorTiming):
//   explicit T(const DesignSignature& signature);
//   void SetCount(int count);          active slots; before each run
//   UnitOut Step(const UnitIn& in);    one clock cycle: returns what the unit drives in this cycle,
//                                      then takes the clock edge
//   uint64_t SteadyCycles(const UnitIn& in) const;
//   void Skip(uint64_t cycles, const UnitIn& in);
//   bool MayWriteVm(const UnitIn& in) const;
//   uint64_t Digest() const;           hash of the whole state; no absolute cycles, no pointers
// - a value: copying it copies the state; no allocation and no virtual call in Step;
// - what it drives follows the RTL signal for signal: `in` of a cycle is what the RTL unit sees in
//   that cycle;
// - SteadyCycles(in): n such that, with this `in` in each of the next n cycles, Step returns each
//   time the same UnitOut but for vm_valid and vm_read, and in it none of issue, retire, go,
//   wr_valid. 0 is always allowed; kForever for a unit that waits. Skip(n, in), n <=
//   SteadyCycles(in), does the same as n calls of Step(in). Where MayWriteVm(in) is false, vm_valid
//   stays false in these cycles and vm_ready does not matter; the assembly skips while it is true
//   for one unit at most.

namespace ternfab::timing {

inline constexpr uint64_t kForever = ~uint64_t{0};

/// An instruction with its fields decoded and, for one run, its dynamic fields resolved.
struct DecodedInstruction {
  isa::Opcode opcode = isa::Opcode::kEnd;
  uint32_t index = 0;  ///< in the program
  uint8_t wait = 0;    ///< masks of isa::Token
  uint8_t signal = 0;
  bool skip = false;  ///< predicate false
  bool dependent = false;
  bool stream = false;       ///< reads a stream; false where skipped
  bool tag = false;          ///< the stream's index is a tag
  uint32_t stream_addr = 0;  ///< wide beat
  uint32_t stream_beats = 0;
  /// Int8 unit: rows; vector unit: elements of a segment (after DynamicLength).
  uint32_t length = 0;

  // kMatvec
  uint32_t mv_beats = 0;
  uint32_t mv_groups = 0;

  // kDot, kAccumulate
  uint32_t row_beats = 0;
  uint32_t queries = 0;
  uint32_t out_words = 0;

  // kVector
  isa::SourceA a = isa::SourceA::kVm;
  isa::SourceB b = isa::SourceB::kNone;
  isa::SourceC c = isa::SourceC::kNone;
  isa::Combine combine = isa::Combine::kNone;
  isa::Reduce reduce = isa::Reduce::kNone;
  isa::Destination dst = isa::Destination::kNone;
  bool a_int = false;
  bool join = false;
  bool norm = false;
  bool sum_last = false;
  uint32_t segments = 0;
  uint32_t mem_addr = 0;  ///< wide beat of a main-memory destination
  uint32_t mem_elem = 0;  ///< kMemElement: element within that wide beat
};

/// What a unit sees in a cycle.
struct UnitIn {
  const DecodedInstruction* head = nullptr;  ///< of its queue; null: empty
  uint8_t tokens = 0;                        ///< tok_avail of tf_tokens
  bool stream_valid = false;
  bool vm_ready = false;  ///< int8: ternary does not write VM; vector: neither does (ternary: true)
  bool wr_ready = false;  ///< vector: the write DMA takes a beat
};

/// What a unit drives in a cycle.
struct UnitOut {
  bool issue = false;
  bool retire = false;        ///< valid && ready of the instruction
  bool stream_pop = false;    ///< valid && ready of the stream
  bool stream_ready = false;  ///< ready of the stream; ready && !valid: starved
  bool go = false;            ///< pulse for a dependent stream
  bool vm_valid = false;      ///< ternary, int8: requests the write port of VM
  bool vm_read = false;       ///< vector: reads VM
  bool wr_valid = false;      ///< vector: offers a wide beat to the write DMA
  uint8_t take = 0;           ///< masks of isa::Token
  uint8_t put = 0;
  uint32_t wr_addr = 0;   ///< wide beat; while wr_valid
  uint32_t wr_ports = 0;  ///< bit p: some strobe of port p is set; while wr_valid

  bool operator==(const UnitOut&) const = default;
};

}  // namespace ternfab::timing
