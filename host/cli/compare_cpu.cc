// SPDX-License-Identifier: Apache-2.0
#include "host/cli/compare_cpu.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "codegen/build_program.h"
#include "host/cli/output.h"
#include "host/cpu/context_fill.h"
#include "host/cpu/device_model.h"
#include "host/cpu/fast_reference.h"
#include "host/cpu/limits.h"
#include "sim/compare/energy_figures.h"
#include "sim/energy/cpu_energy.h"
#include "sim/energy/rapl.h"

namespace ternfab::cli {
namespace {

using compare::Evidence;

/// In place of a seeded cache, which the reference does not have: as many seeded tokens.
Prompt ReferencePrompt(const Prompt& prompt, int vocab) {
  if (!prompt.context) return prompt;
  Prompt out;
  for (int i = 1; i <= *prompt.context; ++i) {
    out.ids.push_back(ContextToken(vocab, kContextSeed + uint64_t(i)));
  }
  out.ids.insert(out.ids.end(), prompt.ids.begin(), prompt.ids.end());
  return out;
}

compare::Figure Measured(std::optional<double> value, const char* unit, std::string source) {
  if (!value) source = "no step was a decode step: more tokens are needed";
  return {value, unit, Evidence::kMeasured, std::move(source)};
}

compare::Speed SpeedOf(const Generated& generated) {
  compare::Speed speed;
  const std::optional<double> rate = generated.DecodeRate();
  speed.decode_rate = Measured(rate, "tokens/s", "wall clock of the steps after the first token");
  speed.latency_per_token = Measured(rate ? std::optional(1 / *rate) : std::nullopt, "s",
                                     "wall clock, mean of the steps after the first token");
  speed.time_to_first_token =
      Measured(generated.prefill_seconds, "s", "wall clock from the prompt to its logits");
  speed.prefill_rate =
      Measured(generated.PrefillRate(), "tokens/s", "prompt tokens / time to first token");
  return speed;
}

/// Limits of this machine beside what a token of `work` took.
compare::Roofline RooflineOf(const TokenWork& work, int threads,
                             const compare::Figure& decode_rate) {
  const CpuLimits limits = MeasureCpuLimits(threads);
  const std::string on = fmt::format("measured now on {} threads", threads);
  compare::Roofline out;
  out.bandwidth = {limits.read_bytes_per_second, "B/s", Evidence::kMeasured,
                   "reads of memory that no cache holds, " + on};
  out.compute = {limits.int8_macs_per_second, "MAC/s", Evidence::kMeasured,
                 "int8 products in registers, " + on};
  out.bytes_per_token = {double(work.bytes()), "B", Evidence::kModelled,
                         "weights and head as stored, KV cache; from the shapes"};
  out.macs_per_token = {double(work.macs), "MAC", Evidence::kModelled,
                        "weights, head and attention; from the shapes"};
  out.bound_rate = compare::Ratio(out.bandwidth, out.bytes_per_token, "tokens/s",
                                  "bandwidth / bytes of a token: nothing but memory limits");
  out.bandwidth_share = compare::Ratio(decode_rate, out.bound_rate, "1", "decode rate / its bound");
  const compare::Figure macs_bound =
      compare::Ratio(out.compute, out.macs_per_token, "tokens/s", "");
  out.compute_share =
      compare::Ratio(decode_rate, macs_bound, "1", "MACs of a token x decode rate / int8 peak");
  return out;
}

/// Joules of the decode steps by the processor's counters, where they can be read.
class DecodeEnergy {
 public:
  /// At the first token, when the prompt is through, and at the end.
  void Begin() { first_ = Sample(); }
  void End() { last_ = Sample(); }

  /// Measured, else modelled from the work of a token.
  EnergyReport PerToken(int steps, double seconds, const CpuWork& work) const {
    if (first_ && last_) return MeasuredCpuEnergy((*last_ - *first_) / steps, seconds, Domains());
    EnergyReport report = ModelledCpuEnergy(CpuPowerOf(CpuName()), work);
    if (!meter_) report.notes.push_back(meter_.error().message + ".");
    return report;
  }
  const char* mode() const { return first_ && last_ ? "RAPL" : "CPU model"; }

 private:
  std::optional<double> Sample() {
    if (!meter_) return {};
    const Expected<double> joules = meter_->Sample();
    return joules ? std::optional(*joules) : std::nullopt;
  }
  std::string Domains() const { return meter_->domains(); }

  Expected<RaplMeter> meter_ = RaplMeter::Open();
  std::optional<double> first_, last_;
};

void AddEnergy(const DecodeEnergy& energy, const Generated& generated, const TokenWork& work,
               int threads, compare::CpuSide& side) {
  Expected<EnergyReport> report = Fail("no step was a decode step: more tokens are needed");
  if (side.speed.latency_per_token.value) {
    const double seconds = *side.speed.latency_per_token.value;
    report = energy.PerToken(generated.decode_steps, seconds,
                             {seconds, threads, double(work.bytes()), double(work.macs)});
  }
  side.energy = compare::EnergyFigures(report);
  side.energy.mode = energy.mode();
  side.tokens_per_joule = compare::Ratio({1.0, "1", Evidence::kGiven, ""}, side.energy.total,
                                         "tokens/J", "1 / energy of a token");
}

}  // namespace

Expected<compare::CpuSide> RunCpu(Model& model, const Prompt& prompt,
                                  const CpuRunOptions& options) {
  const Prompt given = ReferencePrompt(prompt, model.config.vocab);
  FastOptions fast;
  fast.threads = options.threads;
  const int position = int(given.ids.size()) + std::max(0, options.tokens - 2) / 2;
  const TokenWork work = WorkOfToken(model, fast.head, fast.storage, position);
  compare::CpuSide side;
  side.name = CpuName().empty() ? "unknown processor" : CpuName();
  side.arithmetic = "reference";
  side.implementation = "fast reference: SIMD kernels, head as the model has it";
  side.threads = {double(options.threads), "threads", Evidence::kGiven, "--threads"};
  const auto reference = MakeFastReference(TakeWeights(model), fast);
  ProgressBar bar("CPU");
  DecodeEnergy energy;
  int64_t done = 0;
  const auto on_token = [&](int) {
    if (done == 0) energy.Begin();
    bar.Update(++done, options.tokens);
  };
  TF_ASSIGN_OR_RETURN(const Generated generated,
                      GenerateGreedy(*reference, given, options.tokens, on_token));
  energy.End();
  side.speed = SpeedOf(generated);
  if (!prompt.context) {
    side.ids = generated.ids;
    side.text = TextOf(model, side.ids);
  }
  side.roofline = RooflineOf(work, options.threads, side.speed.decode_rate);
  AddEnergy(energy, generated, work, options.threads, side);
  return side;
}

Expected<DeviceOnCpu> RunDeviceOnCpu(const HardwareSpec& spec, const Model& model,
                                     const Prompt& prompt, const CpuRunOptions& options) {
  TF_ASSIGN_OR_RETURN(const Program program, BuildProgram(model, spec));
  const auto device = MakeEmulatedDevice(program, {.threads = options.threads});
  ProgressBar bar("device arithmetic on the CPU");
  int64_t done = 0;
  TF_ASSIGN_OR_RETURN(const Generated generated,
                      GenerateGreedy(*device, prompt, options.tokens,
                                     [&](int) { bar.Update(++done, options.tokens); }));
  return DeviceOnCpu{
      generated.ids,
      Measured(generated.DecodeRate(), "tokens/s",
               fmt::format("wall clock of the emulator with the Program of {}", spec.name))};
}

}  // namespace ternfab::cli
