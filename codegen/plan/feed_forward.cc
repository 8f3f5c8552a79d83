// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "codegen/plan/block_output.h"
#include "codegen/plan/decoder.h"
#include "codegen/plan/norm.h"
#include "codegen/plan/scalars.h"
#include "codegen/plan/vector_math.h"

namespace ternfab {
namespace {

using isa::Combine;

/// Parts of gate and up that the ternary unit may run ahead of the vector unit's program order.
constexpr int kPartsAhead = 2;

/// The feed-forward network of one layer.
class FeedForward {
 public:
  FeedForward(const PlanContext& plan, const SlotLoop& loop, int layer)
      : plan_(plan),
        loop_(loop),
        emit_(loop.emit),
        layer_(layer),
        map_(plan.map.layers[layer]),
        weights_(plan.weights(layer)),
        ffn_(plan.config().ffn) {}

  void Emit() {
    loop_.Each([&](int b) {
      Note(b, "ffn norm");
      const NormOp norm = FfnNorm(plan_, layer_, b);
      EmitQuantise(emit_, norm.product, norm.length, ToAm(plan_.am.attention));
    });
    const int parts = int(plan_.shape.ffn_parts.size());
    for (int i = 0; i < std::min(parts, kPartsAhead); ++i) Products(i);
    loop_.Each([&](int b) {
      Note(b, "ffn norm");
      EmitScale(emit_, FfnNorm(plan_, layer_, b));
      EmitScalarTimes(emit_, reg::kScale + b, weights_.gate.scale(), reg::kGateScale + b,
                      "gate scale");
    });
    for (int i = 0; i < parts; ++i) {
      loop_.Each([&](int b) { GatedPart(b, i); });
      if (i + kPartsAhead < parts) Products(i + kPartsAhead);
    }
    loop_.Each([&](int b) {
      Note(b, "ffn sub norm");
      EmitQuantise(emit_, plan_.GateWord(b), ffn_, ToAm(plan_.am.ffn));
    });
    Down();
  }

 private:
  int Layer() const { return plan_.shape.first_layer + layer_; }
  void Note(int b, const char* what, Part part = Part::kNorm) {
    emit_.SetContext(fmt::format("layer {} slot {}: {}", Layer(), b, what), {part, Layer()});
  }

  SubNorm NormOfH(int b) const {
    SubNorm op;
    op.product = plan_.GateWord(b);
    op.length = op.count = op.row = ffn_;
    if (plan_.config().sub_norms) op.weights = map_.ffn_sub_norm;
    op.epsilon = float(plan_.config().norm_eps);
    return op;
  }

  /// gate and up of part i, all slots.
  void Products(int i) {
    emit_.SetContext(fmt::format("layer {}", Layer()), {Part::kGateUp, Layer()});
    const RowPart& part = plan_.shape.ffn_parts[i];
    const int offset = plan_.Words(part.first);
    MatvecOp op;
    op.beats = plan_.shape.hidden_beats;
    op.groups = int(CeilDiv(part.rows, plan_.design.ports));
    op.am = plan_.am.attention;
    op.pitch = plan_.vm.work_pitch;
    op.slots = loop_.slots;
    op.beat = map_.gate[i];
    op.to = plan_.GateWord(0) + offset;
    emit_.Matvec(op, fmt::format("gate part {}", i));
    op.beat = map_.up[i];
    op.to = plan_.UpWord(0) + offset;
    emit_.Matvec(op, fmt::format("up part {}", i));
  }

  /// h = g(gate) * up of one part, as far as its scale: up's is left out. Times the norm's weights.
  void GatedPart(int b, int i) {
    Note(b, "ffn", Part::kActivation);
    const RowPart& part = plan_.shape.ffn_parts[i];
    const int offset = plan_.Words(part.first);
    const VmArray gate{plan_.GateWord(b) + offset, 0, part.rows, 1, false};
    if (plan_.config().activation == Activation::kRelu2) {
      Relu2(gate, b);
    } else {
      Silu(gate, b);
    }
    VectorOp h = ShapedOp(gate);
    h.a = VmInt(plan_.UpWord(b) + offset);
    h.b = Vm(gate.word);
    EmitSubNormPart(emit_, NormOfH(b), h, part.first, fmt::format("h part {}", i));
  }

  void Relu2(const VmArray& gate, int b) {
    VectorOp relu = ShapedOp(gate);
    relu.a = VmInt(gate.word);
    relu.b = Scalar(reg::kGateScale + b);
    relu.combine = Combine::kMax;
    relu.c = Immediate(0.0f);
    relu.to = ToVm(gate.word);
    emit_.Vector(relu, "relu(gate)");
    VectorOp square = ShapedOp(gate);
    square.a = Vm(gate.word);
    square.b = Same();
    square.to = ToVm(gate.word);
    emit_.Vector(square, "relu(gate)^2");
  }

  /// g / (1 + e^-g).
  void Silu(const VmArray& gate, int b) {
    const VmArray x{plan_.vm.buffer[0], 0, gate.length, 1, false};
    const auto unary = [&](Operand a, Operand by, Combine combine, Operand c, int to,
                           const char* note) {
      VectorOp op = ShapedOp(gate);
      op.a = a;
      op.b = by;
      op.combine = combine;
      op.c = c;
      op.to = ToVm(to);
      emit_.Vector(op, note);
    };
    unary(VmInt(gate.word), Scalar(reg::kGateScale + b), Combine::kNone, {}, gate.word, "gate");
    unary(Neg(Vm(gate.word)), {}, Combine::kMax, Immediate(-kExpLimit), x.word, "-gate, clamped");
    unary(Vm(x.word), {}, Combine::kMin, Immediate(kExpLimit), x.word, "-gate, clamped");
    EmitExp(emit_, x, plan_.vm.buffer[2], plan_.vm.buffer[3], "silu");
    unary(Vm(x.word), {}, Combine::kAdd, Immediate(1.0f), x.word, "1 + e^-gate");
    EmitVectorReciprocal(emit_, x, plan_.vm.buffer[2], plan_.vm.buffer[3], "silu");
    unary(Vm(gate.word), Vm(plan_.vm.buffer[2]), Combine::kNone, {}, gate.word, "silu(gate)");
  }

  void Down() {
    BlockOutput out;
    out.context = fmt::format("layer {}", Layer());
    out.place = {Part::kDown, Layer()};
    out.name = "down";
    out.sum = "x + down";
    out.product.beat = map_.down;
    out.product.beats = plan_.shape.ffn_beats;
    out.product.am = plan_.am.ffn;
    out.product.to = plan_.DownWord(0);
    out.product.pitch = plan_.vm.work_pitch;
    out.product.slots = loop_.slots;
    out.parts = plan_.shape.down_parts;
    out.scale = [&](int b) {
      Note(b, "ffn sub norm");
      EmitScalarTimes(emit_, reg::kScale + b, weights_.up.scale(), reg::kFactor, "up scale");
      EmitScale(emit_, NormOfH(b), reg::kFactor);
      EmitScalarTimes(emit_, reg::kScale + b, weights_.down.scale(), reg::kScale + b, "down scale");
    };
    out.next = [&](int b) -> std::optional<NormOp> {
      if (layer_ + 1 < plan_.shape.layers()) return AttentionNorm(plan_, layer_ + 1, b);
      if (loop_.decode && plan_.with_head) return HeadNorm(plan_);
      return std::nullopt;
    };
    EmitBlockOutput(plan_, loop_, out);
  }

  const PlanContext& plan_;
  const SlotLoop& loop_;
  Emitter& emit_;
  int layer_;
  const LayerMap& map_;
  const LayerWeights& weights_;
  int ffn_;
};

}  // namespace

void EmitFeedForward(const PlanContext& plan, const SlotLoop& loop, int layer) {
  FeedForward(plan, loop, layer).Emit();
}

}  // namespace ternfab
