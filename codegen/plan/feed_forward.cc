// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "codegen/plan/decoder.h"
#include "codegen/plan/norm.h"
#include "codegen/plan/scalars.h"
#include "codegen/plan/vector_math.h"

namespace ternfab {
namespace {

using isa::Combine;

/// Chunks of gate and up that the ternary unit may run ahead of the vector unit's program order.
constexpr int kChunksAhead = 2;

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
      Note(b, "ffn norm", Part::kNorm);
      EmitNormQuantise(emit_, InputNorm(b), ToAm(plan_.am.attention));
    });
    const int chunks = plan_.shape.ffn_chunks(ffn_);
    for (int c = 0; c < std::min(chunks, kChunksAhead); ++c) Products(c);
    loop_.Each([&](int b) {
      Note(b, "ffn norm", Part::kNorm);
      EmitScale(emit_, InputNorm(b));
      EmitScalarTimes(emit_, reg::kScale + b, weights_.gate.scale(), reg::kGateScale + b,
                      "gate scale");
    });
    for (int c = 0; c < chunks; ++c) {
      loop_.Each([&](int b) { Chunk(b, c); });
      if (c + kChunksAhead < chunks) Products(c + kChunksAhead);
    }
    loop_.Each([&](int b) {
      Note(b, "ffn sub norm", Part::kNorm);
      EmitQuantise(emit_, SubNorm(b).weights ? plan_.UpWord(b) : plan_.GateWord(b), ffn_,
                   ToAm(plan_.am.ffn));
    });
    Down();
  }

 private:
  int Layer() const { return plan_.shape.first_layer + layer_; }
  void Note(int b, const char* what, Part part) {
    emit_.SetContext(fmt::format("layer {} slot {}: {}", Layer(), b, what), {part, Layer()});
  }

  NormOp InputNorm(int b) const {
    const int hidden = plan_.config().hidden;
    return {plan_.vm.x[b], hidden, hidden, map_.ffn_norm, plan_.vm.norm, Epsilon()};
  }
  NormOp SubNorm(int b) const {
    NormOp op{plan_.GateWord(b), ffn_, ffn_, {}, plan_.UpWord(b), Epsilon()};
    if (plan_.config().sub_norms) op.weights = map_.ffn_sub_norm;
    return op;
  }
  float Epsilon() const { return float(plan_.config().norm_eps); }

  /// gate and up of chunk c, all slots.
  void Products(int c) {
    emit_.SetContext(fmt::format("layer {}", Layer()), {Part::kGateUp, Layer()});
    const int rows = FfnChunkRows(plan_.shape, ffn_, c);
    const int offset = plan_.Words(int64_t(c) * plan_.shape.ffn_chunk);
    MatvecOp op;
    op.beats = plan_.shape.hidden_beats;
    op.groups = int(CeilDiv(rows, plan_.design.ports));
    op.am = plan_.am.attention;
    op.pitch = plan_.vm.work_pitch;
    op.slots = loop_.slots;
    op.beat = map_.gate[c];
    op.to = plan_.GateWord(0) + offset;
    emit_.Matvec(op, fmt::format("gate chunk {}", c));
    op.beat = map_.up[c];
    op.to = plan_.UpWord(0) + offset;
    emit_.Matvec(op, fmt::format("up chunk {}", c));
  }

  /// h = g(gate) * up of one chunk, as far as its scale: up's is left out.
  void Chunk(int b, int c) {
    Note(b, "ffn", Part::kActivation);
    const int offset = plan_.Words(int64_t(c) * plan_.shape.ffn_chunk);
    const VmArray gate{plan_.GateWord(b) + offset, 0, FfnChunkRows(plan_.shape, ffn_, c), 1, false};
    if (plan_.config().activation == Activation::kRelu2) {
      Relu2(gate, b);
    } else {
      Silu(gate, b);
    }
    const int up = plan_.UpWord(b) + offset;
    const bool norm = plan_.config().sub_norms;
    VectorOp h = ShapedOp(gate);
    h.a = VmInt(up);
    h.b = Vm(gate.word);
    h.to = ToVm(gate.word);
    const int chunk_max = c == 0 ? reg::kAbsMax + b : reg::kChunkMax;
    VectorOp last = h;
    if (norm) {
      emit_.Vector(h, fmt::format("h chunk {}", c));
      last = ShapedOp(gate);
      last.a = Vm(gate.word);
      last.b = StreamF32({map_.ffn_sub_norm +
                          uint64_t(c) * plan_.shape.ffn_chunk * 4 / plan_.design.wide_bytes()});
      last.to = ToVm(up);
    }
    last.reduce = isa::Reduce::kAbsMax;
    last.reduce_to = chunk_max;
    emit_.Vector(last, fmt::format("{} chunk {}", norm ? "h times norm weights" : "h", c));
    if (c == 0) return;
    VectorOp merge;
    merge.a = Scalar(reg::kAbsMax + b);
    merge.combine = Combine::kMax;
    merge.c = Scalar(reg::kChunkMax);
    merge.to = ToScalar(reg::kAbsMax + b);
    emit_.Vector(merge, "absmax so far");
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
    emit_.SetContext(fmt::format("layer {}", Layer()), {Part::kDown, Layer()});
    MatvecOp op;
    op.beat = map_.down;
    op.beats = plan_.shape.ffn_beats;
    op.groups = int(CeilDiv(plan_.config().hidden, plan_.design.ports));
    op.am = plan_.am.ffn;
    op.to = plan_.DownWord(0);
    op.pitch = plan_.vm.work_pitch;
    op.slots = loop_.slots;
    emit_.Matvec(op, "down");
    loop_.Each([&](int b) {
      Note(b, "ffn sub norm", Part::kNorm);
      EmitScalarTimes(emit_, reg::kScale + b, weights_.up.scale(), reg::kFactor, "up scale");
      EmitScale(emit_, SubNorm(b), reg::kFactor);
      EmitScalarTimes(emit_, reg::kScale + b, weights_.down.scale(), reg::kScale + b, "down scale");
      VectorOp add;
      add.a = VmInt(plan_.DownWord(b));
      add.b = Scalar(reg::kScale + b);
      add.combine = Combine::kAdd;
      add.c = Vm(plan_.vm.x[b]);
      add.to = ToVm(plan_.vm.x[b]);
      add.length = plan_.config().hidden;
      Note(b, "x + down", Part::kDown);
      emit_.Vector(add, "residual");
    });
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
