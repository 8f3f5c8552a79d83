// SPDX-License-Identifier: Apache-2.0
#include "host/cli/estimate.h"

#include <fmt/format.h>

#include <memory>

#include "host/cli/estimate_engine.h"
#include "host/cli/estimate_report.h"
#include "host/cli/synthesis.h"

// `ternfab estimate`: what a design takes of its device, and how fast that lets it be.

namespace ternfab::cli {
namespace {

constexpr const char* kDefaultModel = "tales";

struct EstimateOptions {
  std::string hw = "kv260";
  std::optional<std::string> model;  ///< without one kDefaultModel, where it fits
  std::optional<int> context;
  bool modules = false;
  int jobs = 0;
  std::string json;
};

/// What rates are asked of.
struct RateSubject {
  Program program;
  int context = 0;
};

Expected<RateSubject> SubjectOf(const EstimateOptions& o, const HardwareSpec& spec) {
  RateSubject subject;
  TF_ASSIGN_OR_RETURN(subject.program, ProgramOf(o.model.value_or(kDefaultModel), spec));
  TF_ASSIGN_OR_RETURN(subject.context, RateContext(subject.program, o.context));
  return subject;
}

Expected<void> AddRates(const RateSubject& subject, Estimated& e) {
  ProgressBar bar("cycle model");
  bar.Update(0, 2);
  TF_ASSIGN_OR_RETURN(e.rates, RatesAt(e.spec.clock_mhz, e.spec, subject.program, subject.context));
  if (e.area.clock.mhz() == 0) return {};
  bar.Update(1, 2);
  TF_ASSIGN_OR_RETURN(e.rates_at_estimated_clock,
                      RatesAt(e.area.clock.mhz(), e.spec, subject.program, subject.context));
  return {};
}

Expected<void> EstimateDesign(const EstimateOptions& o, const HardwareSpec& spec, Json& json) {
  Estimated e{spec, {}, o.model.value_or(kDefaultModel), {}, {}, ""};
  const Expected<RateSubject> subject = SubjectOf(o, spec);
  if (!subject && (o.model || o.context)) return tl::unexpected(subject.error());
  TF_ASSIGN_OR_RETURN(e.area, SynthesiseDesign(spec, "synthesis", o.jobs));
  if (subject) {
    TF_RETURN_IF_ERROR(AddRates(*subject, e));
  } else {
    e.no_rates = subject.error().message;
  }
  fmt::print("{}", EstimateText(e, o.modules));
  json["model"] = e.model;
  json.update(EstimateJson(e));
  return {};
}

Expected<int> Estimate(const EstimateOptions& o) {
  Stopwatch watch;
  TF_ASSIGN_OR_RETURN(const HardwareSpec spec, FindSpec(o.hw));
  TF_RETURN_IF_ERROR(CheckWritable(o.json));
  Json json;
  json["command"] = "estimate";
  json["model"] = nullptr;
  json["hw"] = o.hw;
  json["version"] = TERNFAB_VERSION;
  if (FindDevice(spec.device)->family == "ice40") {
    if (o.model)
      return Fail("--model {}: device {} holds an engine, no model", *o.model, spec.device);
    TF_RETURN_IF_ERROR(EstimateEngine(spec, json));
  } else {
    TF_RETURN_IF_ERROR(EstimateDesign(o, spec, json));
  }
  json["wall_seconds"] = watch.seconds();
  TF_RETURN_IF_ERROR(WriteJson(o.json, json));
  return 0;
}

}  // namespace

void AddEstimate(CLI::App& app, Action& action) {
  auto o = std::make_shared<EstimateOptions>();
  CLI::App* command =
      app.add_subcommand("estimate", "resources, clock and token rates of a design, by Yosys");
  command->add_option("--hw", o->hw, "preset or spec file")->capture_default_str();
  command->add_option("--model", o->model, "whose token rates; tales where none is given");
  command
      ->add_option("--context", o->context,
                   "tokens before those whose rates are told; 128 at most "
                   "where none are given")
      ->check(CLI::Range(0, 1 << 20));
  command->add_flag("--modules", o->modules, "every module with every set of parameters");
  command->add_option("--jobs", o->jobs, "processes of Yosys; 0: one a core")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  command->add_option("--json", o->json, "write all figures to this file");
  command->callback([o, &action] { action = [o] { return Estimate(*o); }; });
}

}  // namespace ternfab::cli
