// SPDX-License-Identifier: Apache-2.0
#include "host/cli/compare_hardware.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "codegen/build_program.h"
#include "host/cli/child_process.h"
#include "host/cli/output.h"
#include "host/cli/synthesis.h"
#include "host/cli/token_rates.h"
#include "sim/compare/area_figures.h"
#include "sim/compare/context_sweep.h"
#include "sim/compare/energy_figures.h"
#include "sim/compare/hardware_side.h"

namespace ternfab::cli {
namespace {

const char* NameOf(Fidelity fidelity) { return fidelity == Fidelity::kRtl ? "rtl" : "systemc"; }

Expected<SimulatedRun> Simulate(const HardwareSpec& spec, const Program& program,
                                const Prompt& prompt, const HardwareRunOptions& o) {
  ProgressBar bar("simulate " + spec.name), build_bar("compile " + spec.name);
  rtl::SimulationOptions options;
  options.check = o.fidelity == Fidelity::kRtl;
  options.times = true;
  options.on_build_progress = [&](int64_t done, int64_t all) { build_bar.Update(done, all); };
  options.on_build = [](const std::string& name) {
    if (isatty(STDERR_FILENO) != 1) return;
    fmt::print(stderr, "building {} with Verilator (once for each design)\n", name);
  };
  return SimulateGeneration(
      spec, program, prompt, o.tokens, options, [](int) {},
      [&](int64_t done, int64_t all) {
        build_bar.Clear();
        bar.Update(done, all);
      },
      {o.fidelity, 1});
}

void AddChecks(const SimulatedRun& run, int layers, Fidelity fidelity, compare::Checks& check) {
  if (fidelity != Fidelity::kRtl) {
    check.method =
        "Not compared instruction by instruction: the cycle model has no data, they are the CPU "
        "emulator's. With --fidelity rtl what the RTL computes is compared.";
    return;
  }
  check.method =
      "Every result of every instruction in the RTL, bit by bit, with the emulator's on the CPU; "
      "the "
      "first that differs ends the run.";
  check.instructions = int64_t(run.instructions);
  check.mismatches = run.mismatch ? 1 : 0;
  check.first_mismatch = run.mismatch.value_or("");
  check.layers = compare::CheckedLayers(run.layers, layers);
}

/// Of the last run, a layer in the middle of the model.
void AddTimeline(const Program& program, const SimulatedRun& run, int layers,
                 compare::HardwareSide& side) {
  if (run.runs.empty()) return;
  const RunRecord& last = run.runs.back();
  const InstructionList& list = last.arguments.count == 1 ? program.decode : program.prefill;
  side.layer = compare::TimelineOf(list, last, layers / 2);
}

Expected<AreaReport> Synthesise(const HardwareSpec& spec, bool wanted) {
  if (!wanted) return Fail("not synthesised: --no-area");
  return SynthesiseDesign(spec, "synthesise " + spec.name);
}

/// Of the token in the middle of the decoded ones: counts and cycles grow evenly with the position.
int MiddlePosition(const Prompt& prompt, const RunSummary& summary) {
  const int first = prompt.context ? *prompt.context : int(prompt.ids.size());
  return first + std::max(0, int(summary.decode_steps) - 1) / 2;
}

void AddEnergy(const HardwareRunOptions& o, const EnergyInputs& inputs,
               compare::HardwareSide& side) {
  side.energy = compare::EnergyFigures(EstimateTokenEnergy(o.energy, inputs));
  side.tokens_per_joule = compare::Ratio({1.0, "1", compare::Evidence::kGiven, ""},
                                         side.energy.total, "tokens/J", "1 / energy of a token");
}

/// The rate of the run, slower or faster as its middle step is at the estimated clock. Nothing
/// where no clock was estimated or no step was a decode step.
Expected<void> SimulateAtEstimatedClock(const HardwareSpec& spec, const Program& program,
                                        const Expected<AreaReport>& area, int context,
                                        compare::HardwareSide& side) {
  if (!area || area->clock.mhz() == 0) return {};
  if (!side.speed.decode_rate.value) {
    side.rate_at_estimated_clock.source = side.speed.decode_rate.source;
    side.latency_at_estimated_clock.source = side.speed.decode_rate.source;
    return {};
  }
  ProgressBar bar("estimated clock of " + spec.name);
  bar.Update(0, 1);
  TF_ASSIGN_OR_RETURN(const uint64_t given, CyclesAt(spec.clock_mhz, spec, program, context, 1));
  TF_ASSIGN_OR_RETURN(const uint64_t estimated,
                      CyclesAt(area->clock.mhz(), spec, program, context, 1));
  compare::AddRateAtEstimatedClock(given, estimated, context, side);
  return {};
}

Expected<compare::HardwareSide> Describe(const HardwareSpec& spec, const Model& model,
                                         const Prompt& prompt, const HardwareRunOptions& o) {
  TF_ASSIGN_OR_RETURN(const Program program, BuildProgram(model, spec));
  const Expected<AreaReport> area = Synthesise(spec, o.synthesise);
  TF_ASSIGN_OR_RETURN(const SimulatedRun run, Simulate(spec, program, prompt, o));
  const int prompt_tokens = prompt.context ? 0 : int(prompt.ids.size());
  compare::HardwareSide side =
      compare::DescribeRun({spec, program, run.summary, run.runs, NameOf(o.fidelity), prompt_tokens,
                            run.cycles_per_second},
                           model.config);
  side.ids = run.ids;
  side.text = TextOf(model, run.ids);
  AddChecks(run, model.config.layers, o.fidelity, side.check);
  compare::AddArea(area, side);
  const int position = MiddlePosition(prompt, run.summary);
  TF_RETURN_IF_ERROR(SimulateAtEstimatedClock(spec, program, area, position, side));
  std::vector<int> text = prompt.ids;
  text.insert(text.end(), run.ids.begin(), run.ids.end());
  AddEnergy(o,
            {spec, model.config, program, run.summary, compare::FabricOf(area, spec), position,
             model.synthetic, std::move(text)},
            side);
  AddTimeline(program, run, model.config.layers, side);
  ProgressBar bar("contexts of " + spec.name);
  TF_ASSIGN_OR_RETURN(
      side.contexts,
      compare::SweepContext(spec, program, compare::SweepContexts(program),
                            [&](int64_t done, int64_t all) { bar.Update(done, all); }));
  return side;
}

}  // namespace

Expected<compare::HardwareSide> RunHardware(const HardwareSpec& spec, const Model& model,
                                            const Prompt& prompt,
                                            const HardwareRunOptions& options) {
  TF_ASSIGN_OR_RETURN(const std::string bytes,
                      InChildProcess("simulation of " + spec.name, [&]() -> Expected<std::string> {
                        TF_ASSIGN_OR_RETURN(const compare::HardwareSide side,
                                            Describe(spec, model, prompt, options));
                        return compare::WriteHardware(side).dump(
                            -1, ' ', false, compare::Json::error_handler_t::replace);
                      }));
  return compare::ReadHardware(compare::Json::parse(bytes));
}

}  // namespace ternfab::cli
