// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/paper_energy.h"

#include <fmt/format.h>

#include "sim/energy/operation_energy.h"

namespace ternfab {
namespace {

const OperationEnergy& SevenNm() {
  static const OperationEnergy kEnergy = *FindOperationEnergy(7);
  return kEnergy;
}

}  // namespace

double PaperFp16Joules() { return (SevenNm().fp16_add + SevenNm().fp16_multiply) * 1e-12; }
double PaperTernaryJoules() { return SevenNm().int8_add * 1e-12; }

PaperArithmetic EstimatePaperArithmetic(const ModelConfig& model, double weight_joules) {
  constexpr double kTokens = kPaperTokens;
  const double query_width = double(model.heads) * model.head_dim;
  return {kTokens * double(TernaryWeights(model)) * weight_joules,
          2 * kTokens * kTokens * query_width * model.layers * PaperFp16Joules()};
}

EnergyReport EstimatePaperEnergy(const ModelConfig& model) {
  const PaperArithmetic ternary = EstimatePaperArithmetic(model, PaperTernaryJoules());
  const PaperArithmetic fp16 = EstimatePaperArithmetic(model, PaperFp16Joules());
  EnergyReport report;
  report.mode = EnergyMode::kPaper;
  report.node = "7 nm";
  report.tokens = kPaperTokens;
  report.parts = {{"ternary weights", ternary.linear, "modelled",
                   fmt::format("{} x {} weights at {:.3f} pJ (INT8 add, Jouppi et al. 2021)",
                               kPaperTokens, TernaryWeights(model), PaperTernaryJoules() * 1e12)},
                  {"attention", ternary.attention, "modelled",
                   fmt::format("2 x {0} x {0} x {1} x {2} layers at {3:.2f} pJ (FP16 multiply "
                               "and add, the same source)",
                               kPaperTokens, model.heads * model.head_dim, model.layers,
                               PaperFp16Joules() * 1e12)}};
  report.notes = {
      "Arithmetic alone, of 512 tokens together, as in the BitNet b1.58 2B4T report: neither the "
      "energy of a token nor measured. Memory, control, norms and head are not in it.",
      fmt::format(
          "The same shape with FP16 weights: {:.3f} J; a weight costs {:.1f} times as much.",
          fp16.total(), PaperFp16Joules() / PaperTernaryJoules())};
  return report;
}

}  // namespace ternfab
