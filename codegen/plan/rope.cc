// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "codegen/plan/attention_heads.h"
#include "codegen/plan/norm.h"
#include "codegen/plan/scalars.h"
#include "codegen/plan/vector_math.h"

namespace ternfab {
namespace {

using isa::Combine;
using isa::Reduce;

/// q, k and v of one KV head of one slot: vectors of the whole group, query heads first, then k.
class RopeStep {
 public:
  RopeStep(const PlanContext& plan, Emitter& emit, int layer, int g)
      : plan_(plan),
        emit_(emit),
        layer_(layer),
        g_(g),
        b_(emit.slot()),
        group_(plan.shape.group),
        width_(plan.Words(plan.shape.head_width)),
        half_(width_ / 2),
        q_(plan.QkvWord(b_, g)),
        k_(q_ + group_ * width_),
        v_(k_ + width_) {}

  void Emit() {
    Rotate();
    VectorOp value = Heads(1, plan_.shape.head_width);
    value.a = VmInt(v_);
    value.reduce = Reduce::kAbsMax;
    value.reduce_to = reg::kHeadMax + group_ + 1;
    emit_.Vector(value, "absmax of v");
    QuantScales();
    StoreKv();
  }

 private:
  static VectorOp Heads(int heads, int length) {
    VectorOp op;
    op.segments = heads;
    op.length = length;
    return op;
  }

  /// (lo, hi) = (lo cos - hi sin, hi cos + lo sin); absmax of each half of each head.
  void Rotate() {
    const int low = q_;
    const int high = q_ + half_;
    const int cosine = plan_.vm.rope[b_];
    const int sine = cosine + half_;
    const int t1 = plan_.vm.buffer[2];
    const int t2 = plan_.vm.buffer[3];
    const auto times_sine = [&](int from, int to, const char* note) {
      VectorOp op = Heads(group_ + 1, plan_.shape.head_width / 2);
      op.a = VmInt(from, width_);
      op.b = Vm(sine);
      op.to = ToVm(to, half_);
      emit_.Vector(op, note);
    };
    const auto times_cosine = [&](int at, Operand c, int absmax, const char* note) {
      VectorOp op = Heads(group_ + 1, plan_.shape.head_width / 2);
      op.a = VmInt(at, width_);
      op.b = Vm(cosine);
      op.combine = Combine::kAdd;
      op.c = c;
      op.to = ToVm(at, width_);
      op.reduce = Reduce::kAbsMax;
      op.reduce_to = absmax;
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

  /// 127 / absmax of each vector, and what turns the int8 values back, as far as the head needs it.
  void QuantScales() {
    const int am = reg::kHeadMax;
    const int all = group_ + 2;
    Scalars(group_ + 1, Scalar(am, 1), {}, Combine::kMax, Scalar(reg::kHeadMax2, 1), am,
            "absmax of heads");
    Scalars(all, Scalar(am, 1), {}, Combine::kMax, Immediate(1e-20f), am, "at least 1e-20");
    EmitReciprocal(emit_, am, reg::kHeadRecip, {reg::kHeadT, reg::kH}, all, "absmax");
    Scalars(group_, Scalar(reg::kHeadRecip, 1), Immediate(127.0f), Combine::kNone, {},
            reg::kQueryQuant + b_ * kMaxGroup, "127 / absmax of q");
    Scalars(2, Scalar(reg::kHeadRecip + group_, 1), Immediate(127.0f), Combine::kNone, {},
            reg::kKvQuant, "127 / absmax of k and v");
    Scalars(all, Scalar(am, 1), Scalar(reg::kScale + b_), Combine::kNone, {}, am,
            "absmax times activation scale");
    const double q_scale = plan_.weights(layer_).q.scale();
    Scalars(group_, Scalar(am, 1),
            Immediate(float(q_scale / (127 * std::sqrt(double(plan_.config().head_dim))))),
            Combine::kNone, {}, reg::kScoreScale + b_ * kMaxGroup, "score scale of q");
  }

  void StoreKv() {
    const KvMap& kv = plan_.map.layers[layer_].kv[g_];
    StoreRow(Vm(k_), reg::kKvQuant, kv.key_rows, PlanContext::kKeyRows, "k row to cache");
    StoreScale(reg::kHeadMax + group_, plan_.weights(layer_).k.scale(), kv.key_scales,
               PlanContext::kKeyScales, "k scale to cache");
    StoreRow(VmInt(v_), reg::kKvQuant + 1, kv.value_rows, PlanContext::kValueRows,
             "v row to cache");
    StoreScale(reg::kHeadMax + group_ + 1, plan_.weights(layer_).v.scale(), kv.value_scales,
               PlanContext::kValueScales, "v scale to cache");
  }

  void StoreRow(Operand row, int quant, uint64_t beat, PlanContext::KvCell cell, const char* note) {
    VectorOp op = Heads(1, plan_.shape.head_width);
    op.a = row;
    op.b = Scalar(quant);
    op.to = ToMemory(isa::Destination::kMemI8, beat, uint64_t(plan_.shape.kv_row_beats),
                     plan_.Cell(layer_, g_, cell));
    emit_.Vector(op, note);
  }

  void StoreScale(int absmax, float weight_scale, uint64_t beat, PlanContext::KvCell cell,
                  const char* note) {
    VectorOp op;
    op.a = Scalar(absmax);
    op.b = Immediate(float(double(weight_scale) / 127));
    op.to = ToMemory(isa::Destination::kMemElement, beat, 0, plan_.Cell(layer_, g_, cell));
    emit_.Vector(op, note);
  }

  const PlanContext& plan_;
  Emitter& emit_;
  int layer_;
  int g_;
  int b_;
  int group_;
  int width_;  // words of a head
  int half_;
  int q_;
  int k_;
  int v_;
};

}  // namespace

void EmitRope(const PlanContext& plan, Emitter& emit, int layer, int g) {
  RopeStep(plan, emit, layer, g).Emit();
}

}  // namespace ternfab
