// SPDX-License-Identifier: Apache-2.0
#include "host/cli/simulate.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "codegen/build_program.h"
#include "host/cli/arguments.h"
#include "host/cli/commands.h"
#include "host/cli/energy_report.h"
#include "host/cli/matvec.h"
#include "host/cli/output.h"
#include "host/cli/simulate_report.h"
#include "host/cli/synthesis.h"
#include "sim/compare/area_figures.h"

// `ternfab simulate`: the generated RTL, cycle by cycle.

namespace ternfab::cli {
namespace {

struct SimulateOptions {
  PromptOptions prompt;
  std::string hw = "kv260";
  std::string fidelity = "rtl";
  int jobs = 1;
  bool check = false;
  std::string fst;
  std::string timeline;
  std::string layers;
  std::string matvec;
  bool area = false;   ///< synthesise: mode fpga counts the design's own cells
  std::string energy;  ///< mode; empty: fpga, where the device and its memory have figures
  std::string json;
};

/// "A..B", both included.
Expected<PlanOptions> ParseLayers(const std::string& text, int layers) {
  PlanOptions plan;
  if (text.empty()) return plan;
  const auto range = ParseInts(text, "..");
  if (!range || range->size() != 2 || (*range)[0] < 0 || (*range)[1] < (*range)[0] ||
      (*range)[1] >= layers) {
    return Fail("--layers {}: must be A..B with 0 <= A <= B <= {}", text, layers - 1);
  }
  plan.first_layer = (*range)[0];
  plan.last_layer = (*range)[1] + 1;
  plan.with_head = false;
  return plan;
}

constexpr std::pair<const char*, Fidelity> kFidelities[] = {{"rtl", Fidelity::kRtl},
                                                            {"systemc", Fidelity::kSystemC},
                                                            {"systemc-rtl", Fidelity::kSystemCRtl}};

Expected<Executor> ExecutorOf(const SimulateOptions& o) {
  for (const auto& [name, fidelity] : kFidelities) {
    if (o.fidelity != name) continue;
    if (fidelity != Fidelity::kRtl && !o.fst.empty()) {
      return Fail("--fst {}: only with --fidelity rtl", o.fst);
    }
    if (fidelity != Fidelity::kRtl && o.jobs > 1) {
      return Fail("--jobs {}: only with --fidelity rtl", o.jobs);
    }
    return Executor{fidelity, o.jobs};
  }
  return Fail("--fidelity {}: must be rtl, systemc or systemc-rtl", o.fidelity);
}

/// None if it was not asked for.
Expected<std::optional<AreaReport>> AreaOf(const SimulateOptions& o, const HardwareSpec& spec) {
  if (!o.area) return std::nullopt;
  TF_ASSIGN_OR_RETURN(AreaReport report, SynthesiseDesign(spec, "synthesise"));
  return report;
}

/// Of a token in the middle of the decoded ones: counts grow evenly with the position.
Expected<EnergyReport> EnergyOf(const SimulateOptions& o, const HardwareSpec& spec,
                                const Model& model, const Program& program, const Prompt& prompt,
                                const SimulatedRun& run, const std::optional<AreaReport>& area) {
  TF_ASSIGN_OR_RETURN(const EnergyChoice choice,
                      ParseEnergyChoice(o.energy.empty() ? "fpga" : o.energy));
  const int first = prompt.context ? *prompt.context : int(prompt.ids.size());
  const int position = first + std::max(0, int(run.summary.decode_steps) - 1) / 2;
  std::vector<int> ids = prompt.ids;
  ids.insert(ids.end(), run.ids.begin(), run.ids.end());
  FabricUse fabric = ModelledFabricUse(spec);
  if (area) fabric = compare::FabricOf(*area, spec);
  return EstimateTokenEnergy(choice, {spec, model.config, program, run.summary, fabric, position,
                                      model.synthetic, std::move(ids)});
}

Json Report(const SimulateOptions& o, const Model& model, const Prompt& prompt,
            const SimulatedRun& run, const Expected<EnergyReport>& energy, double wall_seconds) {
  const RunSummary& s = run.summary;
  Json json;
  json["command"] = "simulate";
  json["model"] = o.prompt.model;
  json["hw"] = o.hw;
  json["version"] = TERNFAB_VERSION;
  json["wall_seconds"] = wall_seconds;
  json["fidelity"] = o.fidelity;
  json["prompt_ids"] = prompt.ids;
  json["ids"] = run.ids;
  json["text"] = TextOf(model, run.ids);
  json["cycles"] = {{"total", Figure(int64_t(s.total_cycles), "cycles", kSimulated)},
                    {"per_token", Figures(s.cycles_per_token, "cycles", kSimulated)}};
  const bool decoded = s.decode_rate > 0;
  const auto figure = [&](double value, const char* unit) {
    return decoded ? Figure(value, unit, kSimulated) : NoFigure(unit, kSimulated);
  };
  json["decode_rate"] = figure(s.decode_rate, "tokens/s");
  json["prefill_rate"] = prompt.context ? NoFigure("tokens/s", kSimulated)
                                        : Figure(s.prefill_rate, "tokens/s", kSimulated);
  json["check"] = {{"instructions", run.instructions}, {"mismatches", run.mismatch ? 1 : 0}};
  json["memory"] = MemoryJson(s);
  json["stalls"] = StallsJson(s);
  json["limits"] = LimitsJson(s);
  json["energy_per_token"] = EnergyJson(energy);
  if (o.jobs > 1) json["jobs"] = {{"asked", o.jobs}, {"uncut_runs", run.uncut_runs}};
  json["cycles_per_second"] = Figure(run.cycles_per_second, "cycles/s", kMeasured);
  return json;
}

void PrintSummary(const HardwareSpec& spec, const SimulateOptions& o, const SimulatedRun& run,
                  const Expected<EnergyReport>& energy) {
  const RunSummary& s = run.summary;
  fmt::print(stderr, "{} cycles in all (simulated: {})\n", s.total_cycles, o.fidelity);
  if (s.decode_rate > 0) {
    fmt::print(stderr, "decode {:.1f} tokens/s", s.decode_rate);
    if (s.prefill_rate > 0) fmt::print(stderr, ", prefill {:.1f} tokens/s", s.prefill_rate);
    fmt::print(stderr, " at {} MHz (simulated; the clock is given)\n", spec.clock_mhz);
    fmt::print(stderr,
               "memory: {:.0f} bytes a token, utilisation {:.3f}, while weights stream "
               "{:.3f} (simulated)\n",
               s.bytes_per_token(), s.utilisation, s.weight_utilisation);
  }
  fmt::print(stderr, "{}{}", LimitsText(s), EnergyText(energy));
  if (o.check) fmt::print(stderr, "check: {} instructions, 0 mismatches\n", run.instructions);
  if (run.uncut_runs > 0) {
    fmt::print(stderr,
               "--jobs {}: {} of the runs could not be cut (too short, or no beginning led to "
               "the unbroken run's state) and were simulated as one part\n",
               o.jobs, run.uncut_runs);
  }
  fmt::print(stderr, "simulator: {:.0f} cycles/s (measured)\n", run.cycles_per_second);
}

struct TimelineFile {
  OutputFile file;
  std::unique_ptr<TimelineWriter> writer;
};

/// None where none was asked for.
Expected<std::optional<TimelineFile>> OpenTimeline(const SimulateOptions& o,
                                                   const HardwareSpec& spec) {
  if (o.timeline.empty()) return std::nullopt;
  TF_ASSIGN_OR_RETURN(OutputFile file, OutputFile::Create(o.timeline));
  auto writer = std::make_unique<TimelineWriter>(file.stream(), spec.name, spec.clock_mhz,
                                                 Derive(spec).ports);
  return TimelineFile{std::move(file), std::move(writer)};
}

Expected<int> Simulate(const SimulateOptions& o) {
  Stopwatch watch;
  TF_ASSIGN_OR_RETURN(const Executor executor, ExecutorOf(o));
  TF_ASSIGN_OR_RETURN(const HardwareSpec spec, FindSpec(o.hw));
  if (!o.matvec.empty()) {
    return SimulateMatvec(spec, {o.hw, o.matvec, o.check, o.fst, o.json});
  }
  if (!o.energy.empty()) {
    TF_ASSIGN_OR_RETURN(const EnergyChoice choice, ParseEnergyChoice(o.energy));
    TF_RETURN_IF_ERROR(CheckEnergyChoice(choice, spec, o.prompt.model.starts_with("synth:")));
  }
  TF_ASSIGN_OR_RETURN(const std::optional<AreaReport> area, AreaOf(o, spec));
  TF_ASSIGN_OR_RETURN(Model model, LoadModel(o.prompt.model));
  TF_ASSIGN_OR_RETURN(const PlanOptions plan, ParseLayers(o.layers, model.config.layers));
  TF_ASSIGN_OR_RETURN(const Program program, BuildProgram(model, spec, plan));
  model.ReleaseWeights();  // the image has them
  TF_ASSIGN_OR_RETURN(const Prompt prompt, MakePrompt(o.prompt, model, program.context));
  ProgressBar bar("simulate"), build_bar("compile");
  rtl::SimulationOptions options;
  options.on_build_progress = [&](int64_t done, int64_t all) { build_bar.Update(done, all); };
  options.check = o.check;
  options.waves = o.fst;
  options.on_build = [](const std::string& name) {
    if (isatty(STDERR_FILENO) != 1) return;
    fmt::print(stderr, "building {} with Verilator (once for each design)\n", name);
  };
  TF_ASSIGN_OR_RETURN(std::optional<TimelineFile> timeline, OpenTimeline(o, spec));
  if (timeline) {
    options.times = true;
    options.timeline = timeline->writer.get();
  }
  TF_ASSIGN_OR_RETURN(
      const SimulatedRun run,
      SimulateGeneration(
          spec, program, prompt, program.has_head ? o.prompt.tokens : 0, options, [](int) {},
          [&](int64_t done, int64_t all) {
            build_bar.Clear();
            bar.Update(done, all);
          },
          executor));
  bar.Clear();
  const Expected<EnergyReport> energy = EnergyOf(o, spec, model, program, prompt, run, area);
  if (!o.energy.empty() && !energy) return tl::unexpected(energy.error());
  TF_RETURN_IF_ERROR(WriteJson(o.json, Report(o, model, prompt, run, energy, watch.seconds())));
  if (run.mismatch) {
    fmt::print(stderr, "ternfab: {}\n", *run.mismatch);
    return 1;
  }
  if (timeline) {
    timeline->writer->Finish();
    TF_RETURN_IF_ERROR(timeline->file.Commit());
  }
  if (model.tokenizer) {
    fmt::print("{}\n", TextOf(model, run.ids));
  } else {
    fmt::print("{}\n", fmt::join(run.ids, ","));
  }
  PrintSummary(spec, o, run, energy);
  return 0;
}

}  // namespace

void AddSimulate(CLI::App& app, Action& action) {
  auto o = std::make_shared<SimulateOptions>();
  CLI::App* command = app.add_subcommand("simulate", "run a model on generated RTL");
  o->prompt.AddTo(*command);
  o->prompt.AddContextTo(*command);
  command->add_option("--hw", o->hw, "preset or spec file")->capture_default_str();
  CLI::Option* fidelity =
      command
          ->add_option("--fidelity", o->fidelity,
                       "rtl: the generated RTL in Verilator; systemc: a SystemC platform with the "
                       "cycle model, systemc-rtl: with the RTL")
          ->capture_default_str();
  CLI::Option* jobs = command->add_option("--jobs", o->jobs, "parts of a run simulated at a time")
                          ->check(CLI::Range(1, 256))
                          ->capture_default_str();
  command->add_flag("--check", o->check, "compare every instruction with the emulator");
  command->add_option("--fst", o->fst, "write waves to this file");
  CLI::Option* timeline = command->add_option(
      "--timeline", o->timeline, "write when each instruction ran as a Chrome trace (Perfetto)");
  CLI::Option* layers =
      command->add_option("--layers", o->layers, "only layers A..B, without the head");
  CLI::Option* matvec = command->add_option("--matvec", o->matvec,
                                            "only a random matrix RxK times B vectors: RxK[xB]");
  matvec->excludes(layers);
  for (CLI::Option* option : {timeline, fidelity, jobs}) matvec->excludes(option);
  for (const char* name : {"--model", "--prompt", "--ids", "--context", "--tokens"}) {
    matvec->excludes(command->get_option(name));
  }
  command->add_option("--energy", o->energy,
                      "how energy is found: fpga (default), datapath[-45|-7], gate or paper");
  command->add_flag("--area", o->area,
                    "synthesise the design and count its own cells in energy mode fpga");
  command->add_option("--json", o->json, "write all figures to this file");
  command->callback([o, &action] { action = [o] { return Simulate(*o); }; });
}

}  // namespace ternfab::cli
