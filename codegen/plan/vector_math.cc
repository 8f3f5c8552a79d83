// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/vector_math.h"

namespace ternfab {
namespace {

using isa::Combine;

VectorOp ScalarOp(int count) {
  VectorOp op;
  op.segments = count;
  return op;
}

}  // namespace

void EmitRsqrt(Emitter& emit, int from, int to, ScalarTemps temps, int count,
               const std::string& what) {
  const auto scalars = [&](Operand a, Operand b, Combine combine, Operand c, int target,
                           const char* step) {
    VectorOp op = ScalarOp(count);
    op.a = a;
    op.b = b;
    op.combine = combine;
    op.c = c;
    op.to = ToScalar(target, 1);
    emit.Vector(op, what + " rsqrt " + step);
  };
  scalars(Scalar(from, 1), Immediate(0.5f), Combine::kNone, {}, temps.h, "half");
  scalars(Scalar(from, 1), {}, Combine::kSubShift, ImmediateBits(kRsqrtMagic), to, "start");
  for (int step = 0; step < kRsqrtSteps; ++step) {
    scalars(Scalar(to, 1), Same(), Combine::kNone, {}, temps.t, "y*y");
    scalars(Neg(Scalar(temps.t, 1)), Scalar(temps.h, 1), Combine::kAdd, Immediate(1.5f), temps.t,
            "1.5-h*y*y");
    scalars(Scalar(to, 1), Scalar(temps.t, 1), Combine::kNone, {}, to, "y");
  }
}

void EmitReciprocal(Emitter& emit, int from, int to, ScalarTemps temps, int count,
                    const std::string& what) {
  VectorOp start = ScalarOp(count);
  start.a = Scalar(from, 1);
  start.combine = Combine::kSub;
  start.c = ImmediateBits(kReciprocalMagic);
  start.to = ToScalar(to, 1);
  emit.Vector(start, what + " reciprocal start");
  for (int step = 0; step < kReciprocalSteps; ++step) {
    VectorOp rest = ScalarOp(count);
    rest.a = Neg(Scalar(from, 1));
    rest.b = Scalar(to, 1);
    rest.combine = Combine::kAdd;
    rest.c = Immediate(2.0f);
    rest.to = ToScalar(temps.t, 1);
    emit.Vector(rest, what + " reciprocal 2-a*r");
    VectorOp next = ScalarOp(count);
    next.a = Scalar(to, 1);
    next.b = Scalar(temps.t, 1);
    next.to = ToScalar(to, 1);
    emit.Vector(next, what + " reciprocal r");
  }
}

VectorOp ShapedOp(const VmArray& shape) {
  VectorOp op;
  op.length = shape.length;
  op.segments = shape.segments;
  op.dynamic = shape.dynamic;
  return op;
}

void EmitExp(Emitter& emit, const VmArray& x, int t, int p, const std::string& what) {
  const int stride = x.stride;
  const auto step = [&](Operand a, Operand b, Combine combine, Operand c, int target,
                        const char* name) {
    VectorOp op = ShapedOp(x);
    op.a = a;
    op.b = b;
    op.combine = combine;
    op.c = c;
    op.to = ToVm(target, stride);
    emit.Vector(op, what + " exp " + name);
  };
  const Operand xs = Vm(x.word, stride);
  const Operand ts = Vm(t, stride);
  const Operand ps = Vm(p, stride);
  step(xs, Immediate(kLog2E), Combine::kAdd, Immediate(kRoundMagic), t, "t");
  step(ts, {}, Combine::kAdd, Immediate(-kRoundMagic), p, "n");
  step(ps, Immediate(-kLn2High), Combine::kAdd, xs, x.word, "f high");
  step(ps, Immediate(-kLn2Low), Combine::kAdd, xs, x.word, "f");
  step(xs, Immediate(kExpPolynomial[5]), Combine::kAdd, Immediate(kExpPolynomial[4]), p, "p4");
  for (int k = 3; k >= 0; --k) {
    step(ps, xs, Combine::kAdd, Immediate(kExpPolynomial[k]), p,
         k == 3 ? "p3" : (k == 2 ? "p2" : (k == 1 ? "p1" : "p0")));
  }
  step(ps, {}, Combine::kAddExponent, ts, x.word, "scale");
}

void EmitVectorReciprocal(Emitter& emit, const VmArray& d, int r, int t, const std::string& what) {
  VectorOp start = ShapedOp(d);
  start.a = Vm(d.word, d.stride);
  start.combine = Combine::kSub;
  start.c = ImmediateBits(kReciprocalMagic);
  start.to = ToVm(r, d.stride);
  emit.Vector(start, what + " reciprocal start");
  for (int step = 0; step < kReciprocalSteps; ++step) {
    VectorOp rest = ShapedOp(d);
    rest.a = Neg(Vm(d.word, d.stride));
    rest.b = Vm(r, d.stride);
    rest.combine = Combine::kAdd;
    rest.c = Immediate(2.0f);
    rest.to = ToVm(t, d.stride);
    emit.Vector(rest, what + " reciprocal 2-a*r");
    VectorOp next = ShapedOp(d);
    next.a = Vm(r, d.stride);
    next.b = Vm(t, d.stride);
    next.to = ToVm(r, d.stride);
    emit.Vector(next, what + " reciprocal r");
  }
}

}  // namespace ternfab
