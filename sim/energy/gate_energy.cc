// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/gate_energy.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/energy/gate_stimulus.h"
#include "sim/energy/token_work.h"

namespace ternfab {
namespace {

constexpr size_t kMostTokens = 16;
constexpr const char* kCovers =
    "Switching energy of cells and pins from the Liberty tables; no wires, no clock tree, no "
    "leakage: nothing is placed.";

template <class Word, class Sum>
GateStimulus Stimulus(const std::vector<GateOperands>& operands, const Word& word, const Sum& sum) {
  GateStimulus stimulus;
  for (const GateOperands& o : operands) {
    stimulus.words.push_back(word(o));
    stimulus.sums.push_back(sum(o));
  }
  return stimulus;
}

std::string UnitNote(const char* name, const GateResult& r) {
  const double zero = r.LaneJoules(r.zero_delay) * 1e12, delays = r.LaneJoules(r.delays) * 1e12;
  return fmt::format(
      "{}: {:.2f} pJ a lane with glitches, {:.2f} without (OpenSTA, vectorless: {:.2f}); {} cells, "
      "{} flip-flops for {} lanes.",
      name, delays, zero, r.vectorless_joules / r.lanes * 1e12, r.cells, r.flip_flops, r.lanes);
}

EnergyPart LanesPart(const char* name, const GateResult& r, double lanes, const char* what) {
  return {name, lanes * r.LaneJoules(r.delays), "modelled",
          fmt::format("{:.0f} {} at {:.2f} pJ", lanes, what, r.LaneJoules(r.delays) * 1e12)};
}

}  // namespace

Expected<GateComparison> CompareGates(const Program& program, std::span<const int> ids) {
  const int most = std::min(program.design.lanes, program.design.int8_lanes());
  int lanes = kGateLanes;
  while (lanes > most) lanes /= 2;
  const GateData data = CollectGateData(program, ids, lanes, kGateCycles);
  GateComparison comparison;
  comparison.zero_trits = data.zero_trits;
  const auto integer = [](const GateUnit& unit) {
    return [bits = unit.sum_bits](const GateOperands& o) { return IntegerSum(o, bits); };
  };
  const GateUnit ternary = TernaryGateUnit(lanes), int8 = Int8GateUnit(lanes);
  TF_ASSIGN_OR_RETURN(comparison.ternary,
                      RunGates(ternary, Stimulus(data.ternary, TernaryWord, integer(ternary))));
  TF_ASSIGN_OR_RETURN(comparison.int8,
                      RunGates(int8, Stimulus(data.int8, Int8Word, integer(int8))));
  TF_ASSIGN_OR_RETURN(comparison.fp16,
                      RunGates(Fp16GateUnit(lanes), Stimulus(data.int8, Fp16Word, Fp16Sum)));
  return comparison;
}

Expected<EnergyReport> EstimateGateEnergy(const EnergyInputs& in) {
  if (in.ids.empty()) return Fail("--energy gate: needs a prompt");
  const size_t tokens = std::min(kMostTokens, in.ids.size());
  TF_ASSIGN_OR_RETURN(const GateComparison gates,
                      CompareGates(in.program, std::span(in.ids).first(tokens)));
  RunArguments arguments;
  arguments.position = uint32_t(in.position);
  const RunWork work = CountRunWork(in.program.decode, in.program.design, arguments);
  EnergyReport report;
  report.mode = EnergyMode::kGate;
  report.node = "180 nm (osu018 cells, 1.8 V)";
  report.parts = {
      LanesPart("ternary lanes", gates.ternary, double(work.tree_passes) * in.program.design.lanes,
                "trits (padding included)"),
      LanesPart("int8 lanes", gates.int8, double(work.int8_products),
                "products of attention and head")};
  const double fp16 = gates.fp16.LaneJoules(gates.fp16.delays);
  const double ternary = gates.ternary.LaneJoules(gates.ternary.delays);
  report.notes = {
      fmt::format("Arithmetic units alone (products and their trees), with {} of the model's own "
                  "operands; {:.1f}% of the trits are zero.",
                  gates.ternary.cycles, 100 * gates.zero_trits),
      UnitNote("Ternary", gates.ternary),
      UnitNote("int8", gates.int8),
      UnitNote("FP16", gates.fp16),
      fmt::format("A ternary lane takes 1/{:.1f} of an int8 lane and 1/{:.1f} of an FP16 lane.",
                  gates.int8.LaneJoules(gates.int8.delays) / ternary, fp16 / ternary),
      kCovers};
  return report;
}

}  // namespace ternfab
