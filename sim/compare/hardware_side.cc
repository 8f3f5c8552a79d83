// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/hardware_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "codegen/devices.h"
#include "codegen/memory_kinds.h"
#include "sim/report/cycle_limits.h"
#include "sim/report/traffic.h"

namespace ternfab::compare {
namespace {

constexpr double kHzPerMhz = 1e6;

/// Figures of one run that come from its cycles.
class RunFigures {
 public:
  explicit RunFigures(const DesignRun& run)
      : run_(run),
        origin_(run.fidelity == "rtl" ? "cycles of the generated RTL in Verilator"
                                      : "cycles of the cycle model, which are those of the RTL") {}

  double clock_hz() const { return run_.spec.clock_mhz * kHzPerMhz; }

  Figure Cycles(double cycles) const { return {cycles, "cycles", Evidence::kSimulated, origin_}; }
  /// A figure of the decode steps.
  Figure Decode(double value, const char* unit, const std::string& what) const {
    Figure figure{{}, unit, Evidence::kSimulated, what};
    if (run_.summary.decode_steps > 0) {
      figure.value = value;
    } else {
      figure.source = "no step was a decode step: more tokens are needed";
    }
    return figure;
  }
  std::string AtClock(const std::string& what) const {
    return fmt::format("{}: {} at {} MHz, the clock that the spec gives", what, origin_,
                       run_.spec.clock_mhz);
  }

 private:
  const DesignRun& run_;
  std::string origin_;
};

Speed SpeedOf(const DesignRun& run, const RunFigures& figures) {
  const RunSummary& s = run.summary;
  Speed speed;
  speed.latency_per_token = figures.Decode(s.decode_rate > 0 ? 1 / s.decode_rate : 0, "s",
                                           figures.AtClock("mean of the decode steps"));
  speed.decode_rate =
      figures.Decode(s.decode_rate, "tokens/s", figures.AtClock("decode steps a second"));
  speed.time_to_first_token = {{}, "s", Evidence::kSimulated, "no token was generated"};
  if (!s.cycles_per_token.empty()) {
    speed.time_to_first_token.value = double(s.cycles_per_token.front()) / figures.clock_hz();
    speed.time_to_first_token.source = figures.AtClock(
        run.prompt_tokens > 0 ? "the whole prompt" : "the first step after the seeded context");
  }
  speed.prefill_rate = {{}, "tokens/s", Evidence::kSimulated, "a seeded context has no prompt"};
  if (run.prompt_tokens > 0) {
    speed.prefill_rate.value = s.prefill_rate;
    speed.prefill_rate.source = figures.AtClock(
        fmt::format("prompt tokens a second, {} a pass over the weights", run.spec.engine.batch));
  }
  return speed;
}

/// Bytes a second that ports and memory allow: the less of both.
Figure Bandwidth(const HardwareSpec& spec) {
  const double ports =
      spec.memory.ports * (spec.memory.width_bits / 8.0) * spec.clock_mhz * kHzPerMhz;
  const DramPreset* dram = FindDramPreset(spec.memory.kind);
  const double memory =
      dram ? dram->PeakBytesPerSecond() * dram->units * spec.memory.channels : ports;
  return {std::min(ports, memory), "B/s", Evidence::kGiven,
          memory < ports
              ? fmt::format("peak of {} channels of {}", spec.memory.channels, spec.memory.kind)
              : fmt::format("{} ports of {} bit at the given clock", spec.memory.ports,
                            spec.memory.width_bits)};
}

/// Products of the linear layers and of the head's rows that are scored.
double Macs(const HardwareSpec& spec, const ModelConfig& model) {
  const double rows =
      spec.head == "shortlist" ? double(model.vocab) + spec.shortlist_rows : double(model.vocab);
  return double(TernaryWeights(model)) + rows * model.hidden;
}

Roofline RooflineOf(const DesignRun& run, const ModelConfig& model, const RunFigures& figures,
                    const Figure& decode_rate) {
  const HardwareSpec& spec = run.spec;
  Roofline out;
  out.bandwidth = Bandwidth(spec);
  out.compute = {double(spec.engine.count) * spec.engine.lanes * spec.engine.batch *
                     spec.clock_mhz * kHzPerMhz,
                 "MAC/s", Evidence::kGiven, "ternary engines x lanes x batch at the given clock"};
  out.bytes_per_token =
      figures.Decode(run.summary.decode_steps > 0 ? run.summary.bytes_per_token() : 0, "B",
                     "read and written by a decode step, in the mean; from its instructions");
  out.macs_per_token = {Macs(spec, model), "MAC", Evidence::kGiven,
                        "shapes of the linear layers and of the head; without attention"};
  out.bound_rate = Ratio(out.bandwidth, out.bytes_per_token, "tokens/s",
                         "bandwidth / bytes of a token: nothing but memory limits");
  out.bandwidth_share = Ratio(decode_rate, out.bound_rate, "1", "decode rate / its bound");
  const Figure macs{out.macs_per_token.value.value() * decode_rate.value.value_or(0), "MAC/s",
                    decode_rate.evidence, ""};
  out.compute_share = Ratio(macs, out.compute, "1",
                            "MACs of a token x decode rate / MACs of all batch slices; decode uses "
                            "one slice");
  if (!decode_rate.value) out.compute_share.value.reset();
  return out;
}

CauseFigures Causes(const CauseCycles& cycles, double steps, const RunFigures& figures) {
  CauseFigures out;
  const auto all = std::accumulate(cycles.begin(), cycles.end(), uint64_t{0});
  out.emplace_back("all", figures.Cycles(double(all) / steps));
  for (int c = 0; c < kCauses; ++c) {
    if (cycles[size_t(c)] == 0) continue;
    out.emplace_back(CauseName(Cause(c)), figures.Cycles(double(cycles[size_t(c)]) / steps));
  }
  return out;
}

void AddLimits(const RunSummary& s, const RunFigures& figures, HardwareSide& side) {
  if (s.decode_steps == 0) return;
  const double steps = double(s.decode_steps);
  for (int p = 1; p <= kParts; ++p) {  // kOther, which nothing is blamed for, comes last
    const Part part = Part(p % kParts);
    CauseFigures causes = Causes(s.decode_limits.OfPart(part), steps, figures);
    if (*causes.front().second.value > 0) side.limits.emplace_back(PartName(part), causes);
  }
  side.causes = Causes(s.decode_limits.ByCause(), steps, figures);
  for (int c = 0; c < kTrafficClasses; ++c) {
    const double bytes = s.BytesPerToken(TrafficClass(c));
    if (bytes == 0) continue;
    side.traffic.emplace_back(TrafficName(TrafficClass(c)),
                              Figure{bytes, "B", Evidence::kSimulated,
                                     "of a decode step, in the mean; from its instructions"});
  }
}

void AddCycles(const DesignRun& run, const RunFigures& figures, HardwareSide& side) {
  const RunSummary& s = run.summary;
  const double decode_cycles =
      std::accumulate(s.cycles_per_token.begin(), s.cycles_per_token.end(), 0.0) -
      (run.prompt_tokens > 0 && !s.cycles_per_token.empty() ? double(s.cycles_per_token.front())
                                                            : 0.0);
  side.cycles_per_token =
      figures.Decode(s.decode_steps ? decode_cycles / double(s.decode_steps) : 0, "cycles",
                     figures.Cycles(0).source + ", mean of the decode steps");
  side.cycles = {{s.cycles_per_token.begin(), s.cycles_per_token.end()},
                 "cycles",
                 Evidence::kSimulated,
                 figures.Cycles(0).source};
}

}  // namespace

std::string DesignText(const HardwareSpec& spec) {
  return fmt::format("{} x {} lanes x batch {}, int8 {} x {}, {} fp32 lanes, {} x {} bit {}",
                     spec.engine.count, spec.engine.lanes, spec.engine.batch, spec.int8.lanes,
                     spec.int8.queries, spec.vector.lanes, spec.memory.ports,
                     spec.memory.width_bits, spec.memory.kind);
}

HardwareSide DescribeRun(const DesignRun& run, const ModelConfig& model) {
  const RunFigures figures(run);
  const HardwareSpec& spec = run.spec;
  HardwareSide side;
  side.name = spec.name;
  side.device = spec.device;
  if (const Device* device = FindDevice(spec.device)) side.part = device->part;
  side.design = DesignText(spec);
  side.design_hash = fmt::format("{:016x}", run.program.design_hash);
  side.head = spec.head == "shortlist" ? fmt::format("shortlist of {} rows", spec.shortlist_rows)
                                       : spec.head + ", every row";
  side.fidelity = run.fidelity;
  side.speed = SpeedOf(run, figures);
  AddCycles(run, figures, side);
  side.clock.given = {spec.clock_mhz, "MHz", Evidence::kGiven, "clock_mhz of the spec"};
  side.clock.estimated = {{}, "MHz", Evidence::kModelled, "not estimated"};
  side.latency_at_estimated_clock = {{}, "s", Evidence::kModelled, "no clock was estimated"};
  side.rate_at_estimated_clock = {{}, "tokens/s", Evidence::kModelled, "no clock was estimated"};
  side.roofline = RooflineOf(run, model, figures, side.speed.decode_rate);
  side.utilisation = figures.Decode(run.summary.utilisation, "1",
                                    "beats of weights and head rows, consumed for the first time, "
                                    "/ (ports x cycles of the decode steps)");
  side.weight_utilisation =
      figures.Decode(run.summary.weight_utilisation, "1",
                     "beats of weights / (ports x cycles to the last of them)");
  AddLimits(run.summary, figures, side);
  side.cycles_per_second = {run.cycles_per_second, "cycles/s", Evidence::kMeasured,
                            "simulated cycles / seconds of this machine"};
  return side;
}

LayerTimeline TimelineOf(const InstructionList& list, const RunRecord& run, int layer) {
  static constexpr const char* kUnitNames[] = {"ternary", "int8", "vector"};
  std::vector<size_t> order;
  for (size_t i = 0; i < run.times.size(); ++i) {
    const InstructionTime& time = run.times[i];
    if (list.notes[i].place.layer == layer && !time.skip &&
        time.retire != InstructionTime::kNever) {
      order.push_back(i);
    }
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return run.times[a].issue < run.times[b].issue; });
  LayerTimeline out;
  out.layer = {double(layer), "1", Evidence::kGiven, "in the middle of the model"};
  out.begin = {{}, "cycles", Evidence::kSimulated, "issue, from the first of the layer's"};
  out.end = {{}, "cycles", Evidence::kSimulated, "after retirement"};
  for (const size_t i : order) {
    const InstructionTime& time = run.times[i];
    const uint64_t first = run.times[order.front()].issue;
    out.unit.emplace_back(kUnitNames[size_t(time.unit)]);
    out.part.emplace_back(PartName(list.notes[i].place.part));
    out.name.push_back(list.notes[i].text);
    out.begin.values.push_back(double(time.issue - first));
    out.end.values.push_back(double(time.retire + 1 - first));
  }
  return out;
}

std::vector<LayerCheck> CheckedLayers(const rtl::LayerCounts& counts, int layers) {
  std::vector<LayerCheck> out;
  const auto add = [&](int layer) {
    const auto found = counts.find(layer);
    const rtl::LayerCount count = found == counts.end() ? rtl::LayerCount{} : found->second;
    out.push_back({layer, int64_t(count.instructions), int64_t(count.mismatches)});
  };
  for (int layer = 0; layer < layers; ++layer) add(layer);
  add(-1);
  return out;
}

}  // namespace ternfab::compare
