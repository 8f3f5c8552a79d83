// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/norm.h"

#include "codegen/plan/scalars.h"
#include "codegen/plan/vector_math.h"
#include "common/integer.h"

namespace ternfab {
namespace {

/// Of the elements from `first` on: S[kAbsMax + slot] = their absmax, that so far, kLeastAbsMax.
void ReduceToAbsMax(const Emitter& emit, int first, VectorOp& op) {
  const int absmax = reg::kAbsMax + emit.slot();
  op.reduce = isa::Reduce::kAbsMax;
  op.reduce_to = absmax;
  op.join = true;
  op.c = first == 0 ? Immediate(kLeastAbsMax) : Scalar(absmax);
}

}  // namespace

void EmitScalarTimes(Emitter& emit, int from, float value, int to, const std::string& note) {
  VectorOp op;
  op.a = Scalar(from);
  op.b = Immediate(value);
  op.to = ToScalar(to);
  emit.Vector(op, note);
}

void EmitWeighted(Emitter& emit, const NormOp& norm) {
  EmitWeightedPart(emit, norm, 0, norm.length);
}

void EmitWeightedPart(Emitter& emit, const NormOp& norm, int first, int length) {
  const int word = first / emit.design().vector_lanes;
  VectorOp op;
  op.a = Vm(norm.source + word);
  op.b = StreamF32({norm.weights + uint64_t(first) * 4 / emit.design().wide_bytes()});
  op.to = ToVm(norm.product + word);
  op.length = length;
  ReduceToAbsMax(emit, first, op);
  emit.Vector(op, "times norm weights");
}

void EmitSubNormPart(Emitter& emit, const SubNorm& norm, VectorOp part, int first,
                     const std::string& note) {
  const int wide = emit.design().wide_bytes();
  const int end = first + part.segments * part.length;
  part.to = ToVm(norm.product + first / emit.design().vector_lanes,
                 int(CeilDiv(part.length, emit.design().vector_lanes)));
  ReduceToAbsMax(emit, first, part);
  if (norm.weights) {
    const uint64_t beat = *norm.weights + uint64_t(first / norm.row) * norm.row_beats +
                          uint64_t(first % norm.row) * 4 / uint64_t(wide);
    part.norm = NormStage{
        {beat}, isa::SumFrom(uint64_t(first)), end == norm.length, reg::kSubSquares + emit.slot()};
  }
  emit.Vector(part, norm.weights ? note + ", times norm weights" : note);
}

void EmitQuantise(Emitter& emit, int word, int length, const Target& to) {
  const int absmax = reg::kAbsMax + emit.slot();
  EmitReciprocal(emit, absmax, reg::kReciprocal, {reg::kT, reg::kH}, 1, "absmax");
  EmitScalarTimes(emit, reg::kReciprocal, 127.0f, reg::kQuant, "127 / absmax");
  VectorOp quantise;
  quantise.a = Vm(word);
  quantise.b = Scalar(reg::kQuant);
  quantise.to = to;
  quantise.length = length;
  emit.Vector(quantise, "to int8");
}

namespace {

/// S[kMeanSquare] = S[squares] / count, times S[factor]^2 if given, + epsilon.
void EmitMeanSquare(Emitter& emit, int squares, int count, std::optional<int> factor,
                    float epsilon) {
  VectorOp mean;
  mean.a = Scalar(squares);
  mean.b = Immediate(float(1.0 / count));
  mean.to = ToScalar(reg::kMeanSquare);
  if (factor) {
    emit.Vector(mean, "mean square");
    VectorOp square;
    square.a = Scalar(*factor);
    square.b = Same();
    square.to = ToScalar(reg::kFactor2);
    emit.Vector(square, "factor^2");
    mean.a = Scalar(reg::kMeanSquare);
    mean.b = Scalar(reg::kFactor2);
  }
  mean.combine = isa::Combine::kAdd;
  mean.c = Immediate(epsilon);
  emit.Vector(mean, "mean square + epsilon");
}

void EmitScaleTimes(Emitter& emit, int by, const char* note) {
  VectorOp op;
  op.a = Scalar(reg::kScale + emit.slot());
  op.b = Scalar(by);
  op.to = ToScalar(reg::kScale + emit.slot());
  emit.Vector(op, note);
}

void EmitInverse(Emitter& emit) {
  EmitRsqrt(emit, reg::kMeanSquare, reg::kInverse, {reg::kT, reg::kH}, 1, "mean square");
}

void EmitQuantiserScale(Emitter& emit) {
  EmitScalarTimes(emit, reg::kAbsMax + emit.slot(), 1.0f / 127.0f, reg::kScale + emit.slot(),
                  "absmax / 127");
}

}  // namespace

void EmitScale(Emitter& emit, const NormOp& norm) {
  VectorOp sum;
  sum.a = Vm(norm.source);
  sum.b = Same();
  sum.reduce = isa::Reduce::kSum;
  sum.reduce_to = reg::kSumSquares;
  sum.length = norm.length;
  emit.Vector(sum, "sum of squares");
  EmitMeanSquare(emit, reg::kSumSquares, norm.length, {}, norm.epsilon);
  EmitInverse(emit);
  EmitQuantiserScale(emit);
  EmitScaleTimes(emit, reg::kInverse, "scale / rms");
}

void EmitScale(Emitter& emit, const SubNorm& norm, std::optional<int> factor) {
  if (norm.weights) {
    EmitMeanSquare(emit, reg::kSubSquares + emit.slot(), norm.count, factor, norm.epsilon);
    EmitInverse(emit);
  }
  EmitQuantiserScale(emit);
  if (factor) EmitScaleTimes(emit, *factor, "scale times factor");
  if (norm.weights) EmitScaleTimes(emit, reg::kInverse, "scale / rms");
}

}  // namespace ternfab
