// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/area_figures.h"

#include <fmt/format.h>

namespace ternfab::compare {
namespace {

constexpr double kHzPerMhz = 1e6;

Named<Figure> ResourceFigures(const AreaReport& area) {
  const Resources& r = area.total;
  Named<Figure> out;
  const std::pair<const char*, double> kNamed[] = {
      {"lut", r.lut}, {"ff", r.ff},         {"carry", r.carry}, {"lutram", r.lutram},
      {"dsp", r.dsp}, {"bram36", r.bram36}, {"uram", r.uram}};
  for (const auto& [name, value] : kNamed) {
    out.emplace_back(name, Figure{value, "1", Evidence::kSynthesised,
                                  area.tool + ", module by module, not placed"});
  }
  return out;
}

Figure BindingShare(const AreaReport& area) {
  for (const DeviceShare& share : area.shares) {
    if (share.resource != area.binding_resource) continue;
    return {share.share(), "1", Evidence::kSynthesised,
            fmt::format("{} used / the {} of the device", share.resource, share.available)};
  }
  return {{}, "1", Evidence::kSynthesised, "the device's resources are not known"};
}

}  // namespace

void AddArea(const Expected<AreaReport>& report, HardwareSide& side) {
  const Figure none{{}, "MHz", Evidence::kModelled, report ? "" : report.error().message};
  side.clock.estimated = none;
  side.area.binding_share = {{}, "1", Evidence::kSynthesised, none.source};
  if (report) {
    Area& area = side.area;
    area.resources = ResourceFigures(*report);
    for (const DeviceShare& share : report->shares) {
      area.available.emplace_back(share.resource, Figure{share.available, "1", Evidence::kGiven,
                                                         "the device's data sheet"});
    }
    area.tool = report->tool;
    area.fits = report->fits;
    area.binding = report->binding_resource;
    area.binding_share = BindingShare(*report);
    side.clock.estimated.value = report->clock.mhz();
    side.clock.estimated.source = fmt::format(
        "slowest path of a module, {}, by a stated delay model; not placed", report->clock.module);
  } else {
    side.area.note = none.source;
    side.rate_at_estimated_clock.source = side.latency_at_estimated_clock.source = none.source;
  }
}

void AddRateAtEstimatedClock(uint64_t given_cycles, uint64_t estimated_cycles, int context,
                             HardwareSide& side) {
  const double given = double(given_cycles) / *side.clock.given.value;
  const double estimated = double(estimated_cycles) / *side.clock.estimated.value;
  const double rate = *side.speed.decode_rate.value * given / estimated;
  const std::string source = fmt::format(
      "the simulated rate, times what the cycle model finds of a decode step after {} tokens at "
      "the estimated clock, the memory as it is",
      context);
  side.rate_at_estimated_clock = {rate, "tokens/s", Evidence::kModelled, source};
  side.latency_at_estimated_clock = {1 / rate, "s", Evidence::kModelled, source};
}

FabricUse FabricOf(const Expected<AreaReport>& report, const HardwareSpec& spec) {
  if (!report) return ModelledFabricUse(spec);
  const Resources& r = report->total;
  return {r.lut,
          r.ff,
          r.dsp,
          r.bram36,
          r.uram,
          "synthesised",
          report->tool + ", module by module, not placed"};
}

}  // namespace ternfab::compare
