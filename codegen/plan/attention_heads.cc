// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/attention_heads.h"

#include "codegen/plan/scalars.h"
#include "codegen/plan/vector_math.h"

namespace ternfab {
namespace {

using isa::Combine;
using isa::Reduce;

/// S[to + i] for i < count.
void Scalars(Emitter& emit, int count, Operand a, Operand b, int to, const char* note) {
  VectorOp op;
  op.segments = count;
  op.a = a;
  op.b = b;
  op.to = ToScalar(to, 1);
  emit.Vector(op, note);
}

/// The scores of a job: one segment a head, of position + slot + 1 elements.
VmArray ScoreArray(const PlanContext& plan, const HeadJob& job) {
  return {plan.vm.buffer[job.parity], plan.Words(plan.shape.context), plan.shape.context, job.heads,
          true};
}

/// Scores from int32 to e^(score - greatest score).
void EmitExponentials(const PlanContext& plan, Emitter& emit, const HeadJob& job) {
  const VmArray x = ScoreArray(plan, job);
  const int score_scale =
      reg::kScoreScale + job.group_parity * kMaxGroupHeads + kFirstQueryHead + job.first;
  VectorOp scores = ShapedOp(x);
  scores.a = VmInt(x.word, x.stride);
  scores.b = Vm(plan.vm.key_scale);
  scores.to = ToVm(x.word, x.stride);
  scores.reduce = Reduce::kMax;
  scores.reduce_to = reg::kHeadMax;
  emit.Vector(scores, "scores times k scales");
  // Rounding is monotone: the greatest product is the product of the greatest.
  Scalars(emit, job.heads, Scalar(reg::kHeadMax, 1), Scalar(score_scale, 1), reg::kScoreMax,
          "greatest score");
  VectorOp shift = ShapedOp(x);
  shift.a = Vm(x.word, x.stride);
  shift.b = Scalar(score_scale, 1);
  shift.combine = Combine::kAdd;
  shift.c = Neg(Scalar(reg::kScoreMax, 1));
  shift.to = ToVm(x.word, x.stride);
  emit.Vector(shift, "score - greatest");
  VectorOp clamp = ShapedOp(x);
  clamp.a = Vm(x.word, x.stride);
  clamp.combine = Combine::kMax;
  clamp.c = Immediate(-kExpLimit);
  clamp.to = ToVm(x.word, x.stride);
  emit.Vector(clamp, "at least -86");
  EmitExp(emit, x, plan.vm.buffer[2], plan.vm.buffer[3], "softmax");
}

/// e * v scale to int8 in QM; e stays where it is.
void EmitProbabilities(const PlanContext& plan, Emitter& emit, const HeadJob& job) {
  const VmArray x = ScoreArray(plan, job);
  const int am = reg::kHeadMax2;
  VectorOp weighted = ShapedOp(x);
  weighted.a = Vm(x.word, x.stride);
  weighted.b = Vm(plan.vm.value_scale);
  weighted.to = ToVm(plan.vm.buffer[2], x.stride);
  weighted.reduce = Reduce::kAbsMax;
  weighted.reduce_to = am;
  weighted.c = Immediate(kLeastAbsMax);
  emit.Vector(weighted, "e times v scales");
  EmitReciprocal(emit, am, reg::kHeadRecip, {reg::kHeadT, reg::kH}, job.heads, "absmax");
  Scalars(emit, job.heads, Scalar(reg::kHeadRecip, 1), Immediate(127.0f), reg::kProbQuant,
          "127 / absmax");
  VectorOp quantise = ShapedOp(x);
  quantise.a = Vm(plan.vm.buffer[2], x.stride);
  quantise.b = Scalar(reg::kProbQuant, 1);
  quantise.to = ToQm(0, plan.qm.probability[job.parity]);
  emit.Vector(quantise, "p to int8");
}

/// Sums of e, and factors of the results to S[kOut]: beside p . v, which does not need them.
void EmitResultFactors(const PlanContext& plan, Emitter& emit, const HeadJob& job) {
  const int out = reg::kOut + job.parity * kMaxGroup;
  const int sums = reg::kHeadMax2 + job.heads;
  const VmArray x = ScoreArray(plan, job);
  VectorOp sum = ShapedOp(x);
  sum.a = Vm(x.word, x.stride);
  sum.reduce = Reduce::kSum;
  sum.reduce_to = sums;
  emit.Vector(sum, "softmax sum");
  EmitReciprocal(emit, sums, reg::kHeadRecip, {reg::kHeadT, reg::kH}, job.heads, "sum");
  Scalars(emit, job.heads, Scalar(reg::kHeadMax2, 1), Immediate(1.0f / 127.0f), out,
          "absmax / 127");
  Scalars(emit, job.heads, Scalar(out, 1), Scalar(reg::kHeadRecip, 1), out, "absmax / 127 / sum");
}

}  // namespace

void EmitLoadScales(const PlanContext& plan, Emitter& emit, int layer, const HeadJob& job) {
  const KvMap& kv = plan.map.layers[layer].kv[job.g];
  VectorOp op;
  op.length = plan.shape.context;
  op.dynamic = true;
  op.a = StreamF32(
      {kv.key_scales, 0, isa::Index::kZero, plan.Cell(layer, job.g, PlanContext::kKeyScales)});
  op.to = ToVm(plan.vm.key_scale);
  emit.Vector(op, "k scales");
  op.a = StreamF32(
      {kv.value_scales, 0, isa::Index::kZero, plan.Cell(layer, job.g, PlanContext::kValueScales)});
  op.to = ToVm(plan.vm.value_scale);
  emit.Vector(op, "v scales");
}

void EmitScores(const PlanContext& plan, Emitter& emit, int layer, const HeadJob& job) {
  const int width = plan.Words(plan.shape.head_width);
  VectorOp quantise;
  quantise.segments = job.heads;
  quantise.length = plan.shape.head_width;
  const int head = kFirstQueryHead + job.first;
  quantise.a = Vm(plan.HeadWord(job.slot, job.g, head), width);
  quantise.b = Scalar(reg::kHeadQuant + job.group_parity * kMaxGroupHeads + head, 1);
  quantise.to = ToQm(0, plan.qm.query[job.parity]);
  emit.Vector(quantise, "q to int8");
  Int8Op dot;
  dot.rows = {plan.map.layers[layer].kv[job.g].key_rows, 0, isa::Index::kZero,
              plan.Cell(layer, job.g, PlanContext::kKeyRows)};
  dot.row_beats = plan.shape.kv_row_beats;
  dot.qm = plan.qm.query[job.parity];
  dot.qm_words = dot.row_beats;
  dot.row_count = plan.shape.context;
  dot.dynamic = true;
  dot.queries = job.heads;
  dot.to = plan.vm.buffer[job.parity];
  dot.pitch = plan.Words(plan.shape.context);
  emit.Dot(dot, "q . k");
}

void EmitSoftmax(const PlanContext& plan, Emitter& emit, int layer, const HeadJob& job) {
  EmitExponentials(plan, emit, job);
  EmitProbabilities(plan, emit, job);
  Int8Op sum;
  sum.rows = {plan.map.layers[layer].kv[job.g].value_rows, 0, isa::Index::kZero,
              plan.Cell(layer, job.g, PlanContext::kValueRows)};
  sum.row_beats = plan.shape.kv_row_beats;
  sum.qm = plan.qm.probability[job.parity];
  sum.qm_words = int(CeilDiv(plan.shape.context, plan.design.int8_lanes()));
  sum.row_count = plan.shape.context;
  sum.dynamic = true;
  sum.queries = job.heads;
  sum.to = plan.vm.out[job.parity];
  sum.pitch = plan.Words(plan.shape.head_width);
  sum.out_words = sum.pitch;
  emit.Accumulate(sum, "p . v");
  EmitResultFactors(plan, emit, job);
}

void EmitResult(const PlanContext& plan, Emitter& emit, const HeadJob& job, const SubNorm& norm) {
  const int width = plan.Words(plan.shape.head_width);
  VectorOp result;
  result.segments = job.heads;
  result.length = plan.shape.head_width;
  result.a = VmInt(plan.vm.out[job.parity], width);
  result.b = Scalar(reg::kOut + job.parity * kMaxGroup, 1);
  EmitSubNormPart(emit, norm, result,
                  (job.g * plan.shape.group + job.first) * plan.shape.head_width,
                  "attention result");
}

}  // namespace ternfab
