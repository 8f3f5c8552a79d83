// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/shortlist.h"

#include <algorithm>

#include "codegen/plan/scalars.h"

namespace ternfab {
namespace {

class ShortlistHead {
 public:
  ShortlistHead(const PlanContext& plan, const SlotLoop& loop, const NormOp& norm)
      : plan_(plan),
        emit_(loop.emit),
        slots_(loop.slots),
        norm_(norm),
        picks_(plan.design.shortlist_rows),
        chunks_(int(plan.map.shortlist.size())) {}

  void Emit() {
    EmitQuantise(emit_, norm_.product, norm_.length, ToAm(plan_.am.attention));
    VectorOp quantise;
    quantise.a = Vm(norm_.product);
    quantise.b = Scalar(reg::kQuant);
    quantise.to = ToQm(0, plan_.qm.head);
    quantise.length = norm_.length;
    emit_.Vector(quantise, "to int8 for the rows");
    // Two chunks are under way: one is multiplied while the keys of the other are compared.
    Products(0);
    if (chunks_ > 1) Products(1);
    EmitScale(emit_, norm_);
    for (int c = 0; c < chunks_; ++c) {
      Keys(c);
      if (c + 2 < chunks_) Products(c + 2);
    }
    Rescore();
    Store();
  }

 private:
  int Rows(int chunk) const { return std::min(picks_, plan_.config().vocab - chunk * picks_); }
  int ScoreWord(int chunk) const { return plan_.vm.work[0] + chunk % 2 * plan_.Words(picks_); }

  /// Scores of a chunk. All active slots are multiplied; slot 0 holds the last token.
  void Products(int chunk) {
    MatvecOp op;
    op.beat = plan_.map.shortlist[chunk];
    op.beats = plan_.shape.hidden_beats;
    op.groups = int(CeilDiv(Rows(chunk), plan_.design.ports));
    op.am = plan_.am.attention;
    op.to = ScoreWord(chunk);
    op.pitch = plan_.vm.work_pitch;
    op.slots = slots_;
    emit_.Matvec(op, fmt::format("shortlist chunk {}", chunk));
  }

  /// Scores times row scales, tagged with the chunk; the greatest of each class so far.
  void Keys(int chunk) {
    const uint64_t beats = uint64_t(picks_) * 4 / plan_.design.wide_bytes();
    VectorOp key;
    key.a = VmInt(ScoreWord(chunk));
    key.b = StreamF32({plan_.map.shortlist_scale + uint64_t(chunk) * beats});
    key.combine = isa::Combine::kTag;
    key.c = ImmediateBits(kTagMask - uint32_t(chunk));
    key.to = ToVm(chunk == 0 ? plan_.vm.best : plan_.vm.buffer[0]);
    key.length = Rows(chunk);
    emit_.Vector(key, fmt::format("keys of chunk {}", chunk));
    if (chunk == 0) return;
    const int lanes = plan_.design.vector_lanes;
    if (Rows(chunk) % lanes != 0) MaskLastWord(plan_.vm.buffer[0] + Rows(chunk) / lanes);
    VectorOp best;
    best.a = Vm(plan_.vm.buffer[0]);
    best.combine = isa::Combine::kMax;
    best.c = Vm(plan_.vm.best);
    best.to = ToVm(plan_.vm.best);
    best.length = int(RoundUp(Rows(chunk), lanes));
    emit_.Vector(best, "greatest keys");
  }

  /// The elements behind the last row lose against every key.
  void MaskLastWord(int word) {
    VectorOp mask;
    mask.a = StreamF32({plan_.map.shortlist_mask});
    mask.to = ToVm(plan_.vm.buffer[1]);
    mask.length = plan_.design.vector_lanes;
    emit_.Vector(mask, "mask");
    VectorOp add;
    add.a = Vm(word);
    add.combine = isa::Combine::kAdd;
    add.c = Vm(plan_.vm.buffer[1]);
    add.to = ToVm(word);
    add.length = plan_.design.vector_lanes;
    emit_.Vector(add, "keys behind the last row");
  }

  /// Row of class `pick` that its key names, in an array of `row_beats` a row at `beat`.
  Stream Picked(uint64_t beat, int row_beats, int pick) const {
    Stream stream;
    stream.beat = beat + uint64_t(pick) * row_beats;
    stream.stride = uint64_t(picks_) * row_beats;
    stream.index = isa::Index::kTag;
    stream.tag_element = plan_.vm.best * plan_.design.vector_lanes + pick;
    stream.tag_limit = pick < Rows(chunks_ - 1) ? chunks_ - 1 : chunks_ - 2;
    return stream;
  }

  /// Classes that have a row.
  int picks() const { return std::min(picks_, plan_.config().vocab); }

  /// Dot products of the picked rows, then times their scales.
  void Rescore() {
    for (int pick = 0; pick < picks(); ++pick) {
      Int8Op op;
      op.row_beats = plan_.shape.table_row_beats;
      op.rows = Picked(plan_.map.head, op.row_beats, pick);
      op.rows.fence = pick == 0;
      op.qm = plan_.qm.head;
      op.qm_words = op.row_beats;
      op.row_count = 1;
      op.to = plan_.vm.picked + pick;
      emit_.Dot(op, fmt::format("picked row {}", pick));
    }
    // The last first: its token says that all products are there.
    for (int pick = picks() - 1; pick >= 0; --pick) {
      VectorOp scale;
      scale.a = VmInt(plan_.vm.picked + pick);
      scale.b = StreamF32(Picked(plan_.map.head_row_scale, 1, pick));
      scale.to = ToVm(plan_.vm.picked + pick);
      emit_.Vector(scale, fmt::format("picked row {} times row scale", pick));
    }
  }

  void Store() {
    const HeadResult result = HeadResultOf(plan_.design, plan_.config().vocab);
    VectorOp logits;
    logits.a = Vm(plan_.vm.picked);
    logits.b = Scalar(reg::kScale);
    logits.to = ToMemory(isa::Destination::kMemF32, plan_.map.result, 0, -1);
    logits.length = picks() * plan_.design.vector_lanes;
    emit_.Vector(logits, "logits");
    VectorOp keys;
    keys.a = Vm(plan_.vm.best);
    keys.to = ToMemory(isa::Destination::kMemF32,
                       plan_.map.result + result.keys_offset() / plan_.design.wide_bytes(), 0, -1);
    keys.length = picks();
    emit_.Vector(keys, "keys");
  }

  const PlanContext& plan_;
  Emitter& emit_;
  int slots_;
  const NormOp& norm_;
  int picks_;
  int chunks_;
};

}  // namespace

void EmitShortlistHead(const PlanContext& plan, const SlotLoop& loop, const NormOp& norm) {
  ShortlistHead(plan, loop, norm).Emit();
}

}  // namespace ternfab
