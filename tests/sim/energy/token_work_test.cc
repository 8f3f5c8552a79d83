// SPDX-License-Identifier: Apache-2.0
// Counts of hand-made programs: what each instruction of docs/isa.md makes the units do.
#include "sim/energy/token_work.h"

#include <gtest/gtest.h>

namespace ternfab {
namespace {

using isa::Instruction;
using isa::Opcode;

/// 2 ports of 64 bits: 2 engines of 40 lanes, 16 int8 lanes, 4 fp32 lanes, 2 slots, 2 queries.
DesignParams Design() {
  DesignParams design;
  design.ports = 2;
  design.width_bits = 64;
  design.lanes = 40;
  design.batch = 2;
  design.queries = 2;
  design.vector_lanes = 4;
  return design;
}

Instruction Make(Opcode opcode) {
  Instruction i;
  i.Set(isa::kOpcode, opcode);
  return i;
}

RunWork Count(const Instruction& instruction, uint32_t slots = 1) {
  InstructionList list;
  list.instructions = {instruction, Make(Opcode::kEnd)};
  list.notes.resize(2);
  RunArguments arguments;
  arguments.position = 9;
  arguments.count = slots;
  return CountRunWork(list, Design(), arguments);
}

/// 5 rows on 2 engines are 3 groups; 3 beats a row: 9 wide beats, 18 beats of engines. A slot's 6
/// results (the sixth is padding) are two VM words.
TEST(TokenWork, Matvec) {
  Instruction i = Make(Opcode::kMatvec);
  i.Set(isa::kMvBeats, 3);
  i.Set(isa::kMvGroups, 3);
  i.Set(isa::kStreamBeats, 9);
  const RunWork work = Count(i, 2);
  EXPECT_EQ(work.weight_stream, 9u);
  EXPECT_EQ(work.engine_beats, 18u);
  EXPECT_EQ(work.tree_passes, 36u);
  EXPECT_EQ(work.am_reads, 18u);
  EXPECT_EQ(work.vm_writes, 4u);
  EXPECT_EQ(work.traffic.total_read(), (9 + 3 * 4) * 16u);  // weights; header and instructions
  EXPECT_EQ(work.instruction_stream, 12u);
}

/// 7 rows of 2 beats for 2 queries: 14 beats x 16 lanes x 2 products; 2 VM words a query.
TEST(TokenWork, Dot) {
  Instruction i = Make(Opcode::kDot);
  i.Set(isa::kI8RowBeats, 2);
  i.Set(isa::kI8Rows, 7);
  i.Set(isa::kI8Queries, 2);
  const RunWork work = Count(i);
  EXPECT_EQ(work.int8_stream, 14u);
  EXPECT_EQ(work.int8_products, 448u);
  EXPECT_EQ(work.int8_tree_passes, 28u);
  EXPECT_EQ(work.int8_accumulations, 0u);
  EXPECT_EQ(work.qm_reads, 28u);
  EXPECT_EQ(work.vm_writes, 4u);
}

/// With a dynamic length the rows are position + slot + 1 = 10.
TEST(TokenWork, AccumulateOfAllPositions) {
  Instruction i = Make(Opcode::kAccumulate);
  i.Set(isa::kI8RowBeats, 1);
  i.Set(isa::kDynamicLength, 1);
  i.Set(isa::kI8Queries, 2);
  i.Set(isa::kI8OutWords, 4);
  const RunWork work = Count(i);
  EXPECT_EQ(work.int8_products, 10u * 16 * 2);
  EXPECT_EQ(work.int8_accumulations, 10u * 16 * 2);
  EXPECT_EQ(work.int8_tree_passes, 0u);
  EXPECT_EQ(work.vm_writes, 8u);
}

/// Two segments of 6 elements: int32 of VM times a scalar plus VM, to AM (padded to a word).
TEST(TokenWork, VectorOfIntegersToAm) {
  Instruction i = Make(Opcode::kVector);
  i.Set(isa::kVA, isa::SourceA::kVm);
  i.Set(isa::kVAInt, 1);
  i.Set(isa::kVB, isa::SourceB::kScalar);
  i.Set(isa::kVC, isa::SourceC::kVm);
  i.Set(isa::kVCombine, isa::Combine::kAdd);
  i.Set(isa::kVReduce, isa::Reduce::kAbsMax);
  i.Set(isa::kVDst, isa::Destination::kAm);
  i.Set(isa::kVLength, 6);
  i.Set(isa::kVSegments, 2);
  const RunWork work = Count(i);
  EXPECT_EQ(work.vm_reads, 2u * 2 * 2);
  EXPECT_EQ(work.fp32_multiplies, 12u);
  EXPECT_EQ(work.fp32_adds, 12u * 3);  // conversion, add, quantisation
  EXPECT_EQ(work.integer_adds, 12u);
  EXPECT_EQ(work.am_writes, 1u);
  EXPECT_EQ(work.vm_writes, 0u);
}

/// A sum of squares: nothing is written.
TEST(TokenWork, SumOfSquares) {
  Instruction i = Make(Opcode::kVector);
  i.Set(isa::kVA, isa::SourceA::kVm);
  i.Set(isa::kVB, isa::SourceB::kA);
  i.Set(isa::kVReduce, isa::Reduce::kSum);
  i.Set(isa::kVLength, 8);
  i.Set(isa::kVSegments, 1);
  const RunWork work = Count(i);
  EXPECT_EQ(work.vm_reads, 2u);
  EXPECT_EQ(work.fp32_multiplies, 8u);
  EXPECT_EQ(work.fp32_adds, 8u);
  EXPECT_EQ(work.vm_writes, 0u);
}

/// A norm's pass: three products and an addition more than the maximum's for each element.
TEST(TokenWork, Norm) {
  Instruction i = Make(Opcode::kVector);
  i.Set(isa::kVA, isa::SourceA::kVm);
  i.Set(isa::kVB, isa::SourceB::kVm);
  i.Set(isa::kVNorm, 1);
  i.Set(isa::kVJoin, 1);
  i.Set(isa::kVReduce, isa::Reduce::kAbsMax);
  i.Set(isa::kVDst, isa::Destination::kVm);
  i.Set(isa::kVLength, 8);
  i.Set(isa::kVSegments, 1);
  const RunWork work = Count(i);
  EXPECT_EQ(work.vm_reads, 4u);
  EXPECT_EQ(work.vm_writes, 2u);
  EXPECT_EQ(work.fp32_multiplies, 24u);
  EXPECT_EQ(work.fp32_adds, 8u);
  EXPECT_EQ(work.integer_adds, 8u);
  EXPECT_GT(work.vector_stream, 0u);
}

TEST(TokenWork, SkippedInstructionsDoNothing) {
  Instruction i = Make(Opcode::kMatvec);
  i.Set(isa::kPredicate, isa::Predicate::kSlotActive);
  i.Set(isa::kSlot, 1);
  i.Set(isa::kMvBeats, 3);
  i.Set(isa::kMvGroups, 3);
  EXPECT_EQ(Count(i).tree_passes, 0u);
  EXPECT_EQ(Count(i).vm_writes, 0u);
}

}  // namespace
}  // namespace ternfab
