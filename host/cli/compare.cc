// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "host/cli/arguments.h"
#include "host/cli/commands.h"
#include "host/cli/compare_cpu.h"
#include "host/cli/compare_hardware.h"
#include "host/cli/output.h"
#include "models/inspect.h"
#include "sim/compare/baseline.h"
#include "sim/compare/comparison.h"
#include "sim/compare/page.h"
#include "sim/compare/text.h"
#include "sim/systemc/systemc_simulation.h"
#include "sim/tools.h"

// `ternfab compare`: the same prompt on the CPU and on simulated designs, side by side.

namespace ternfab::cli {
namespace {

constexpr const char* kDefaultPrompt = "A hungry wolf came one night to the door of a hut";
constexpr int kDefaultContext = 128;
/// Up to here the RTL is the default: a token takes it seconds.
constexpr int64_t kSmallModel = 100'000'000;
constexpr uint64_t kMostBaselineBytes = uint64_t{16} << 20;

struct CompareOptions {
  PromptOptions prompt;
  std::string hw = "kv260";
  std::string fidelity;
  std::string energy;  ///< mode; empty: fpga, where the device and its memory have figures
  bool no_area = false;
  std::vector<std::string> baselines;
  std::string html = "compare.html";
  std::string json;
  int threads = DefaultThreads();
};

/// For a POSIX shell.
std::string Quoted(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,=+";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// What is generated from, as options.
std::string PromptText(const PromptOptions& prompt) {
  std::string text = fmt::format(" --model {}", Quoted(prompt.model));
  if (prompt.prompt) text += fmt::format(" --prompt {}", Quoted(*prompt.prompt));
  if (prompt.ids) text += fmt::format(" --ids {}", Quoted(*prompt.ids));
  if (prompt.context) text += fmt::format(" --context {}", *prompt.context);
  return text + fmt::format(" --tokens {}", prompt.tokens);
}

/// The command with what it takes for granted.
std::string CommandLine(const CompareOptions& o, const PromptOptions& prompt) {
  std::string text = fmt::format("ternfab compare{} --hw {}", PromptText(prompt), Quoted(o.hw));
  if (!o.fidelity.empty()) text += fmt::format(" --fidelity {}", o.fidelity);
  if (!o.energy.empty()) text += fmt::format(" --energy {}", o.energy);
  if (o.no_area) text += " --no-area";
  for (const std::string& path : o.baselines) text += fmt::format(" --baseline {}", Quoted(path));
  return text + fmt::format(" --threads {} --html {}", o.threads, Quoted(o.html));
}

std::vector<std::string> Split(std::string_view text) {
  std::vector<std::string> out;
  while (true) {
    const size_t end = text.find(',');
    out.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

Expected<std::vector<HardwareSpec>> FindSpecs(const std::string& hw) {
  std::vector<HardwareSpec> specs;
  for (const std::string& name : Split(hw)) {
    if (name.empty()) return Fail("--hw {}: must be specs with commas between them", hw);
    TF_ASSIGN_OR_RETURN(HardwareSpec spec, FindSpec(name));
    specs.push_back(std::move(spec));
  }
  return specs;
}

Expected<Fidelity> FidelityOf(const CompareOptions& o, const ModelConfig& model) {
  if (o.fidelity == "rtl") return Fidelity::kRtl;
  if (o.fidelity == "systemc") return Fidelity::kSystemC;
  if (!o.fidelity.empty()) return Fail("--fidelity {}: must be rtl or systemc", o.fidelity);
  return TernaryWeights(model) <= kSmallModel ? Fidelity::kRtl : Fidelity::kSystemC;
}

/// The longest sequence that all sides can hold.
int CommonContext(const Model& model, const std::vector<HardwareSpec>& specs) {
  int context = model.config.context;
  for (const HardwareSpec& spec : specs) context = std::min(context, spec.limits.context);
  return context;
}

/// Nothing asked for: a text where the model has a tokenizer, else a seeded context.
PromptOptions WithDefaults(PromptOptions prompt, const Model& model) {
  if (prompt.prompt || prompt.ids || prompt.context) return prompt;
  if (model.tokenizer) {
    prompt.prompt = kDefaultPrompt;
  } else {
    prompt.context = kDefaultContext;
  }
  return prompt;
}

compare::ModelFacts FactsOf(const ModelSummary& s) {
  using compare::Evidence;
  const std::string shape = "the model's configuration";
  const auto given = [&](double value, const char* unit) {
    return compare::Figure{value, unit, Evidence::kGiven, shape};
  };
  compare::ModelFacts facts;
  const ModelConfig& c = s.config;
  facts.name = c.name;
  facts.synthetic = s.synthetic;
  facts.figures = {{"layers", given(c.layers, "layers")},
                   {"hidden", given(c.hidden, "1")},
                   {"ffn", given(c.ffn, "1")},
                   {"heads", given(c.heads, "heads")},
                   {"kv_heads", given(c.kv_heads, "heads")},
                   {"vocab", given(c.vocab, "tokens")},
                   {"ternary_weights", given(double(s.ternary_weights), "weights")},
                   {"zero_fraction",
                    {s.zero_fraction(), "1", Evidence::kMeasured,
                     s.synthetic ? "counted in the random weights: a third by construction"
                                 : "counted in the model's weights"}}};
  return facts;
}

/// Device arithmetic on the CPU for each design; once for all that have the same head.
Expected<std::vector<DeviceOnCpu>> RunDevicesOnCpu(const std::vector<HardwareSpec>& specs,
                                                   const Model& model, const Prompt& prompt,
                                                   const CpuRunOptions& options) {
  std::map<std::pair<std::string, int>, DeviceOnCpu> runs;
  std::vector<DeviceOnCpu> out;
  for (const HardwareSpec& spec : specs) {
    const std::pair head(spec.head, spec.shortlist_rows);
    if (!runs.contains(head)) {
      TF_ASSIGN_OR_RETURN(runs[head], RunDeviceOnCpu(spec, model, prompt, options));
    }
    out.push_back(runs[head]);
  }
  return out;
}

/// Ids of each design beside those of both arithmetics on the CPU.
void AddIdChecks(const std::vector<DeviceOnCpu>& devices, const Model& model,
                 compare::Comparison& out) {
  const auto text_of = [&](int id) { return TextOf(model, {id}); };
  for (size_t i = 0; i < devices.size(); ++i) {
    compare::HardwareSide& side = out.hardware[i];
    side.check.device =
        compare::CompareIds("device arithmetic on the CPU", devices[i].ids, side.ids, text_of);
    if (out.cpu.ids.empty()) continue;
    side.check.reference =
        compare::CompareIds("reference arithmetic on the CPU", out.cpu.ids, side.ids, text_of);
  }
  out.cpu.device.ids = devices.front().ids;
  out.cpu.device_decode_rate = devices.front().decode_rate;
}

/// Commands that make the parts alone, and what took part.
void AddCommands(const CompareOptions& o, const PromptOptions& given, Fidelity fidelity,
                 compare::Comparison& out) {
  const std::string prompt = PromptText(given);
  for (const std::string& hw : out.hw) {
    const std::string spec = " --hw " + Quoted(hw);
    const bool rtl = fidelity == Fidelity::kRtl;
    const std::string energy = o.energy.empty() ? "" : " --energy " + o.energy;
    out.commands.push_back(fmt::format("ternfab simulate{}{}{} {}{}", prompt, spec, energy,
                                       rtl ? "--check" : "--fidelity systemc",
                                       o.no_area ? "" : " --area"));
    if (!o.no_area) out.commands.push_back("ternfab estimate" + spec);
  }
  if (!given.context) {
    out.commands.push_back(fmt::format("ternfab run{} --threads {}", prompt, o.threads));
  }
  out.commands.push_back(fmt::format("ternfab run{} --arithmetic device --hw {} --threads {}",
                                     prompt, Quoted(out.hw.front()), o.threads));
  out.versions = {
      {"ternfab", TERNFAB_VERSION},
      {"compiler", __VERSION__},
      {"nlohmann-json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR,
                                    NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)}};
  if (fidelity == Fidelity::kRtl) {
    out.versions.emplace_back("simulator", FirstLine("verilator --version"));
  } else {
    out.versions.emplace_back("SystemC", systemc::SystemCVersion());
  }
  const std::string& synthesis = out.hardware.front().area.tool;
  if (!synthesis.empty()) out.versions.emplace_back("synthesis", synthesis);
}

Expected<void> AddBaselines(const CompareOptions& o, compare::Comparison& out) {
  for (const std::string& path : o.baselines) {
    TF_ASSIGN_OR_RETURN(const std::string text,
                        ReadRegularFile("--baseline", path, kMostBaselineBytes));
    TF_ASSIGN_OR_RETURN(std::vector<compare::BaselineRow> rows,
                        compare::ParseBaselines(text, path));
    std::move(rows.begin(), rows.end(), std::back_inserter(out.baselines));
  }
  return {};
}

void AddHeading(const CompareOptions& o, const PromptOptions& given, const Prompt& prompt,
                compare::Comparison& out) {
  using compare::Evidence;
  out.model = given.model;
  out.hw = Split(o.hw);
  out.version = TERNFAB_VERSION;
  out.command_line = CommandLine(o, given);
  out.prompt = given.prompt.value_or("");
  out.prompt_ids = prompt.ids;
  out.prompt_tokens = {double(prompt.ids.size()), "tokens", Evidence::kGiven, "with BOS, if any"};
  out.context = {{}, "tokens", Evidence::kGiven, "no seeded context: a prompt"};
  if (prompt.context) {
    out.context = {double(*prompt.context), "tokens", Evidence::kGiven,
                   "seeded positions in the KV cache before the first step"};
  }
  out.tokens = {double(given.tokens), "tokens", Evidence::kGiven, "--tokens"};
}

Expected<compare::Comparison> MakeComparison(const CompareOptions& o) {
  compare::Comparison out;
  TF_ASSIGN_OR_RETURN(const std::vector<HardwareSpec> specs, FindSpecs(o.hw));
  TF_RETURN_IF_ERROR(AddBaselines(o, out));
  TF_ASSIGN_OR_RETURN(const EnergyChoice energy,
                      ParseEnergyChoice(o.energy.empty() ? "fpga" : o.energy));
  TF_ASSIGN_OR_RETURN(Model model, LoadModel(o.prompt.model));
  for (const HardwareSpec& spec : specs) {
    if (!o.energy.empty()) TF_RETURN_IF_ERROR(CheckEnergyChoice(energy, spec, model.synthetic));
  }
  TF_ASSIGN_OR_RETURN(const Fidelity fidelity, FidelityOf(o, model.config));
  const PromptOptions given = WithDefaults(o.prompt, model);
  TF_ASSIGN_OR_RETURN(const Prompt prompt, MakePrompt(given, model, CommonContext(model, specs)));
  AddHeading(o, given, prompt, out);
  out.facts = FactsOf(InspectModel(model));
  for (size_t i = 0; i < specs.size(); ++i) {
    TF_ASSIGN_OR_RETURN(
        compare::HardwareSide side,
        RunHardware(specs[i], model, prompt, {fidelity, given.tokens, energy, !o.no_area}));
    side.spec = out.hw[i];
    out.hardware.push_back(std::move(side));
  }
  const CpuRunOptions cpu{given.tokens, o.threads};
  TF_ASSIGN_OR_RETURN(const std::vector<DeviceOnCpu> devices,
                      RunDevicesOnCpu(specs, model, prompt, cpu));
  TF_ASSIGN_OR_RETURN(out.cpu, RunCpu(model, prompt, cpu));
  AddIdChecks(devices, model, out);
  compare::AddRatios(out);
  AddCommands(o, given, fidelity, out);
  return out;
}

Expected<int> Compare(const CompareOptions& o) {
  Stopwatch watch;
  if (!o.html.empty()) TF_RETURN_IF_ERROR(compare::CheckPageScripts());
  TF_ASSIGN_OR_RETURN(compare::Comparison comparison, MakeComparison(o));
  comparison.report = o.html;
  comparison.wall_seconds = watch.seconds();
  const Json json = compare::ToJson(comparison);
  if (!o.html.empty()) TF_RETURN_IF_ERROR(WriteFile(o.html, compare::MakePage(json)));
  TF_RETURN_IF_ERROR(WriteJson(o.json, json));
  fmt::print("{}", compare::ComparisonText(comparison));
  if (compare::Passed(comparison)) return 0;
  fmt::print(stderr, "ternfab: compare: the hardware's results differ from the CPU's\n");
  return 1;
}

}  // namespace

void AddCompare(CLI::App& app, Action& action) {
  auto o = std::make_shared<CompareOptions>();
  CLI::App* command =
      app.add_subcommand("compare", "a model on the CPU and on designs, side by side");
  o->prompt.AddTo(*command);
  o->prompt.AddContextTo(*command);
  command->add_option("--hw", o->hw, "presets or spec files, commas between them")
      ->capture_default_str();
  command->add_option("--fidelity", o->fidelity,
                      "rtl or systemc (default: rtl up to 100 M ternary weights)");
  command->add_option("--energy", o->energy, "mode: fpga (default), datapath, paper or gate");
  command->add_flag("--no-area", o->no_area, "no synthesis: no area, no estimated clock");
  command->add_option("--baseline", o->baselines, "rows of others (docs/compare.md), repeatable");
  command->add_option("--html", o->html, "the page; \"\": none")->capture_default_str();
  command->add_option("--json", o->json, "write all figures to this file");
  AddThreads(*command, o->threads);
  command->callback([o, &action] { action = [o] { return Compare(*o); }; });
}

}  // namespace ternfab::cli
