// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/energy_figures.h"

#include <fmt/format.h>

#include "common/check.h"

namespace ternfab::compare {

Evidence EvidenceNamed(const char* name) {
  const std::optional<Evidence> evidence = FindEvidence(name);
  TF_CHECK(evidence.has_value(), "evidence {}", name);
  return *evidence;
}

Energy EnergyFigures(const Expected<EnergyReport>& report) {
  Energy out;
  out.total = {{}, "J", Evidence::kModelled, report ? "" : report.error().message};
  if (!report) return out;
  out.mode = EnergyModeName(report->mode);
  out.note = report->node.empty() ? "" : report->node + ".";
  for (const std::string& note : report->notes) out.note += (out.note.empty() ? "" : " ") + note;
  out.total.evidence = EvidenceNamed(report->evidence);
  if (report->tokens > 1) {
    out.total.source = fmt::format("mode {} covers {} tokens together: {:.4g} J", out.mode,
                                   report->tokens, report->total_joules());
    return out;
  }
  out.total.value = report->total_joules();
  out.total.source = fmt::format("sum of the parts, mode {}", out.mode);
  for (const EnergyPart& part : report->parts) {
    out.parts.emplace_back(part.name,
                           Figure{part.joules, "J", EvidenceNamed(part.evidence), part.source});
  }
  return out;
}

}  // namespace ternfab::compare
