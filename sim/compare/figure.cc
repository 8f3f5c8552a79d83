// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/figure.h"

namespace ternfab::compare {
namespace {

constexpr std::string_view kNames[] = {"given",       "measured", "simulated",
                                       "synthesised", "modelled", "published"};

}  // namespace

std::string_view EvidenceName(Evidence evidence) { return kNames[size_t(evidence)]; }

std::optional<Evidence> FindEvidence(std::string_view name) {
  for (size_t i = 0; i < std::size(kNames); ++i) {
    if (kNames[i] == name) return Evidence(i);
  }
  return {};
}

const Figure* FindFigure(const Named<Figure>& figures, std::string_view name) {
  for (const auto& [key, figure] : figures) {
    if (key == name) return &figure;
  }
  return nullptr;
}

Figure Ratio(const Figure& a, const Figure& b, std::string unit, std::string source) {
  Figure out{{}, std::move(unit), Weakest(a.evidence, b.evidence), std::move(source)};
  if (a.value && b.value && *b.value != 0) out.value = *a.value / *b.value;
  return out;
}

}  // namespace ternfab::compare
