// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/plan/emitter.h"
#include "codegen/plan/memories.h"
#include "codegen/plan/memory_map.h"
#include "common/integer.h"
#include "models/model.h"

namespace ternfab {

/// Everything that the instruction sequences of one model on one design read.
struct PlanContext {
  const Model& model;
  DesignParams design;
  PlanShape shape;
  MemoryMap map;
  bool with_head;
  VmMap vm;
  AmMap am;
  QmMap qm;

  const ModelConfig& config() const { return model.config; }
  /// `layer` counts from 0 at shape.first_layer.
  const LayerWeights& weights(int layer) const { return model.layers[shape.first_layer + layer]; }
  /// VM words of `elements`.
  int Words(int64_t elements) const { return int(CeilDiv(elements, design.vector_lanes)); }
  /// Element 0 of a head of KV group g (kValueHead ...) and of the attention results, VM words.
  int HeadWord(int slot, int g, int head) const {
    return vm.work[slot] + g * Words(shape.qkv_rows) + head * Words(shape.head_width);
  }
  int ConcatWord(int slot) const { return vm.work[slot] + vm.work_pitch - Words(shape.concat); }
  /// gate (then h times norm weights) and up, [ffn].
  int GateWord(int slot) const { return vm.work[slot]; }
  int UpWord(int slot) const { return vm.work[slot] + Words(RoundUp(config().ffn, 16)); }
  /// Raw result of o or down, [hidden]; beside the attention results and beside gate.
  int OutputWord(int slot) const { return vm.work[slot]; }
  int DownWord(int slot) const { return vm.work[slot] + vm.work_pitch - Words(config().hidden); }
  /// x times the weights of the norm that comes after o and after down, [hidden]: beside their raw
  /// results, where nothing is read any more.
  int AfterOutputWord(int slot) const {
    return vm.work[slot] + vm.work_pitch - Words(config().hidden);
  }
  int AfterDownWord(int slot) const { return vm.work[slot]; }

  /// Memory cells of one KV head, for dependence tokens.
  enum KvCell { kKeyRows, kKeyScales, kValueRows, kValueScales, kKvCells };
  int Cell(int layer, int g, KvCell cell) const {
    return (layer * config().kv_heads + g) * kKvCells + cell;
  }
  int cells() const { return shape.layers() * config().kv_heads * kKvCells; }
};

/// The slots of a token batch; decode has one that is always active.
struct SlotLoop {
  Emitter& emit;
  int slots;
  bool decode;

  template <class F>
  void Each(const F& body) const {
    for (int b = 0; b < slots; ++b) {
      Select(b);
      body(b);
    }
    Done();
  }
  void Select(int b) const {
    emit.SetSlot(b, decode ? isa::Predicate::kAlways : isa::Predicate::kSlotActive);
  }
  void Done() const { emit.SetSlot(0, isa::Predicate::kAlways); }
};

/// One batch of up to `slots` tokens, from embedding to logits.
InstructionList EmitTokenBatch(const PlanContext& plan, int slots, uint64_t beat);

/// Parts of it. `layer` counts from 0 at shape.first_layer.
void EmitAttention(const PlanContext& plan, const SlotLoop& loop, int layer);
void EmitFeedForward(const PlanContext& plan, const SlotLoop& loop, int layer);
void EmitHead(const PlanContext& plan, const SlotLoop& loop);

}  // namespace ternfab
