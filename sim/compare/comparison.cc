// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/comparison.h"

#include <algorithm>
#include <concepts>
#include <type_traits>

namespace ternfab::compare {

template <class S, class T>
concept Of = std::same_as<std::remove_const_t<S>, T>;

template <class A, Of<Energy> S>
void Fields(A& a, S& s) {
  a("total", s.total);
  a("parts", s.parts);
  a("mode", s.mode);
  a("note", s.note);
}

template <class A, Of<IdDifference> S>
void Fields(A& a, S& s) {
  a("index", s.index);
  a("expected", s.expected);
  a("got", s.got);
  a("expected_text", s.expected_text);
  a("got_text", s.got_text);
}

template <class A, Of<IdCheck> S>
void Fields(A& a, S& s) {
  a("against", s.against);
  a("compared", s.compared);
  a("equal", s.equal);
  a("first_difference", s.first_difference);
}

template <class A, Of<LayerCheck> S>
void Fields(A& a, S& s) {
  a("layer", s.layer);
  a("instructions", s.instructions);
  a("mismatches", s.mismatches);
}

template <class A, Of<Checks> S>
void Fields(A& a, S& s) {
  a("device", s.device);
  a("reference", s.reference);
  a("instructions", s.instructions);
  a("mismatches", s.mismatches);
  a("first_mismatch", s.first_mismatch);
  a("method", s.method);
  a("layers", s.layers);
}

template <class A, Of<Speed> S>
void Fields(A& a, S& s) {
  a("latency_per_token", s.latency_per_token);
  a("time_to_first_token", s.time_to_first_token);
  a("decode_rate", s.decode_rate);
  a("prefill_rate", s.prefill_rate);
}

template <class A, Of<Roofline> S>
void Fields(A& a, S& s) {
  a("bandwidth", s.bandwidth);
  a("compute", s.compute);
  a("bytes_per_token", s.bytes_per_token);
  a("macs_per_token", s.macs_per_token);
  a("bound_rate", s.bound_rate);
  a("bandwidth_share", s.bandwidth_share);
  a("compute_share", s.compute_share);
}

template <class A, Of<DeviceArithmetic> S>
void Fields(A& a, S& s) {
  a("ids", s.ids);
}

template <class A, Of<CpuSide> S>
void Fields(A& a, S& s) {
  a("name", s.name);
  a("arithmetic", s.arithmetic);
  a("implementation", s.implementation);
  a("threads", s.threads);
  a("ids", s.ids);
  a("text", s.text);
  a("device", s.device);
  Fields(a, s.speed);
  a("energy_per_token", s.energy);
  a("tokens_per_joule", s.tokens_per_joule);
  a("roofline", s.roofline);
  a("device_decode_rate", s.device_decode_rate);
}

template <class A, Of<Area> S>
void Fields(A& a, S& s) {
  a("resources", s.resources);
  a("available", s.available);
  a("fits", s.fits);
  a("binding", s.binding);
  a("binding_share", s.binding_share);
  a("tool", s.tool);
  a("note", s.note);
}

template <class A, Of<Clock> S>
void Fields(A& a, S& s) {
  a("given", s.given);
  a("estimated", s.estimated);
}

template <class A, Of<LayerTimeline> S>
void Fields(A& a, S& s) {
  a("layer", s.layer);
  a("unit", s.unit);
  a("part", s.part);
  a("name", s.name);
  a("begin", s.begin);
  a("end", s.end);
}

template <class A, Of<ContextSweep> S>
void Fields(A& a, S& s) {
  a("context", s.context);
  a("cycles", s.cycles);
  a("latency", s.latency);
}

template <class A, Of<HardwareSide> S>
void Fields(A& a, S& s) {
  a("name", s.name);
  a("spec", s.spec);
  a("device", s.device);
  a("part", s.part);
  a("design", s.design);
  a("design_hash", s.design_hash);
  a("head", s.head);
  a("fidelity", s.fidelity);
  a("ids", s.ids);
  a("text", s.text);
  a("check", s.check);
  Fields(a, s.speed);
  a("latency_at_estimated_clock", s.latency_at_estimated_clock);
  a("rate_at_estimated_clock", s.rate_at_estimated_clock);
  a("cycles_per_token", s.cycles_per_token);
  a("cycles", s.cycles);
  a("energy_per_token", s.energy);
  a("tokens_per_joule", s.tokens_per_joule);
  a("rate_over_cpu", s.rate_over_cpu);
  a("energy_over_cpu", s.energy_over_cpu);
  a("area", s.area);
  a("clock", s.clock);
  a("roofline", s.roofline);
  a("weight_utilisation", s.weight_utilisation);
  a("utilisation", s.utilisation);
  a("traffic", s.traffic);
  a("limits", s.limits);
  a("causes", s.causes);
  a("contexts", s.contexts);
  a("layer", s.layer);
  a("cycles_per_second", s.cycles_per_second);
}

template <class A, Of<BaselineRow> S>
void Fields(A& a, S& s) {
  a("name", s.name);
  a("system", s.system);
  a("model", s.model);
  a("kind", s.kind);
  a("source", s.source);
  a("note", s.note);
  a("figures", s.figures);
}

template <class A, Of<ModelFacts> S>
void Fields(A& a, S& s) {
  a("name", s.name);
  a("synthetic", s.synthetic);
  a("figures", s.figures);
}

template <class A, Of<Comparison> S>
void Fields(A& a, S& s) {
  a("command", s.command);
  a("model", s.model);
  a("hw", s.hw);
  a("version", s.version);
  a("wall_seconds", s.wall_seconds);
  a("command_line", s.command_line);
  a("prompt", s.prompt);
  a("prompt_ids", s.prompt_ids);
  a("prompt_tokens", s.prompt_tokens);
  a("context", s.context);
  a("tokens", s.tokens);
  a("facts", s.facts);
  a("cpu", s.cpu);
  a("hardware", s.hardware);
  a("baselines", s.baselines);
  a("commands", s.commands);
  a("versions", s.versions);
  a("report", s.report);
}

void AddRatios(Comparison& comparison) {
  const CpuSide& cpu = comparison.cpu;
  for (HardwareSide& side : comparison.hardware) {
    side.rate_over_cpu = Ratio(side.speed.decode_rate, cpu.speed.decode_rate, "1",
                               "decode rate / that of the CPU's reference");
    side.energy_over_cpu = Ratio(side.energy.total, cpu.energy.total, "1",
                                 "energy of a token / that of the CPU's reference");
    if (side.energy.total.value && side.energy.mode != "fpga") {
      side.energy_over_cpu.value.reset();
      side.energy_over_cpu.source =
          "mode " + side.energy.mode + " is not of a whole board: no measure beside a processor's";
    }
  }
}

bool Passed(const Comparison& comparison) {
  return std::all_of(
      comparison.hardware.begin(), comparison.hardware.end(), [](const HardwareSide& side) {
        return side.check.mismatches == 0 && (!side.check.device || side.check.device->equal);
      });
}

Json ToJson(const Comparison& comparison) { return Write(comparison); }

HardwareSide ReadHardware(const Json& json) {
  HardwareSide side;
  Read(json, side);
  return side;
}

Json WriteHardware(const HardwareSide& side) { return Write(side); }

}  // namespace ternfab::compare
