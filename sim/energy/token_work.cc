// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/token_work.h"

#include "common/integer.h"
#include "sim/timing/decode.h"

namespace ternfab {
namespace {

using timing::DecodedInstruction;

class Counter {
 public:
  Counter(const DesignParams& design, uint64_t slots) : d_(design), slots_(slots) {}

  void Add(const DecodedInstruction& i) {
    if (i.skip) return;
    switch (i.opcode) {
      case isa::Opcode::kMatvec:
        return AddMatvec(i);
      case isa::Opcode::kDot:
      case isa::Opcode::kAccumulate:
        return AddInt8(i);
      case isa::Opcode::kVector:
        return AddVector(i);
      case isa::Opcode::kEnd:
        return;
    }
  }

  RunWork work;

 private:
  uint64_t Words(uint64_t elements, int elements_of_word) const {
    return uint64_t(CeilDiv(int64_t(elements), elements_of_word));
  }

  void AddMatvec(const DecodedInstruction& i) {
    const uint64_t beats = i.stream_beats;
    work.weight_stream += beats;
    work.engine_beats += beats * uint64_t(d_.ports);
    work.tree_passes += beats * uint64_t(d_.ports) * slots_;
    work.am_reads += beats * slots_;
    work.vm_writes += Words(uint64_t(i.mv_groups) * uint64_t(d_.ports), d_.vector_lanes) * slots_;
  }

  void AddInt8(const DecodedInstruction& i) {
    const uint64_t beats = i.stream_beats;
    const uint64_t products = beats * uint64_t(d_.int8_lanes()) * i.queries;
    work.int8_stream += beats;
    work.int8_products += products;
    work.qm_reads += beats * i.queries;
    if (i.opcode == isa::Opcode::kDot) {
      work.int8_tree_passes += beats * i.queries;
      work.vm_writes += Words(i.length, d_.vector_lanes) * i.queries;
    } else {
      work.int8_accumulations += products;
      work.vm_writes += uint64_t(i.out_words) * i.queries;
    }
  }

  void AddVector(const DecodedInstruction& i) {
    const uint64_t elements = uint64_t(i.segments) * i.length;
    if (i.stream) work.vector_stream += i.stream_beats;
    AddReads(i);
    if (i.a_int || i.a == isa::SourceA::kStreamI8) work.fp32_adds += elements;
    if (i.b != isa::SourceB::kNone) work.fp32_multiplies += elements;
    if (i.norm) {  // the weight, and the square with its addition
      work.fp32_multiplies += 2 * elements;
      work.fp32_adds += elements;
    }
    AddCombine(i, elements);
    AddDestination(i, elements);
  }

  void AddReads(const DecodedInstruction& i) {
    const uint64_t words = i.segments * Words(i.length, d_.vector_lanes);
    if (i.a == isa::SourceA::kVm) work.vm_reads += words;
    if (i.b == isa::SourceB::kVm) work.vm_reads += words;
    if (i.c == isa::SourceC::kVm) work.vm_reads += words;
  }

  void AddCombine(const DecodedInstruction& i, uint64_t elements) {
    if (i.combine == isa::Combine::kAdd) {
      work.fp32_adds += elements;
    } else if (i.combine != isa::Combine::kNone && i.combine != isa::Combine::kTag) {
      work.integer_adds += elements;
    }
    if (i.reduce == isa::Reduce::kSum) {
      work.fp32_adds += elements;
    } else if (i.reduce != isa::Reduce::kNone) {
      work.integer_adds += elements;
    }
  }

  void AddDestination(const DecodedInstruction& i, uint64_t elements) {
    if (i.reduce == isa::Reduce::kSum) return;
    switch (i.dst) {
      case isa::Destination::kVm:
        work.vm_writes += i.segments * Words(i.length, d_.vector_lanes);
        break;
      case isa::Destination::kAm:
        work.am_writes += Words(i.length, d_.lanes);
        work.fp32_adds += elements;
        break;
      case isa::Destination::kQm:
        work.qm_writes += i.segments * Words(i.length, d_.int8_lanes());
        work.fp32_adds += elements;
        break;
      case isa::Destination::kMemI8:
        work.fp32_adds += elements;
        break;
      default:
        break;
    }
  }

  const DesignParams& d_;
  uint64_t slots_;
};

}  // namespace

RunWork CountRunWork(const InstructionList& list, const DesignParams& design,
                     const RunArguments& arguments) {
  Counter counter(design, arguments.count);
  for (const DecodedInstruction& i : timing::DecodeRun(list, design, arguments)) counter.Add(i);
  counter.work.instruction_stream =
      (list.instructions.size() + 1) * uint64_t(design.instruction_beats());
  counter.work.traffic = TrafficOf(list, design, arguments);
  return counter.work;
}

}  // namespace ternfab
