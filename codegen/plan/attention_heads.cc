// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/attention_heads.h"

#include <algorithm>
#include <vector>

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

void LoadScales(const PlanContext& plan, Emitter& emit, int layer, int g) {
  const KvMap& kv = plan.map.layers[layer].kv[g];
  VectorOp op;
  op.length = plan.shape.context;
  op.dynamic = true;
  op.a = StreamF32(
      {kv.key_scales, 0, isa::Index::kZero, plan.Cell(layer, g, PlanContext::kKeyScales)});
  op.to = ToVm(plan.vm.key_scale);
  emit.Vector(op, "k scales");
  op.a = StreamF32(
      {kv.value_scales, 0, isa::Index::kZero, plan.Cell(layer, g, PlanContext::kValueScales)});
  op.to = ToVm(plan.vm.value_scale);
  emit.Vector(op, "v scales");
}

/// Scores from int32 to e^(score - greatest score), and their sums to S[kHeadMax2 + heads].
void EmitExponentials(const PlanContext& plan, Emitter& emit, const HeadJob& job) {
  const VmArray x = ScoreArray(plan, job);
  const int score_scale = reg::kScoreScale + job.slot * kMaxGroup + job.first;
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
  VectorOp sum = ShapedOp(x);
  sum.a = Vm(x.word, x.stride);
  sum.reduce = Reduce::kSum;
  sum.reduce_to = reg::kHeadMax2 + job.heads;
  emit.Vector(sum, "softmax sum");
}

/// e * v scale to int8 in QM; factors of the results to S[kOut].
void EmitProbabilities(const PlanContext& plan, Emitter& emit, const HeadJob& job) {
  const VmArray x = ScoreArray(plan, job);
  const int am = reg::kHeadMax2;
  VectorOp weighted = ShapedOp(x);
  weighted.a = Vm(x.word, x.stride);
  weighted.b = Vm(plan.vm.value_scale);
  weighted.to = ToVm(x.word, x.stride);
  weighted.reduce = Reduce::kAbsMax;
  weighted.reduce_to = am;
  emit.Vector(weighted, "e times v scales");
  VectorOp clamp;
  clamp.segments = job.heads;
  clamp.a = Scalar(am, 1);
  clamp.combine = Combine::kMax;
  clamp.c = Immediate(1e-20f);
  clamp.to = ToScalar(am, 1);
  emit.Vector(clamp, "absmax at least 1e-20");
  EmitReciprocal(emit, am, reg::kHeadRecip, {reg::kHeadT, reg::kH}, 2 * job.heads,
                 "absmax and sum");
  Scalars(emit, job.heads, Scalar(reg::kHeadRecip, 1), Immediate(127.0f), reg::kProbQuant,
          "127 / absmax");
  VectorOp quantise = ShapedOp(x);
  quantise.a = Vm(x.word, x.stride);
  quantise.b = Scalar(reg::kProbQuant, 1);
  quantise.to = ToQm(0, plan.qm.probability[job.parity]);
  emit.Vector(quantise, "p to int8");
}

void EmitResultFactors(Emitter& emit, const HeadJob& job) {
  const int out = reg::kOut + job.parity * kMaxGroup;
  Scalars(emit, job.heads, Scalar(reg::kHeadMax2, 1), Immediate(1.0f / 127.0f), out,
          "absmax / 127");
  Scalars(emit, job.heads, Scalar(out, 1), Scalar(reg::kHeadRecip + job.heads, 1), out,
          "absmax / 127 / sum");
}

void SetJobContext(const PlanContext& plan, Emitter& emit, int layer, const HeadJob& job) {
  emit.SetContext(
      fmt::format("layer {} kv head {} slot {} heads {}+{}", plan.shape.first_layer + layer, job.g,
                  job.slot, job.first, job.heads),
      {Part::kAttention, plan.shape.first_layer + layer});
}

}  // namespace

void EmitScores(const PlanContext& plan, Emitter& emit, int layer, const HeadJob& job) {
  const int width = plan.Words(plan.shape.head_width);
  VectorOp quantise;
  quantise.segments = job.heads;
  quantise.length = plan.shape.head_width;
  quantise.a = Vm(plan.QkvWord(job.slot, job.g) + job.first * width, width);
  quantise.b = Scalar(reg::kQueryQuant + job.slot * kMaxGroup + job.first, 1);
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
  if (job.load_scales) LoadScales(plan, emit, layer, job.g);
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
  EmitResultFactors(emit, job);
}

void EmitResult(const PlanContext& plan, Emitter& emit, const HeadJob& job) {
  const int width = plan.Words(plan.shape.head_width);
  VectorOp result;
  result.segments = job.heads;
  result.length = plan.shape.head_width;
  result.a = VmInt(plan.vm.out[job.parity], width);
  result.b = Scalar(reg::kOut + job.parity * kMaxGroup, 1);
  result.to =
      ToVm(plan.ConcatWord(job.slot) + (job.g * plan.shape.group + job.first) * width, width);
  emit.Vector(result, "attention result");
}

void EmitGroup(const PlanContext& plan, const SlotLoop& loop, int layer, int g) {
  Emitter& emit = loop.emit;
  loop.Each([&](int b) {
    emit.SetContext(
        fmt::format("layer {} kv head {} slot {}", plan.shape.first_layer + layer, g, b),
        {Part::kRope, plan.shape.first_layer + layer});
    EmitRope(plan, emit, layer, g);
  });
  std::vector<HeadJob> jobs;
  for (int b = 0; b < loop.slots; ++b) {
    for (int first = 0; first < plan.shape.group; first += plan.design.queries) {
      const int heads = std::min(plan.design.queries, plan.shape.group - first);
      jobs.push_back({b, g, first, heads, int(jobs.size() % 2), first == 0});
    }
  }
  // Scores of the next job are on their way while the vector unit does this one's softmax.
  const auto stage = [&](size_t i, const auto& body) {
    if (i >= jobs.size()) return;
    loop.Select(jobs[i].slot);
    SetJobContext(plan, emit, layer, jobs[i]);
    body(jobs[i]);
  };
  stage(0, [&](const HeadJob& job) { EmitScores(plan, emit, layer, job); });
  for (size_t i = 0; i <= jobs.size(); ++i) {
    stage(i + 1, [&](const HeadJob& job) { EmitScores(plan, emit, layer, job); });
    stage(i, [&](const HeadJob& job) { EmitSoftmax(plan, emit, layer, job); });
    stage(i - 1, [&](const HeadJob& job) { EmitResult(plan, emit, job); });
  }
  loop.Done();
}

}  // namespace ternfab
