// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/decoder.h"

#include <algorithm>

#include "codegen/plan/block_output.h"
#include "codegen/plan/norm.h"
#include "codegen/plan/scalars.h"
#include "codegen/plan/shortlist.h"

namespace ternfab {
namespace {

/// x and the RoPE row of one slot.
void EmitEmbedding(const PlanContext& plan, Emitter& emit, int b) {
  VectorOp rope;
  rope.a = StreamF32({plan.map.rope, plan.map.head_row_beats, isa::Index::kPosition, -1});
  rope.to = ToVm(plan.vm.rope[b]);
  rope.length = plan.shape.head_width;
  emit.Vector(rope, "RoPE row");
  VectorOp scale;
  scale.a = StreamF32({plan.map.embedding_scale, 1, isa::Index::kToken, -1});
  scale.to = ToScalar(reg::kEmbedding);
  emit.Vector(scale, "embedding scale");
  VectorOp row;
  row.a =
      StreamI8({plan.map.embedding, uint64_t(plan.shape.table_row_beats), isa::Index::kToken, -1});
  row.b = Scalar(reg::kEmbedding);
  row.to = ToVm(plan.vm.x[b]);
  row.length = plan.config().hidden;
  emit.Vector(row, "embedding row");
}

/// VM word of the last slot's x; several slots: copied to one place.
int EmitLastX(const PlanContext& plan, const SlotLoop& loop) {
  if (loop.decode) return plan.vm.x[0];
  for (int b = 0; b < loop.slots; ++b) {
    loop.emit.SetSlot(b, isa::Predicate::kSlotLast);
    VectorOp copy;
    copy.a = Vm(plan.vm.x[b]);
    copy.to = ToVm(plan.vm.last);
    copy.length = plan.config().hidden;
    loop.emit.Vector(copy, fmt::format("slot {}: last x", b));
  }
  loop.Done();
  return plan.vm.last;
}

void EmitLogits(const PlanContext& plan, Emitter& emit, int chunk, int rows) {
  const uint64_t floats_beat = uint64_t(chunk) * kHeadChunkRows * 4 / plan.design.wide_bytes();
  VectorOp row_scale;
  row_scale.a = VmInt(plan.vm.logits[chunk % 2]);
  row_scale.b = StreamF32({plan.map.head_scale + floats_beat});
  row_scale.to = ToVm(plan.vm.logits[chunk % 2]);
  row_scale.length = rows;
  emit.Vector(row_scale, fmt::format("chunk {} times row scales", chunk));
  VectorOp store;
  store.a = Vm(plan.vm.logits[chunk % 2]);
  store.b = Scalar(reg::kScale);
  store.to = ToMemory(isa::Destination::kMemF32, plan.map.result + floats_beat, 0, -1);
  store.length = rows;
  emit.Vector(store, fmt::format("chunk {} logits", chunk));
}

/// Every row of the head, in chunks.
void EmitFullHead(const PlanContext& plan, Emitter& emit, const NormOp& norm) {
  EmitQuantise(emit, norm.product, norm.length, ToQm(0, plan.qm.head));
  const int chunks = int(CeilDiv(plan.config().vocab, kHeadChunkRows));
  const auto rows = [&](int chunk) {
    return std::min(kHeadChunkRows, plan.config().vocab - chunk * kHeadChunkRows);
  };
  const auto dot = [&](int chunk) {
    Int8Op op;
    op.row_beats = plan.shape.table_row_beats;
    op.rows.beat = plan.map.head + uint64_t(chunk) * kHeadChunkRows * op.row_beats;
    op.qm = plan.qm.head;
    op.qm_words = op.row_beats;
    op.row_count = rows(chunk);
    op.to = plan.vm.logits[chunk % 2];
    emit.Dot(op, fmt::format("chunk {} rows", chunk));
  };
  // Two chunks are under way: one is scored while the other is scaled.
  dot(0);
  if (chunks > 1) dot(1);
  EmitScale(emit, norm);
  for (int chunk = 0; chunk < chunks; ++chunk) {
    EmitLogits(plan, emit, chunk, rows(chunk));
    if (chunk + 2 < chunks) dot(chunk + 2);
  }
}

}  // namespace

void EmitHead(const PlanContext& plan, const SlotLoop& loop) {
  Emitter& emit = loop.emit;
  emit.SetContext("head", {Part::kHead});
  const int hidden = plan.config().hidden;
  const int last = EmitLastX(plan, loop);
  if (!plan.with_head) {
    VectorOp store;
    store.a = Vm(last);
    store.to = ToMemory(isa::Destination::kMemF32, plan.map.result, 0, -1);
    store.length = hidden;
    emit.Vector(store, "x to memory");
    return;
  }
  NormOp norm = HeadNorm(plan);
  if (!loop.decode) {
    norm.source = last;
    norm.product = plan.vm.norm;
    EmitWeighted(emit, norm);
  }
  if (plan.design.shortlist_rows > 0) {
    EmitShortlistHead(plan, loop, norm);
  } else {
    EmitFullHead(plan, emit, norm);
  }
}

InstructionList EmitTokenBatch(const PlanContext& plan, int slots, uint64_t beat) {
  Emitter emit(plan.design, plan.cells());
  const SlotLoop loop{emit, slots, slots == 1};
  loop.Each([&](int b) {
    emit.SetContext(fmt::format("slot {}", b), {Part::kEmbedding});
    EmitEmbedding(plan, emit, b);
    emit.SetContext(fmt::format("layer {} slot {}: attention norm", plan.shape.first_layer, b),
                    {Part::kNorm, plan.shape.first_layer});
    EmitWeighted(emit, AttentionNorm(plan, 0, b));
  });
  for (int layer = 0; layer < plan.shape.layers(); ++layer) {
    EmitAttention(plan, loop, layer);
    EmitFeedForward(plan, loop, layer);
  }
  EmitHead(plan, loop);
  emit.SetContext("", {});
  return emit.Finish(beat);
}

}  // namespace ternfab
