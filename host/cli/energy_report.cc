// SPDX-License-Identifier: Apache-2.0
#include "host/cli/energy_report.h"

#include <algorithm>
#include <cmath>

namespace ternfab::cli {
namespace {

Json PartsJson(const EnergyReport& report) {
  Json json;
  for (const EnergyPart& part : report.parts) {
    Json figure = Figure(part.joules, "J", part.evidence);
    figure["source"] = part.source;
    json[part.name] = figure;
  }
  return json;
}

/// "12.3 mJ"
std::string Joules(double joules) {
  constexpr const char* kPrefixes[] = {"", "m", "u", "n", "p"};
  int prefix = 0;
  while (prefix < 4 && std::abs(joules) < 1 && joules != 0) {
    joules *= 1e3;
    ++prefix;
  }
  return fmt::format("{:.4g} {}J", joules, kPrefixes[prefix]);
}

}  // namespace

Json EnergyJson(const Expected<EnergyReport>& energy) {
  Json json;
  if (!energy) {
    json["total"] = NoFigure("J", kModelled);
    json["reason"] = energy.error().message;
    return json;
  }
  json["mode"] = EnergyModeName(energy->mode);
  json["node"] = energy->node;
  Json all = {{"total", Figure(energy->total_joules(), "J", energy->evidence)},
              {"parts", PartsJson(*energy)}};
  if (energy->tokens == 1) {
    json.update(all);
  } else {
    json["total"] = NoFigure("J", energy->evidence);
    all["tokens"] = Figure(int64_t(energy->tokens), "tokens", kGiven);
    json["of_tokens"] = all;
  }
  if (energy->seconds > 0) json["power"] = Figure(energy->watts(), "W", energy->evidence);
  json["notes"] = energy->notes;
  return json;
}

std::string EnergyText(const Expected<EnergyReport>& energy) {
  if (!energy) return fmt::format("energy: {}\n", energy.error().message);
  const EnergyReport& report = *energy;
  const double total = report.total_joules();
  const std::string covers =
      report.tokens == 1 ? "a decoded token" : fmt::format("{} tokens together", report.tokens);
  std::string text = fmt::format("energy of {}: {} ({}, mode {}, node {})", covers, Joules(total),
                                 report.evidence, EnergyModeName(report.mode), report.node);
  if (report.seconds > 0) text += fmt::format(", {:.3g} W", report.watts());
  text += "\n";
  std::vector<EnergyPart> parts = report.parts;
  std::stable_sort(parts.begin(), parts.end(),
                   [](const EnergyPart& a, const EnergyPart& b) { return a.joules > b.joules; });
  for (const EnergyPart& part : parts) {
    text += fmt::format("  {:19}{:>11}{:>7.1f}%  {}\n", part.name, Joules(part.joules),
                        total > 0 ? 100 * part.joules / total : 0.0, part.source);
  }
  for (const std::string& note : report.notes) text += fmt::format("  {}\n", note);
  return text;
}

}  // namespace ternfab::cli
