// SPDX-License-Identifier: Apache-2.0
#include "host/cli/estimate.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "codegen/spec.h"
#include "host/cli/estimate_engine.h"
#include "host/cli/output.h"
#include "sim/area/area.h"

// `ternfab estimate`: what a design takes of its device.

namespace ternfab::cli {
namespace {

struct EstimateOptions {
  std::string hw = "kv260";
  std::string json;
  int jobs = 0;
};

Json ResourcesJson(const Resources& r) {
  const auto figure = [](double value) { return Figure(value, "cells", kSynthesised); };
  return {{"lut", figure(r.lut)},       {"ff", figure(r.ff)},   {"carry", figure(r.carry)},
          {"lutram", figure(r.lutram)}, {"dsp", figure(r.dsp)}, {"bram36", figure(r.bram36)},
          {"uram", figure(r.uram)}};
}

Json PathJson(const ModulePath& path) {
  return {{"delay", Figure(path.ns, "ns", kModelled)},
          {"luts", Figure(int64_t(path.luts), "cells", kSynthesised)},
          {"carries", Figure(int64_t(path.carries), "cells", kSynthesised)},
          {"muxes", Figure(int64_t(path.muxes), "cells", kSynthesised)}};
}

Json ModulesJson(const AreaReport& area) {
  Json modules = Json::array();
  for (const ModuleArea& m : area.per_module) {
    modules.push_back({{"module", m.module},
                       {"parameters", m.parameters},
                       {"instances", Figure(int64_t(m.instances), "instances", kSynthesised)},
                       {"own", ResourcesJson(m.own)},
                       {"whole", ResourcesJson(m.whole)},
                       {"path", PathJson(m.path)},
                       {"register_files", m.register_files}});
  }
  return modules;
}

/// Null where there is nothing to say (an engine without such trees).
Json PerMac(double luts) {
  return luts > 0 ? Figure(luts, "LUT/MAC", kSynthesised) : NoFigure("LUT/MAC", kSynthesised);
}

Json AreaJson(const AreaReport& area) {
  Json json;
  json["design"] = "accelerator";
  json["tool"] = area.tool;
  json["device"] = {{"name", area.device.name}, {"part", area.device.part}};
  json["resources"] = ResourcesJson(area.total);
  for (const DeviceShare& s : area.shares) {
    json["available"][s.resource] = Figure(s.available, "cells", kPublished);
  }
  json["fits"] = area.fits;
  json["binding_resource"] = area.binding_resource;
  json["lut_per_mac"] = PerMac(area.lut_per_mac);
  json["engine_lut_per_mac"] = PerMac(area.engine_lut_per_mac);
  json["engine_lut_per_lane"] = Figure(area.engine_lut_per_lane, "LUT/lane", kSynthesised);
  json["clock"] = {{"estimated", Figure(area.clock.mhz(), "MHz", kModelled)},
                   {"module", area.clock.module},
                   {"parameters", area.clock.parameters},
                   {"path", PathJson(area.clock.path)}};
  json["per_module"] = ModulesJson(area);
  return json;
}

/// "123.5" without a trailing ".0".
std::string Count(double n) {
  return n == std::floor(n) ? fmt::format("{:.0f}", n) : fmt::format("{:.1f}", n);
}

void PrintRow(const std::string& name, const std::string& instances, const Resources& r,
              double times) {
  fmt::print("{:<44} {:>5} {:>8} {:>8} {:>7} {:>7} {:>5} {:>7} {:>5}\n", name, instances,
             Count(r.lut * times), Count(r.ff * times), Count(r.carry * times),
             Count(r.lutram * times), Count(r.dsp * times), Count(r.bram36 * times),
             Count(r.uram * times));
}

void PrintModules(const AreaReport& area) {
  constexpr size_t kNameColumns = 44;
  fmt::print("{:<44} {:>5} {:>8} {:>8} {:>7} {:>7} {:>5} {:>7} {:>5}\n", "module (all instances)",
             "n", "LUT", "FF", "carry", "LUTRAM", "DSP", "BRAM36", "URAM");
  for (const ModuleArea& m : area.per_module) {
    std::string name = m.module + (m.parameters.empty() ? "" : " " + m.parameters);
    if (name.size() > kNameColumns) name = name.substr(0, kNameColumns - 2) + "..";
    PrintRow(name, std::to_string(m.instances), m.own, m.instances);
  }
  PrintRow("all", "", area.total, 1);
}

void PrintDevice(const HardwareSpec& spec, const AreaReport& area) {
  fmt::print("\n{} on {} ({}):", spec.name, area.device.name, area.device.part);
  for (const DeviceShare& s : area.shares) {
    if (s.used == 0 && s.available == 0) continue;
    fmt::print(" {} {} of {}{}", s.resource, Count(s.used), Count(s.available),
               s.available > 0 ? fmt::format(" ({:.0f}%)", 100 * s.share()) : "");
    fmt::print("{}", &s == &area.shares.back() ? "" : ",");
  }
  fmt::print("\n{}; the scarcest resource is {}\n", area.fits ? "fits" : "DOES NOT FIT",
             area.binding_resource);
}

void PrintClock(const HardwareSpec& spec, const ClockEstimate& clock) {
  fmt::print(
      "clock: {} MHz asked (given); {:.0f} MHz estimated (modelled, no placement) from the\n"
      "  slowest path within a module: {:.2f} ns, {} LUT levels, {} carry cells in {} {}\n",
      spec.clock_mhz, clock.mhz(), clock.path.ns, clock.path.luts, clock.path.carries, clock.module,
      clock.parameters);
}

void Print(const HardwareSpec& spec, const AreaReport& area) {
  PrintModules(area);
  PrintDevice(spec, area);
  PrintClock(spec, area.clock);
  if (area.lut_per_mac > 0) {
    fmt::print("adder trees: {:.2f} LUT a MAC (lane and batch slice)\n", area.lut_per_mac);
  }
  fmt::print("ternary engines: {:.2f} LUT a MAC, {:.1f} a lane with its {} batch slices\n",
             area.engine_lut_per_mac, area.engine_lut_per_lane, spec.engine.batch);
  fmt::print("synthesised module by module by {}, not placed\n", area.tool);
}

Expected<void> EstimateDesign(const HardwareSpec& spec, int jobs, Json& json) {
  ProgressBar bar("synthesis");
  AreaOptions options;
  options.jobs = jobs;
  options.on_progress = [&](int64_t done, int64_t all) { bar.Update(done, all); };
  TF_ASSIGN_OR_RETURN(const AreaReport area, EstimateArea(spec, options));
  bar.Clear();
  Print(spec, area);
  json.update(AreaJson(area));
  json["clock"]["asked"] = Figure(spec.clock_mhz, "MHz", kGiven);
  return {};
}

Expected<int> Estimate(const EstimateOptions& o) {
  Stopwatch watch;
  TF_ASSIGN_OR_RETURN(const HardwareSpec spec, FindSpec(o.hw));
  Json json;
  json["command"] = "estimate";
  json["model"] = nullptr;
  json["hw"] = o.hw;
  json["version"] = TERNFAB_VERSION;
  if (FindDevice(spec.device)->family == "ice40") {
    TF_RETURN_IF_ERROR(EstimateEngine(spec, json));
  } else {
    TF_RETURN_IF_ERROR(EstimateDesign(spec, o.jobs, json));
  }
  json["wall_seconds"] = watch.seconds();
  TF_RETURN_IF_ERROR(WriteJson(o.json, json));
  return 0;
}

}  // namespace

void AddEstimate(CLI::App& app, Action& action) {
  auto o = std::make_shared<EstimateOptions>();
  CLI::App* command = app.add_subcommand("estimate", "resources of a design's RTL by Yosys");
  command->add_option("--hw", o->hw, "preset or spec file")->capture_default_str();
  command->add_option("--jobs", o->jobs, "processes of Yosys; 0: one a core")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  command->add_option("--json", o->json, "write all figures to this file");
  command->callback([o, &action] { action = [o] { return Estimate(*o); }; });
}

}  // namespace ternfab::cli
