// SPDX-License-Identifier: Apache-2.0
#include "host/cli/estimate_engine.h"
#include "host/cli/estimate_report.h"
#include "sim/area/largest_engine.h"

// The figures of `estimate` as JSON.

namespace ternfab::cli {
namespace {

Json ResourcesJson(const Resources& r, const char* unit = "cells",
                   const char* evidence = kSynthesised) {
  const auto figure = [&](double value) { return Figure(value, unit, evidence); };
  return {{"lut", figure(r.lut)},       {"ff", figure(r.ff)},   {"carry", figure(r.carry)},
          {"lutram", figure(r.lutram)}, {"dsp", figure(r.dsp)}, {"bram36", figure(r.bram36)},
          {"uram", figure(r.uram)}};
}

/// `all` shared out among `n`.
Json EachJson(const Resources& all, int n, const char* unit) {
  Resources one;
  one.Add(all, 1.0 / n);
  return ResourcesJson(one, unit);
}

Json PathJson(const ModulePath& path) {
  return {{"delay", Figure(path.ns, "ns", kModelled)},
          {"luts", Figure(int64_t(path.luts), "cells", kSynthesised)},
          {"carries", Figure(int64_t(path.carries), "cells", kSynthesised)},
          {"muxes", Figure(int64_t(path.muxes), "cells", kSynthesised)},
          {"from", path.from},
          {"to", path.to}};
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

Json LargestJson(const Estimated& e) {
  const LargestEngine largest = FindLargestEngine(e.area, e.spec);
  const auto count = [](int64_t n, const char* unit) { return Figure(n, unit, kModelled); };
  const int64_t lanes = int64_t(largest.engines) * e.spec.engine.lanes;
  return {{"engines", count(largest.engines, "engines")},
          {"lanes", count(lanes, "lanes")},
          {"macs", count(lanes * e.spec.engine.batch, "MAC/cycle")},
          {"binding_resource", largest.binding_resource},
          {"one", ResourcesJson(largest.one)},
          {"rest", ResourcesJson(largest.rest)}};
}

Json ClockJson(const Estimated& e) {
  const ClockEstimate& clock = e.area.clock;
  return {{"asked", Figure(e.spec.clock_mhz, "MHz", kGiven)},
          {"estimated", Figure(clock.mhz(), "MHz", kModelled)},
          {"module", clock.module},
          {"parameters", clock.parameters},
          {"path", PathJson(clock.path)}};
}

void AddRates(const Estimated& e, Json& json) {
  const auto add = [&](const char* name, const std::optional<TokenRates>& rates,
                       double (TokenRates::*rate)() const, const char* evidence) {
    json[name] =
        rates ? Figure(((*rates).*rate)(), "tokens/s", evidence) : NoFigure("tokens/s", evidence);
  };
  add("decode_rate", e.rates, &TokenRates::decode, kSimulated);
  add("prefill_rate", e.rates, &TokenRates::prefill, kSimulated);
  add("decode_rate_at_estimated_clock", e.rates_at_estimated_clock, &TokenRates::decode, kModelled);
  add("prefill_rate_at_estimated_clock", e.rates_at_estimated_clock, &TokenRates::prefill,
      kModelled);
  if (!e.rates) {
    json["no_rates"] = e.no_rates;
    return;
  }
  json["context"] = Figure(int64_t(e.rates->context), "tokens", kGiven);
  json["cycles"] = {
      {"decode_step", Figure(int64_t(e.rates->decode_cycles), "cycles", kSimulated)},
      {"prefill_batch", Figure(int64_t(e.rates->prefill_cycles), "cycles", kSimulated)}};
}

}  // namespace

Json EstimateJson(const Estimated& e) {
  const AreaReport& area = e.area;
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
  json["lut_per_mac"] = Figure(area.sums.lut / area.macs, "LUT/MAC", kSynthesised);
  json["engine_lut_per_mac"] = Figure(area.engines.lut / area.macs, "LUT/MAC", kSynthesised);
  json["engines"] = {{"resources", ResourcesJson(area.engines)},
                     {"per_lane", EachJson(area.engines, area.lanes, "cells/lane")},
                     {"per_mac", EachJson(area.engines, area.macs, "cells/MAC")},
                     {"tables", ResourcesJson(area.tables)}};
  json["largest_engine"] = LargestJson(e);
  json["clock"] = ClockJson(e);
  AddRates(e, json);
  json["per_module"] = ModulesJson(area);
  return json;
}

}  // namespace ternfab::cli
