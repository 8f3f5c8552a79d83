// SPDX-License-Identifier: Apache-2.0
// Error bounds of the sequences for e^x, 1/sqrt(a) and 1/a, as the emulator executes them.
#include "codegen/plan/vector_math.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <random>

#include "codegen/plan/image.h"
#include "codegen/plan/scalars.h"
#include "codegen/spec.h"
#include "host/cpu/emulator.h"

namespace ternfab {
namespace {

constexpr int kLength = 512;
constexpr uint64_t kInputBeat = 0;
constexpr uint64_t kOutputBeat = 4 * kLength / 8;  // nano: wide beats of 8 bytes

/// Loads `inputs` (kLength of them) to VM word 0, runs what `body` emits and returns VM word
/// `result` onwards.
std::vector<float> RunOnVm(const std::vector<float>& inputs, int result,
                           const std::function<void(Emitter&)>& body) {
  Program program;
  program.design = Derive(*FindSpec("nano"));
  program.total_beats = 2 * kOutputBeat;
  program.vocab = program.context = 1;
  program.has_head = false;
  program.image.resize(kOutputBeat * program.design.wide_bytes());
  ImageWriter(program.design, program.image).Floats(kInputBeat, inputs);
  Emitter emit(program.design, 0);
  VectorOp load;
  load.a = StreamF32({kInputBeat});
  load.to = ToVm(0);
  load.length = kLength;
  emit.Vector(load, "inputs");
  body(emit);
  VectorOp store;
  store.a = Vm(result);
  store.to = ToMemory(isa::Destination::kMemF32, kOutputBeat, 0, -1);
  store.length = kLength;
  emit.Vector(store, "results");
  program.decode = emit.Finish(0);
  Emulator emulator(program);
  emulator.Run(program.decode, RunArguments{});
  std::vector<float> results(kLength);
  std::memcpy(results.data(), emulator.memory().data() + program.ByteOf(kOutputBeat), 4 * kLength);
  return results;
}

/// Inputs from `draw`, in several runs; returns the greatest relative error.
double GreatestError(const std::function<float()>& draw, int result,
                     const std::function<void(Emitter&)>& body,
                     const std::function<double(double)>& exact,
                     const std::vector<float>& extremes) {
  double greatest = 0;
  for (int round = 0; round < 40; ++round) {
    std::vector<float> inputs = round == 0 ? extremes : std::vector<float>{};
    while (inputs.size() < kLength) inputs.push_back(draw());
    const std::vector<float> results = RunOnVm(inputs, result, body);
    for (int i = 0; i < kLength; ++i) {
      const double error = std::fabs(results[i] / exact(inputs[i]) - 1);
      EXPECT_TRUE(std::isfinite(error)) << inputs[i] << " " << results[i];
      greatest = std::max(greatest, error);
    }
  }
  return greatest;
}

constexpr int kWords = kLength / 2;  // nano has 2 lanes

TEST(VectorMath, Exp) {
  std::mt19937_64 random(1);
  const auto draw = [&] {
    const double unit = double(random() >> 11) * 0x1p-53;
    return float(random() % 2 == 0 ? 172 * unit - 86 : 4 * unit - 3);
  };
  const VmArray x{0, 0, kLength, 1, false};
  const double error = GreatestError(
      draw, 0, [&](Emitter& emit) { EmitExp(emit, x, kWords, 2 * kWords, "test"); },
      [](double v) { return std::exp(v); },
      {-86, 86, 0, -0.0f, 1, -1, 0.34657f, -0.34657f, 0.34658f, 1e-30f, -1e-30f, 1.0397f});
  fmt::print("exp: greatest relative error {:.3g}\n", error);
  EXPECT_LT(error, 8e-7);
  EXPECT_GT(error, 1e-7);  // the bound is not idle
}

TEST(VectorMath, ExpOfZeroIsOne) {
  const VmArray x{0, 0, kLength, 1, false};
  const auto results = RunOnVm(std::vector<float>(kLength, 0.0f), 0, [&](Emitter& emit) {
    EmitExp(emit, x, kWords, 2 * kWords, "test");
  });
  EXPECT_EQ(results, std::vector<float>(kLength, 1.0f));
}

TEST(VectorMath, Reciprocal) {
  std::mt19937_64 random(2);
  const auto draw = [&] {
    return std::ldexp(1 + float(random() >> 40) * 0x1p-24f, int(random() % 251) - 126);
  };
  const VmArray d{0, 0, kLength, 1, false};
  const double error = GreatestError(
      draw, kWords,
      [&](Emitter& emit) { EmitVectorReciprocal(emit, d, kWords, 2 * kWords, "test"); },
      [](double v) { return 1 / v; }, {1, 2, 3, 127, 1e-20f, 0x1p-126f, 0x1p125f, 0x1.fffffep0f});
  fmt::print("reciprocal: greatest relative error {:.3g}\n", error);
  EXPECT_LT(error, 0x1p-22);
}

/// The scalar sequences on 16 registers at a time, loaded from and stored to VM words.
double ScalarError(const std::function<void(Emitter&, int, int)>& sequence,
                   const std::function<double(double)>& exact, int low, int high) {
  std::mt19937_64 random(3);
  const auto draw = [&] {
    return std::ldexp(1 + float(random() >> 40) * 0x1p-24f, int(random() % (high - low)) + low);
  };
  const auto body = [&](Emitter& emit) {
    for (int first = 0; first < kWords; first += 8) {
      VectorOp move;
      move.segments = 8;
      move.a = Vm(first, 1);
      move.to = ToScalar(64, 1);
      emit.Vector(move, "to S");
      sequence(emit, 64, 80);
      move.a = Scalar(80, 1);
      move.to = ToVm(first, 1);
      emit.Vector(move, "to VM");
    }
  };
  std::vector<float> inputs(kLength);
  for (float& input : inputs) input = draw();
  const std::vector<float> results = RunOnVm(inputs, 0, body);
  double greatest = 0;
  for (int i = 0; i < kLength; i += 2) {  // a word's first element
    greatest = std::max(greatest, std::fabs(results[i] / exact(inputs[i]) - 1));
  }
  return greatest;
}

TEST(VectorMath, ScalarRsqrt) {
  const double error = ScalarError(
      [](Emitter& emit, int from, int to) {
        EmitRsqrt(emit, from, to, {96, 112}, 8, "test");
      },
      [](double v) { return 1 / std::sqrt(v); }, -120, 120);
  fmt::print("rsqrt: greatest relative error {:.3g}\n", error);
  EXPECT_LT(error, 0x1p-22);
}

TEST(VectorMath, ScalarReciprocal) {
  const double error = ScalarError(
      [](Emitter& emit, int from, int to) {
        EmitReciprocal(emit, from, to, {96, 112}, 8, "test");
      },
      [](double v) { return 1 / v; }, -120, 120);
  EXPECT_LT(error, 0x1p-22);
}

}  // namespace
}  // namespace ternfab
