// SPDX-License-Identifier: Apache-2.0
#include "host/cli/simulate_report.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace ternfab::cli {
namespace {

constexpr int kSlowestLayers = 3;

uint64_t Sum(const CauseCycles& cycles) {
  return std::accumulate(cycles.begin(), cycles.end(), uint64_t{0});
}

const LimitTable& Reported(const RunSummary& s) {
  return s.decode_steps > 0 ? s.decode_limits : s.limits;
}

/// Causes that took cycles, and their sum.
Json CauseJson(const CauseCycles& cycles) {
  Json json;
  const auto figure = [](uint64_t n) { return Figure(int64_t(n), "cycles", kSimulated); };
  json["all"] = figure(Sum(cycles));
  for (int c = 0; c < kCauses; ++c) {
    if (cycles[size_t(c)] > 0) json[std::string(CauseName(Cause(c)))] = figure(cycles[size_t(c)]);
  }
  return json;
}

}  // namespace

Json MemoryJson(const RunSummary& s) {
  const bool decoded = s.decode_steps > 0;
  const auto figure = [&](double value, const char* unit) {
    return decoded ? Figure(value, unit, kSimulated) : NoFigure(unit, kSimulated);
  };
  Json json;
  json["bytes_per_token"] = figure(decoded ? s.bytes_per_token() : 0, "B");
  for (int c = 0; decoded && c < kTrafficClasses; ++c) {
    json["bytes_per_token"]["parts"][std::string(TrafficName(TrafficClass(c)))] =
        Figure(s.BytesPerToken(TrafficClass(c)), "B", kSimulated);
  }
  json["utilisation"] = figure(s.utilisation, "1");
  json["weight_utilisation"] = figure(s.weight_utilisation, "1");
  return json;
}

Json StallsJson(const RunSummary& s) {
  Json json;
  const CauseCycles cycles = s.limits.ByCause();
  for (int c = 0; c < kCauses; ++c) {
    json[std::string(CauseName(Cause(c)))] =
        Figure(int64_t(cycles[size_t(c)]), "cycles", kSimulated);
  }
  return json;
}

Json LimitsJson(const RunSummary& s) {
  const LimitTable& table = Reported(s);
  Json json;
  json["runs"] = s.decode_steps > 0 ? "decode" : "all";
  for (int p = 0; p < kParts; ++p) {
    const CauseCycles cycles = table.OfPart(Part(p));
    if (Sum(cycles) > 0) json["parts"][std::string(PartName(Part(p)))] = CauseJson(cycles);
  }
  for (int layer = 0; layer < table.layers(); ++layer) {
    const CauseCycles cycles = table.OfLayer(layer);
    if (Sum(cycles) > 0) json["layers"][std::to_string(layer)] = CauseJson(cycles);
  }
  return json;
}

namespace {

std::string Row(std::string_view name, const CauseCycles& cycles, uint64_t steps, uint64_t total) {
  const auto percent = [&](uint64_t some) {
    return some == 0 ? std::string("-") : fmt::format("{:.1f}", 100 * double(some) / double(total));
  };
  std::string text =
      fmt::format("  {:11}{:>10}{:>7}", name, Sum(cycles) / steps, percent(Sum(cycles)));
  for (int c = 0; c < kCauses; ++c) {
    text += fmt::format("{:>{}}", percent(cycles[size_t(c)]),
                        std::max<size_t>(6, CauseName(Cause(c)).size()) + 1);
  }
  return text + "\n";
}

std::string SlowestLayers(const LimitTable& table, uint64_t steps) {
  std::vector<std::pair<uint64_t, int>> layers;
  for (int layer = 0; layer < table.layers(); ++layer) {
    const uint64_t cycles = Sum(table.OfLayer(layer));
    if (cycles > 0) layers.emplace_back(cycles / steps, layer);
  }
  if (layers.size() < 2) return "";
  std::stable_sort(layers.begin(), layers.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(kSlowestLayers, layers.size()); ++i) {
    text += fmt::format("{}{} ({} cycles)", i ? ", " : "", layers[i].second, layers[i].first);
  }
  return fmt::format("  slowest layers: {}\n", text);
}

}  // namespace

std::string LimitsText(const RunSummary& s) {
  const LimitTable& table = Reported(s);
  const uint64_t total = table.total();
  if (total == 0) return "";
  const uint64_t steps = std::max<uint64_t>(1, s.decode_steps);
  std::string text = fmt::format("what the cycles of {} went into, in percent (simulated):\n",
                                 s.decode_steps > 0 ? "a decoded token" : "the prompt");
  text += fmt::format("  {:11}{:>10}{:>7}", "part", "cycles", "all");
  for (int c = 0; c < kCauses; ++c) {
    const std::string_view name = CauseName(Cause(c));
    text += fmt::format("{:>{}}", name, std::max<size_t>(6, name.size()) + 1);
  }
  text += "\n";
  for (int p = 1; p <= kParts; ++p) {  // kOther, which nothing is blamed for, comes last
    const CauseCycles cycles = table.OfPart(Part(p % kParts));
    if (Sum(cycles) > 0) text += Row(PartName(Part(p % kParts)), cycles, steps, total);
  }
  return text + Row("all", table.ByCause(), steps, total) + SlowestLayers(table, steps);
}

}  // namespace ternfab::cli
