// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "codegen/plan/attention_heads.h"
#include "codegen/plan/norm.h"
#include "codegen/plan/scalars.h"

namespace ternfab {
namespace {

/// KV groups that the ternary unit may run ahead of the vector unit's program order.
constexpr int kGroupsAhead = 4;

/// The attention block of one layer, from x to x.
class Attention {
 public:
  Attention(const PlanContext& plan, const SlotLoop& loop, int layer)
      : plan_(plan),
        loop_(loop),
        emit_(loop.emit),
        layer_(layer),
        map_(plan.map.layers[layer]),
        weights_(plan.weights(layer)) {}

  void Emit() {
    loop_.Each([&](int b) {
      Note(b, "attention norm", Part::kNorm);
      EmitNormQuantise(emit_, InputNorm(b), ToAm(plan_.am.attention));
    });
    const int groups = plan_.config().kv_heads;
    for (int g = 0; g < std::min(groups, kGroupsAhead); ++g) Products(g);
    loop_.Each([&](int b) {
      Note(b, "attention norm", Part::kNorm);
      EmitScale(emit_, InputNorm(b));
    });
    for (int g = 0; g < groups; ++g) {
      EmitGroup(plan_, loop_, layer_, g);
      if (g + kGroupsAhead < groups) Products(g + kGroupsAhead);
    }
    loop_.Each([&](int b) {
      Note(b, "attention sub norm", Part::kNorm);
      EmitNormQuantise(emit_, SubNorm(b), ToAm(plan_.am.output));
    });
    Output();
  }

 private:
  int Layer() const { return plan_.shape.first_layer + layer_; }
  void Note(int b, const char* what, Part part) {
    emit_.SetContext(fmt::format("layer {} slot {}: {}", Layer(), b, what), {part, Layer()});
  }

  float Epsilon() const { return float(plan_.config().norm_eps); }
  NormOp InputNorm(int b) const {
    const int hidden = plan_.config().hidden;
    return {plan_.vm.x[b], hidden, hidden, map_.attn_norm, plan_.vm.norm, Epsilon()};
  }
  NormOp SubNorm(int b) const {
    const int count = plan_.config().heads * plan_.config().head_dim;
    NormOp op{plan_.ConcatWord(b), plan_.shape.concat, count, {}, plan_.vm.norm, Epsilon()};
    if (plan_.config().sub_norms) op.weights = map_.attn_sub_norm;
    return op;
  }

  /// q, k, v of group g, all slots.
  void Products(int g) {
    emit_.SetContext(fmt::format("layer {}", Layer()), {Part::kQkv, Layer()});
    MatvecOp op;
    op.beat = map_.qkv[g];
    op.beats = plan_.shape.hidden_beats;
    op.groups = plan_.shape.qkv_rows / plan_.design.ports;
    op.am = plan_.am.attention;
    op.to = plan_.QkvWord(0, g);
    op.pitch = plan_.vm.work_pitch;
    op.slots = loop_.slots;
    emit_.Matvec(op, fmt::format("q/k/v of kv head {}", g));
  }

  void Output() {
    emit_.SetContext(fmt::format("layer {}", Layer()), {Part::kOutput, Layer()});
    MatvecOp op;
    op.beat = map_.o;
    op.beats = plan_.shape.concat_beats;
    op.groups = int(CeilDiv(plan_.config().hidden, plan_.design.ports));
    op.am = plan_.am.output;
    op.to = plan_.OutputWord(0);
    op.pitch = plan_.vm.work_pitch;
    op.slots = loop_.slots;
    emit_.Matvec(op, "o");
    loop_.Each([&](int b) {
      Note(b, "attention sub norm", Part::kNorm);
      EmitScale(emit_, SubNorm(b));
      EmitScalarTimes(emit_, reg::kScale + b, weights_.o.scale(), reg::kScale + b, "o scale");
      VectorOp add;
      add.a = VmInt(plan_.OutputWord(b));
      add.b = Scalar(reg::kScale + b);
      add.combine = isa::Combine::kAdd;
      add.c = Vm(plan_.vm.x[b]);
      add.to = ToVm(plan_.vm.x[b]);
      add.length = plan_.config().hidden;
      Note(b, "x + attention", Part::kOutput);
      emit_.Vector(add, "residual");
    });
  }

  const PlanContext& plan_;
  const SlotLoop& loop_;
  Emitter& emit_;
  int layer_;
  const LayerMap& map_;
  const LayerWeights& weights_;
};

}  // namespace

void EmitAttention(const PlanContext& plan, const SlotLoop& loop, int layer) {
  Attention(plan, loop, layer).Emit();
}

}  // namespace ternfab
