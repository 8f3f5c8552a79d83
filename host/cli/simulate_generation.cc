// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <type_traits>
#include <utility>

#include "host/cli/simulate.h"
#include "host/cpu/context_fill.h"
#include "host/cpu/evaluate.h"
#include "sim/rtl/jobs.h"
#include "sim/systemc/systemc_simulation.h"

// Generation on a simulated design, whoever simulates it.

namespace ternfab::cli {
namespace {

/// Tokens that are through, in thousandths, also within a start of the design.
class TokenProgress {
 public:
  using Callback = std::function<void(int64_t, int64_t)>;

  /// The last token generated is not run.
  TokenProgress(size_t prompt_tokens, int tokens, Callback callback)
      : all_(kUnit * std::max<int64_t>(1, int64_t(prompt_tokens) + tokens - 1)),
        callback_(std::move(callback)) {}

  void Begin(size_t tokens) { now_ = kUnit * int64_t(tokens); }
  void Within(double share) { callback_(done_ + int64_t(share * double(now_)), all_); }
  void End() {
    done_ += std::exchange(now_, 0);
    callback_(done_, all_);
  }

 private:
  static constexpr int64_t kUnit = 1000;

  int64_t all_;
  int64_t done_ = 0;
  int64_t now_ = 0;
  Callback callback_;
};

template <class Simulation>
Expected<void> Generate(Simulation& simulation, const Prompt& prompt, int tokens, size_t batch,
                        TokenProgress& progress, const std::function<void(int)>& on_token,
                        std::vector<int>& generated) {
  if (prompt.context) {
    TF_RETURN_IF_ERROR(simulation.FillContext(*prompt.context, kContextSeed));
  }
  const std::span<const int> ids(prompt.ids);
  std::vector<float> logits;
  const auto append = [&](std::span<const int> some) -> Expected<void> {
    progress.Begin(some.size());
    TF_ASSIGN_OR_RETURN(logits, simulation.Append(some));
    progress.End();
    return {};
  };
  for (size_t first = 0; first < ids.size(); first += batch) {
    TF_RETURN_IF_ERROR(append(ids.subspan(first, std::min(batch, ids.size() - first))));
  }
  while (int(generated.size()) < tokens) {
    const int id = ArgMax(logits);
    if (prompt.Stops(id)) break;
    generated.push_back(id);
    on_token(id);
    if (int(generated.size()) < tokens) TF_RETURN_IF_ERROR(append({&id, 1}));
  }
  return {};
}

template <class Simulation>
Expected<SimulatedRun> Finish(const HardwareSpec& spec, const Program& program,
                              const Prompt& prompt, int tokens, TokenProgress& progress,
                              const std::function<void(int)>& on_token,
                              Expected<std::unique_ptr<Simulation>> created) {
  if (!created) return tl::unexpected<Error>(created.error());
  Simulation& simulation = **created;
  SimulatedRun out;
  const Expected<void> status = Generate(simulation, prompt, tokens, size_t(program.design.batch),
                                         progress, on_token, out.ids);
  out.instructions = simulation.checked_instructions();
  out.layers = simulation.checked_layers();
  out.mismatch = simulation.mismatch();
  if (!status && !out.mismatch) return tl::unexpected<Error>(status.error());
  const int prompt_tokens = prompt.context ? 0 : int(prompt.ids.size());
  out.runs = simulation.runs();
  out.summary = Summarise(spec, program, out.runs, prompt_tokens);
  out.cycles_per_second = double(simulation.simulated_cycles()) / simulation.run_seconds();
  if constexpr (std::is_same_v<Simulation, rtl::RtlJobs>) out.uncut_runs = simulation.uncut_runs();
  return out;
}

systemc::SimulationOptions SystemCOptions(const rtl::SimulationOptions& options,
                                          Fidelity fidelity) {
  systemc::SimulationOptions out;
  out.accelerator = fidelity == Fidelity::kSystemC ? systemc::AcceleratorKind::kModel
                                                   : systemc::AcceleratorKind::kVerilated;
  out.check = options.check;
  out.times = options.times;
  out.timeline = options.timeline;
  out.on_build = options.on_build;
  out.on_build_progress = options.on_build_progress;
  out.on_run_progress = options.on_run_progress;
  return out;
}

}  // namespace

Expected<SimulatedRun> SimulateGeneration(const HardwareSpec& spec, const Program& program,
                                          const Prompt& prompt, int tokens,
                                          const rtl::SimulationOptions& given,
                                          const std::function<void(int)>& on_token,
                                          const std::function<void(int64_t, int64_t)>& on_progress,
                                          const Executor& executor) {
  TokenProgress progress(prompt.ids.size(), tokens, on_progress);
  rtl::SimulationOptions options = given;
  options.on_run_progress = [&](double share) { progress.Within(share); };
  const auto finish = [&](auto created) {
    return Finish(spec, program, prompt, tokens, progress, on_token, std::move(created));
  };
  if (executor.fidelity != Fidelity::kRtl) {
    return finish(systemc::SystemCSimulation::Create(spec, program,
                                                     SystemCOptions(options, executor.fidelity)));
  }
  if (executor.jobs > 1) {
    return finish(rtl::RtlJobs::Create(spec, program, options, executor.jobs));
  }
  return finish(rtl::RtlSimulation::Create(spec, program, options));
}

}  // namespace ternfab::cli
