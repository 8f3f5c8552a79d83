// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/block_output.h"

#include "codegen/plan/scalars.h"

namespace ternfab {
namespace {

NormOp NormOfX(const PlanContext& plan, int b, uint64_t weights, int product) {
  const int hidden = plan.config().hidden;
  return {plan.vm.x[b], hidden, weights, product, float(plan.config().norm_eps)};
}

void EmitResidual(const PlanContext& plan, Emitter& emit, int b, int results, const RowPart& part) {
  const int word = part.first / plan.design.vector_lanes;
  VectorOp add;
  add.a = VmInt(results + word);
  add.b = Scalar(reg::kScale + b);
  add.combine = isa::Combine::kAdd;
  add.c = Vm(plan.vm.x[b] + word);
  add.to = ToVm(plan.vm.x[b] + word);
  add.length = part.rows;
  emit.Vector(add, "residual");
}

}  // namespace

NormOp AttentionNorm(const PlanContext& plan, int layer, int b) {
  return NormOfX(plan, b, plan.map.layers[layer].attn_norm, plan.AfterDownWord(b));
}

NormOp FfnNorm(const PlanContext& plan, int layer, int b) {
  return NormOfX(plan, b, plan.map.layers[layer].ffn_norm, plan.AfterOutputWord(b));
}

NormOp HeadNorm(const PlanContext& plan) {
  return NormOfX(plan, 0, plan.map.output_norm, plan.AfterDownWord(0));
}

void EmitBlockOutput(const PlanContext& plan, const SlotLoop& loop, const BlockOutput& output) {
  Emitter& emit = loop.emit;
  emit.SetContext(output.context, output.place);
  for (size_t i = 0; i < output.parts.size(); ++i) {
    const RowPart& part = output.parts[i];
    MatvecOp op = output.product;
    op.beat += uint64_t(part.first / plan.design.ports) * op.beats;
    op.to += part.first / plan.design.vector_lanes;
    op.groups = int(CeilDiv(part.rows, plan.design.ports));
    const bool whole = output.parts.size() == 1;
    emit.Matvec(op, whole ? output.name : fmt::format("{} part {}", output.name, i));
  }
  loop.Each(output.scale);
  for (const RowPart& part : output.parts) {
    loop.Each([&](int b) {
      emit.SetContext(fmt::format("{} slot {}: {}", output.context, b, output.sum), output.place);
      EmitResidual(plan, emit, b, output.product.to + b * output.product.pitch, part);
      const std::optional<NormOp> next = output.next(b);
      if (!next) return;
      emit.SetContext(fmt::format("{} slot {}: next norm", output.context, b),
                      {Part::kNorm, output.place.layer});
      EmitWeightedPart(emit, *next, part.first, part.rows);
    });
  }
}

}  // namespace ternfab
