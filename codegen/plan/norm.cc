// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/norm.h"

#include "codegen/plan/scalars.h"
#include "codegen/plan/vector_math.h"

namespace ternfab {
namespace {

constexpr float kLeastAbsMax = 1e-20f;

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
  const int absmax = reg::kAbsMax + emit.slot();
  VectorOp op;
  op.a = Vm(norm.source + word);
  if (norm.weights) {
    const uint64_t beat = uint64_t(first) * 4 / emit.design().wide_bytes();
    op.b = StreamF32({*norm.weights + beat});
    op.to = ToVm(norm.product + word);
  }
  op.reduce = isa::Reduce::kAbsMax;
  op.reduce_to = first == 0 ? absmax : reg::kPartMax;
  op.length = length;
  emit.Vector(op, norm.weights ? "times norm weights" : "absmax");
  if (first != 0) EmitAbsMaxSoFar(emit);
}

void EmitAbsMaxSoFar(Emitter& emit) {
  VectorOp merge;
  merge.a = Scalar(reg::kAbsMax + emit.slot());
  merge.combine = isa::Combine::kMax;
  merge.c = Scalar(reg::kPartMax);
  merge.to = ToScalar(reg::kAbsMax + emit.slot());
  emit.Vector(merge, "absmax so far");
}

void EmitQuantise(Emitter& emit, int word, int length, const Target& to) {
  const int absmax = reg::kAbsMax + emit.slot();
  VectorOp clamp;
  clamp.a = Scalar(absmax);
  clamp.combine = isa::Combine::kMax;
  clamp.c = Immediate(kLeastAbsMax);
  clamp.to = ToScalar(absmax);
  emit.Vector(clamp, "absmax at least 1e-20");
  EmitReciprocal(emit, absmax, reg::kReciprocal, {reg::kT, reg::kH}, 1, "absmax");
  EmitScalarTimes(emit, reg::kReciprocal, 127.0f, reg::kQuant, "127 / absmax");
  VectorOp quantise;
  quantise.a = Vm(word);
  quantise.b = Scalar(reg::kQuant);
  quantise.to = to;
  quantise.length = length;
  emit.Vector(quantise, "to int8");
}

void EmitNormQuantise(Emitter& emit, const NormOp& op, const Target& to) {
  EmitWeighted(emit, op);
  EmitQuantise(emit, op.weights ? op.product : op.source, op.length, to);
}

namespace {

/// S[kMeanSquare] = sum of squares / count, times S[factor]^2 if given, + epsilon.
void EmitMeanSquare(Emitter& emit, const NormOp& norm, std::optional<int> factor) {
  VectorOp sum;
  sum.a = Vm(norm.source);
  sum.b = Same();
  sum.reduce = isa::Reduce::kSum;
  sum.reduce_to = reg::kSumSquares;
  sum.length = norm.length;
  emit.Vector(sum, "sum of squares");
  VectorOp mean;
  mean.a = Scalar(reg::kSumSquares);
  mean.b = Immediate(float(1.0 / norm.count));
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
  mean.c = Immediate(norm.epsilon);
  emit.Vector(mean, "mean square + epsilon");
}

}  // namespace

void EmitScale(Emitter& emit, const NormOp& norm, std::optional<int> factor) {
  const int scale = reg::kScale + emit.slot();
  const auto times = [&](int by, const char* note) {
    VectorOp op;
    op.a = Scalar(scale);
    op.b = Scalar(by);
    op.to = ToScalar(scale);
    emit.Vector(op, note);
  };
  if (norm.weights) {
    EmitMeanSquare(emit, norm, factor);
    EmitRsqrt(emit, reg::kMeanSquare, reg::kInverse, {reg::kT, reg::kH}, 1, "mean square");
  }
  EmitScalarTimes(emit, reg::kAbsMax + emit.slot(), 1.0f / 127.0f, scale, "absmax / 127");
  if (factor) times(*factor, "scale times factor");
  if (norm.weights) times(reg::kInverse, "scale / rms");
}

}  // namespace ternfab
