// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "host/cli/estimate_report.h"
#include "sim/area/largest_engine.h"

// The figures of `estimate` for people.

namespace ternfab::cli {
namespace {

constexpr double kRoomyShare = 0.85;  ///< of the LUTs: docs/estimate.md
constexpr double kSmallShare = 0.02;  ///< rows below it in every resource are put together

/// "123", "39.5", "0.31", "-" for nothing.
std::string Count(double n) {
  if (n == 0) return "-";
  const bool halves = 2 * n == std::floor(2 * n);
  return fmt::format("{:.{}f}", n, n == std::floor(n) ? 0 : halves ? 1 : 2);
}

/// Lines of a table: a name, a number of instances, and the resources.
class Table {
 public:
  /// As wide as the longest of `names`, within reason.
  explicit Table(const std::vector<std::string>& names) {
    constexpr size_t kLeast = 32, kMost = 90;
    for (const std::string& name : names) columns_ = std::max(columns_, name.size());
    columns_ = std::clamp(columns_, kLeast, kMost);
  }

  std::string Line(std::string name, const std::string& instances,
                   const std::array<std::string, 7>& r) const {
    if (name.size() > columns_) name = name.substr(0, columns_ - 2) + "..";
    return fmt::format("  {:<{}} {:>5} {:>8} {:>8} {:>7} {:>7} {:>6} {:>7} {:>6}\n", name, columns_,
                       instances, r[0], r[1], r[2], r[3], r[4], r[5], r[6]);
  }
  std::string Head(const char* name, const char* instances) const {
    return Line(name, instances, {"LUT", "FF", "carry", "LUTRAM", "DSP", "BRAM36", "URAM"});
  }
  std::string Row(const std::string& name, const std::string& instances, const Resources& r) const {
    return Line(name, instances,
                {Count(r.lut), Count(r.ff), Count(r.carry), Count(r.lutram), Count(r.dsp),
                 Count(r.bram36), Count(r.uram)});
  }

 private:
  size_t columns_ = 0;
};

Resources Scaled(const Resources& r, double times) {
  Resources out;
  out.Add(r, times);
  return out;
}

/// Modules of one name, all instances.
struct NamedRow {
  std::string name;
  int instances = 0;
  Resources resources;
};

std::vector<NamedRow> RowsOf(const AreaReport& area, bool every_module) {
  std::vector<NamedRow> rows;
  for (const ModuleArea& m : area.per_module) {
    const std::string name =
        every_module && !m.parameters.empty() ? m.module + " " + m.parameters : m.module;
    auto row = std::find_if(rows.begin(), rows.end(), [&](auto& r) { return r.name == name; });
    if (row == rows.end()) row = rows.insert(rows.end(), {name, 0, {}});
    row->instances += m.instances;
    row->resources.Add(m.own, m.instances);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const NamedRow& a, const NamedRow& b) {
    return a.resources.lut > b.resources.lut;
  });
  return rows;
}

bool IsSmall(const Resources& r, const Resources& all) {
  const auto small = [](double some, double of) { return some <= kSmallShare * of; };
  return small(r.lut, all.lut) && small(r.ff, all.ff) && small(r.carry, all.carry) &&
         small(r.dsp, all.dsp) && small(r.bram36, all.bram36) && small(r.uram, all.uram);
}

std::string ModulesText(const Table& table, const AreaReport& area,
                        const std::vector<NamedRow>& rows, bool every_module) {
  std::string text = table.Head("module", "n");
  NamedRow rest;
  int names = 0;
  for (const NamedRow& row : rows) {
    if (!every_module && IsSmall(row.resources, area.total)) {
      ++names;
      rest.instances += row.instances;
      rest.resources.Add(row.resources);
      continue;
    }
    text += table.Row(row.name, std::to_string(row.instances), row.resources);
  }
  if (names > 0) {
    text += table.Row(fmt::format("{} others (--modules)", names), std::to_string(rest.instances),
                      rest.resources);
  }
  return text + table.Row("all", "", area.total);
}

std::string DeviceText(const Table& table, const AreaReport& area) {
  const Device& d = area.device;
  const Resources has{double(d.lut), double(d.ff), 0, 0, double(d.dsp), d.bram36, double(d.uram)};
  const auto share = [&](size_t i) {
    const DeviceShare& s = area.shares[i];
    if (s.used > 0 && s.share() < 0.01) return std::string("<1%");
    return s.available > 0 ? fmt::format("{:.0f}%", 100 * s.share()) : "-";
  };
  std::string text = table.Row(fmt::format("{} has (published)", d.part), "", has);
  text += table.Line("taken", "", {share(0), share(1), "", "", share(2), share(3), share(4)});
  text += fmt::format("fits: {}; the scarcest resource is {}\n", area.fits ? "yes" : "NO",
                      area.binding_resource);
  if (area.fits && area.shares[0].share() > kRoomyShare) {
    text += fmt::format("  above {:.0f}% of the LUTs a design may not route\n", 100 * kRoomyShare);
  }
  return text;
}

std::string EnginesText(const Table& table, const HardwareSpec& spec, const AreaReport& area) {
  const EngineSpec& e = spec.engine;
  std::string text = fmt::format("\nternary engines, {}, {} x {} lanes x batch {} (synthesised):\n",
                                 e.kind, e.count, e.lanes, e.batch);
  text += table.Head("", "");
  text += table.Row("all", "", area.engines);
  text += table.Row("a lane", "", Scaled(area.engines, 1.0 / area.lanes));
  text += table.Row("a MAC (lane and batch slice)", "", Scaled(area.engines, 1.0 / area.macs));
  text += table.Row("sums alone, a MAC", "", Scaled(area.sums, 1.0 / area.macs));
  if (area.tables.lut > 0) text += table.Row("tables, for all engines", "", area.tables);
  const LargestEngine largest = FindLargestEngine(area, spec);
  if (largest.engines == 0) {
    return text + fmt::format("not one would fit beside the rest of the design: {} is short\n",
                              largest.binding_resource);
  }
  return text + fmt::format(
                    "the most that would fit beside the rest of the design: {} x {} lanes; then "
                    "{} is short (modelled)\n",
                    largest.engines, e.lanes, largest.binding_resource);
}

/// "tf_sequencer 163, tf_fp32_add 223": modules whose slowest path does not keep up with `mhz`.
std::string SlowerThan(double mhz, const AreaReport& area) {
  std::map<std::string, double> ns;
  for (const ModuleArea& m : area.per_module) ns[m.module] = std::max(ns[m.module], m.path.ns);
  std::vector<std::pair<double, std::string>> slow;
  for (const auto& [name, delay] : ns) {
    if (delay > 0 && std::round(1000 / delay) < mhz) slow.emplace_back(1000 / delay, name);
  }
  std::sort(slow.begin(), slow.end());
  std::string text;
  for (const auto& [clock, name] : slow) {
    text += fmt::format("{}{} {:.0f}", text.empty() ? "" : ", ", name, clock);
  }
  return text;
}

std::string ClockText(const HardwareSpec& spec, const AreaReport& area) {
  const ClockEstimate& clock = area.clock;
  std::string text = fmt::format(
      "\nclock: {} MHz asked (given), {:.0f} MHz estimated (modelled, nothing is placed)\n"
      "  slowest path within a module: {:.2f} ns, {} LUT levels and {} carry cells, in {}\n"
      "  from {} to {}\n",
      spec.clock_mhz, clock.mhz(), clock.path.ns, clock.path.luts, clock.path.carries, clock.module,
      clock.path.from.empty() ? "?" : clock.path.from, clock.path.to.empty() ? "?" : clock.path.to);
  const std::string slow = SlowerThan(spec.clock_mhz, area);
  if (!slow.empty()) text += fmt::format("  below the asked clock, MHz: {}\n", slow);
  return text;
}

std::string RatesText(const Estimated& e) {
  if (!e.rates) return fmt::format("\nno token rates: {}\n", e.no_rates);
  const std::string title = fmt::format("{}, {} tokens in the context", e.model, e.rates->context);
  std::string text = fmt::format("\n{:<44} {:>16} {:>16}\n", title, "decode, tokens/s",
                                 fmt::format("prefill by {}", e.rates->batch));
  const auto row = [&](const TokenRates& r, const char* clock) {
    return fmt::format("  {:<42} {:>16.1f} {:>16.1f}\n", fmt::format(fmt::runtime(clock), r.mhz),
                       r.decode(), r.prefill());
  };
  text += row(*e.rates, "at the asked {:.0f} MHz (simulated)");
  if (e.rates_at_estimated_clock) {
    text += row(*e.rates_at_estimated_clock, "at the estimated {:.0f} MHz (modelled)");
  }
  return text;
}

}  // namespace

std::string EstimateText(const Estimated& e, bool every_module) {
  const AreaReport& area = e.area;
  const std::vector<NamedRow> rows = RowsOf(area, every_module);
  std::vector<std::string> names;
  names.reserve(rows.size());
  for (const NamedRow& row : rows) names.push_back(row.name);
  const Table table(names);
  return fmt::format("{} on {} ({}): synthesised module by module by {}, not placed\n\n",
                     e.spec.name, area.device.name, area.device.part,
                     area.tool.substr(0, area.tool.find(" ("))) +
         ModulesText(table, area, rows, every_module) + DeviceText(table, area) +
         EnginesText(table, e.spec, area) + ClockText(e.spec, area) + RatesText(e);
}

}  // namespace ternfab::cli
