// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "codegen/plan/attention_heads.h"
#include "codegen/plan/norm.h"
#include "codegen/plan/scalars.h"
#include "codegen/plan/vector_math.h"

namespace ternfab {
namespace {

using isa::Combine;
using isa::Reduce;

/// Heads [from, to) of one group of one slot: kValueHead, kKeyHead, query heads.
class RopeStep {
 public:
  RopeStep(const PlanContext& plan, Emitter& emit, int layer, const RopeHeads& heads)
      : plan_(plan),
        emit_(emit),
        layer_(layer),
        heads_(heads),
        b_(emit.slot()),
        width_(plan.Words(plan.shape.head_width)),
        half_(width_ / 2),
        rotated_(std::max(heads.from, kKeyHead)),
        quant_(reg::kHeadQuant + heads.parity * kMaxGroupHeads) {}

  void Emit() {
    Rotate();
    if (HasKv()) {
      VectorOp value = Heads(1, plan_.shape.head_width);
      value.a = VmInt(Word(kValueHead));
      value.reduce = Reduce::kAbsMax;
      value.reduce_to = reg::kHeadMax + kValueHead;
      emit_.Vector(value, "absmax of v");
    }
    QuantScales();
    if (HasKv()) StoreKv();
  }

  /// Turns scores of int8 values back.
  void EmitScoreScales() {
    if (!HasKv()) ActivationScales();
    const double q_scale = plan_.weights(layer_).q.scale();
    Scalars(heads_.to - kFirstQueryHead, Scalar(reg::kHeadMax + kFirstQueryHead, 1),
            Immediate(float(q_scale / (127 * std::sqrt(double(plan_.config().head_dim))))),
            Combine::kNone, {}, reg::kScoreScale + heads_.parity * kMaxGroupHeads + kFirstQueryHead,
            "score scale of q");
  }

 private:
  bool HasKv() const { return heads_.from == kValueHead; }
  int Word(int head) const { return plan_.HeadWord(b_, heads_.g, head); }

  static VectorOp Heads(int heads, int length) {
    VectorOp op;
    op.segments = heads;
    op.length = length;
    return op;
  }

  /// (lo, hi) = (lo cos - hi sin, hi cos + lo sin); absmax of each half of each head.
  void Rotate() {
    const int low = Word(rotated_);
    const int high = low + half_;
    const int cosine = plan_.vm.rope[b_];
    const int sine = cosine + half_;
    const int t1 = plan_.vm.buffer[2];
    const int t2 = plan_.vm.buffer[3];
    const int count = heads_.to - rotated_;
    const auto times_sine = [&](int from, int to, const char* note) {
      VectorOp op = Heads(count, plan_.shape.head_width / 2);
      op.a = VmInt(from, width_);
      op.b = Vm(sine);
      op.to = ToVm(to, half_);
      emit_.Vector(op, note);
    };
    const auto times_cosine = [&](int at, Operand c, int absmax, const char* note) {
      VectorOp op = Heads(count, plan_.shape.head_width / 2);
      op.a = VmInt(at, width_);
      op.b = Vm(cosine);
      op.combine = Combine::kAdd;
      op.c = c;
      op.to = ToVm(at, width_);
      op.reduce = Reduce::kAbsMax;
      op.reduce_to = absmax + rotated_;
      emit_.Vector(op, note);
    };
    times_sine(high, t1, "high * sin");
    times_sine(low, t2, "low * sin");
    times_cosine(low, Neg(Vm(t1, half_)), reg::kHeadMax, "low * cos - high * sin");
    times_cosine(high, Vm(t2, half_), reg::kHeadMax2, "high * cos + low * sin");
  }

  void Scalars(int count, Operand a, Operand b, Combine combine, Operand c, int to,
               const char* note) {
    VectorOp op;
    op.segments = count;
    op.a = a;
    op.b = b;
    op.combine = combine;
    op.c = c;
    op.to = ToScalar(to, 1);
    emit_.Vector(op, note);
  }

  /// 127 / absmax of each head.
  void QuantScales() {
    const int am = reg::kHeadMax;
    const int from = heads_.from;
    const int all = heads_.to - from;
    Scalars(heads_.to - rotated_, Scalar(am + rotated_, 1), {}, Combine::kMax,
            Scalar(reg::kHeadMax2 + rotated_, 1), am + rotated_, "absmax of heads");
    Scalars(all, Scalar(am + from, 1), {}, Combine::kMax, Immediate(kLeastAbsMax), am + from,
            "at least 1e-20");
    EmitReciprocal(emit_, am + from, reg::kHeadRecip, {reg::kHeadT, reg::kH}, all, "absmax");
    Scalars(all, Scalar(reg::kHeadRecip, 1), Immediate(127.0f), Combine::kNone, {}, quant_ + from,
            "127 / absmax");
  }

  /// absmax times the scale of the activations.
  void ActivationScales() {
    const int am = reg::kHeadMax + heads_.from;
    Scalars(heads_.to - heads_.from, Scalar(am, 1), Scalar(reg::kScale + b_), Combine::kNone, {},
            am, "absmax times activation scale");
  }

  void StoreKv() {
    const KvMap& kv = plan_.map.layers[layer_].kv[heads_.g];
    const LayerWeights& weights = plan_.weights(layer_);
    StoreRow(Vm(Word(kKeyHead)), quant_ + kKeyHead, kv.key_rows, PlanContext::kKeyRows,
             "k row to cache");
    StoreRow(VmInt(Word(kValueHead)), quant_ + kValueHead, kv.value_rows, PlanContext::kValueRows,
             "v row to cache");
    ActivationScales();
    StoreScale(reg::kHeadMax + kKeyHead, weights.k.scale(), kv.key_scales, PlanContext::kKeyScales,
               "k scale to cache");
    StoreScale(reg::kHeadMax + kValueHead, weights.v.scale(), kv.value_scales,
               PlanContext::kValueScales, "v scale to cache");
  }

  void StoreRow(Operand row, int quant, uint64_t beat, PlanContext::KvCell cell, const char* note) {
    VectorOp op = Heads(1, plan_.shape.head_width);
    op.a = row;
    op.b = Scalar(quant);
    op.to = ToMemory(isa::Destination::kMemI8, beat, uint64_t(plan_.shape.kv_row_beats),
                     plan_.Cell(layer_, heads_.g, cell));
    emit_.Vector(op, note);
  }

  void StoreScale(int absmax, float weight_scale, uint64_t beat, PlanContext::KvCell cell,
                  const char* note) {
    VectorOp op;
    op.a = Scalar(absmax);
    op.b = Immediate(float(double(weight_scale) / 127));
    op.to = ToMemory(isa::Destination::kMemElement, beat, 0, plan_.Cell(layer_, heads_.g, cell));
    emit_.Vector(op, note);
  }

  const PlanContext& plan_;
  Emitter& emit_;
  int layer_;
  const RopeHeads& heads_;
  int b_;
  int width_;    // words of a head
  int half_;     // and of half a head
  int rotated_;  // first head that has a position: k or q
  int quant_;    // register of head 0
};

}  // namespace

void EmitRope(const PlanContext& plan, Emitter& emit, int layer, const RopeHeads& heads) {
  RopeStep(plan, emit, layer, heads).Emit();
}

void EmitScoreScales(const PlanContext& plan, Emitter& emit, int layer, const RopeHeads& heads) {
  RopeStep(plan, emit, layer, heads).EmitScoreScales();
}

}  // namespace ternfab
