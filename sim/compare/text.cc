// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sim/compare/format.h"

namespace ternfab::compare {
namespace {

constexpr size_t kCellGap = 2;

/// Rows of cells; a column is as wide as its widest cell.
class Table {
 public:
  void Row(std::string label, std::vector<std::string> cells) {
    widths_.resize(std::max(widths_.size(), cells.size()));
    for (size_t i = 0; i < cells.size(); ++i) {
      widths_[i] = std::max(widths_[i], fmt::formatted_size("{:1}", cells[i]));
    }
    label_width_ = std::max(label_width_, label.size() + kCellGap);
    rows_.emplace_back(std::move(label), std::move(cells));
  }
  std::string Text() const {
    std::string text;
    for (const auto& [label, cells] : rows_) {
      std::string line = fmt::format("{:{}}", label, label_width_);
      for (size_t i = 0; i < cells.size(); ++i) {
        line += fmt::format("{:{}}", cells[i], widths_[i] + kCellGap);
      }
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + "\n";
    }
    return text;
  }

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> rows_;
  std::vector<size_t> widths_;
  size_t label_width_ = 0;
};

/// "47.51 ms simulated", "-" where there is no value.
std::string Cell(const Figure& figure, const char* unit = nullptr) {
  if (!figure.value) return "-";
  const Readable r = ReadableOf(*figure.value, unit ? unit : std::string_view(figure.unit));
  return fmt::format("{}{}{} {}", r.number, r.unit.empty() || r.unit == "%" ? "" : " ", r.unit,
                     EvidenceName(figure.evidence));
}

std::string Cell(const Named<Figure>& figures, std::string_view name) {
  const Figure* figure = FindFigure(figures, name);
  return figure ? Cell(*figure) : "-";
}

/// One row for the CPU and every design.
template <class Cpu, class Hardware>
void SideRow(Table& table, const Comparison& c, const char* label, const Cpu& cpu,
             const Hardware& hardware) {
  std::vector<std::string> cells{cpu(c.cpu)};
  for (const HardwareSide& side : c.hardware) cells.push_back(hardware(side));
  table.Row(label, std::move(cells));
}

std::string None(const CpuSide&) { return "-"; }

std::string IdText(const HardwareSide& side) {
  if (!side.check.device) return "-";
  return side.check.device->equal ? fmt::format("{} equal", side.check.device->compared)
                                  : "DIFFERENT";
}

std::string Headline(const Comparison& c) {
  Table table;
  SideRow(
      table, c, "", [](const CpuSide&) { return std::string("CPU"); },
      [](const HardwareSide& s) { return s.name; });
  const auto both = [&](const char* label, auto get, const char* unit = nullptr) {
    const auto cell = [&](const auto& side) { return Cell(get(side), unit); };
    SideRow(table, c, label, cell, cell);
  };
  both("latency a token", [](const auto& s) { return s.speed.latency_per_token; });
  both("time to first token", [](const auto& s) { return s.speed.time_to_first_token; });
  both("decode", [](const auto& s) { return s.speed.decode_rate; });
  both("prefill", [](const auto& s) { return s.speed.prefill_rate; });
  both("energy a token", [](const auto& s) { return s.energy.total; });
  const auto mode = [](const auto& s) { return s.energy.mode.empty() ? "-" : s.energy.mode; };
  SideRow(table, c, "energy mode", mode, mode);
  both("tokens a joule", [](const auto& s) { return s.tokens_per_joule; });
  SideRow(table, c, "decode, CPU's = 1", None,
          [](const HardwareSide& s) { return Cell(s.rate_over_cpu); });
  SideRow(table, c, "energy, CPU's = 1", None,
          [](const HardwareSide& s) { return Cell(s.energy_over_cpu); });
  both(
      "of the bandwidth", [](const auto& s) { return s.roofline.bandwidth_share; }, "%");
  both(
      "of the compute", [](const auto& s) { return s.roofline.compute_share; }, "%");
  SideRow(table, c, "clock", None, [](const HardwareSide& s) { return Cell(s.clock.given); });
  SideRow(table, c, "clock, estimated", None,
          [](const HardwareSide& s) { return Cell(s.clock.estimated); });
  SideRow(table, c, "decode at that clock", None,
          [](const HardwareSide& s) { return Cell(s.rate_at_estimated_clock); });
  for (const char* name : {"lut", "dsp", "bram36", "uram"}) {
    SideRow(table, c, name, None,
            [&](const HardwareSide& s) { return Cell(s.area.resources, name); });
  }
  SideRow(table, c, "fits", None, [](const HardwareSide& s) {
    return !s.area.fits ? "-" : *s.area.fits ? "yes" : "NO";
  });
  SideRow(table, c, "ids beside the CPU's", None, IdText);
  return table.Text();
}

std::string Energies(const Comparison& c) {
  std::string text;
  const auto add = [&](const std::string& name, const Energy& energy) {
    if (energy.parts.empty()) return;
    text += fmt::format("  {} ({}):", name, energy.mode);
    for (const auto& [part, figure] : energy.parts) {
      const Readable r = ReadableOf(figure.value.value_or(0), figure.unit);
      text += fmt::format(" {} {} {}", part, r.number, r.unit);
    }
    text += "\n";
  };
  add("CPU", c.cpu.energy);
  for (const HardwareSide& side : c.hardware) add(side.name, side.energy);
  return text.empty() ? "" : "energy of a token by part:\n" + text;
}

std::string Causes(const Comparison& c) {
  std::string text;
  for (const HardwareSide& side : c.hardware) {
    const Figure* all = FindFigure(side.causes, "all");
    if (all == nullptr || !all->value) continue;
    text += fmt::format("  {}:", side.name);
    for (const auto& [cause, figure] : side.causes) {
      if (cause == "all") continue;
      text += fmt::format(" {} {:.1f}%", cause, 100 * *figure.value / *all->value);
    }
    text += "\n";
  }
  return text.empty() ? "" : "where the cycles of a token go (simulated):\n" + text;
}

std::string Difference(const IdCheck& check) {
  const IdDifference& d = *check.first_difference;
  return fmt::format("first difference from {}: token {}, id {} ({:?}) there, {} ({:?}) here",
                     check.against, d.index, d.expected, d.expected_text, d.got, d.got_text);
}

std::string CheckText(const Comparison& c) {
  std::string text;
  for (const HardwareSide& side : c.hardware) {
    const auto& check = side.check;
    if (check.instructions > 0) {
      text += fmt::format("{}: {} instructions compared bit by bit, {} mismatches\n", side.name,
                          check.instructions, check.mismatches);
    }
    if (!check.first_mismatch.empty()) text += fmt::format("  {}\n", check.first_mismatch);
    for (const auto* ids : {&check.device, &check.reference}) {
      if (!*ids) continue;
      text += (*ids)->equal ? fmt::format("{}: {} ids equal those of {}\n", side.name,
                                          (*ids)->compared, (*ids)->against)
                            : fmt::format("{}: {}\n", side.name, Difference(**ids));
    }
  }
  return text;
}

std::string Baselines(const Comparison& c) {
  if (c.baselines.empty()) return "";
  Table table;
  table.Row("others", {"model", "decode", "energy a token", "tokens a joule"});
  for (const BaselineRow& row : c.baselines) {
    table.Row(row.name,
              {row.model, Cell(row.figures, "decode_rate"), Cell(row.figures, "energy_per_token"),
               Cell(row.figures, "tokens_per_joule")});
  }
  return "\n" + table.Text();
}

}  // namespace

std::string ComparisonText(const Comparison& c) {
  const Figure* weights = FindFigure(c.facts.figures, "ternary_weights");
  const Figure* zeros = FindFigure(c.facts.figures, "zero_fraction");
  std::string text = fmt::format("model   {}, {:.4g} M ternary weights", c.facts.name,
                                 weights && weights->value ? *weights->value / 1e6 : 0.0);
  if (c.facts.synthetic) {
    text += fmt::format(", random: {:.1f}% zeros are an assumption",
                        100 * (zeros && zeros->value ? *zeros->value : 0.0));
  }
  text += "\n";
  text += fmt::format("CPU     {}: {}, {} thread(s)\n", c.cpu.name, c.cpu.implementation,
                      c.cpu.threads.value.value_or(1));
  for (const HardwareSide& side : c.hardware) {
    text += fmt::format("{:7} {} ({})\n", side.name, side.design, side.fidelity);
  }
  text += "\n" + Headline(c) + "\n" + Energies(c) + Causes(c) + CheckText(c) + Baselines(c);
  if (!c.report.empty()) text += fmt::format("\npage: {}\n", c.report);
  return text;
}

}  // namespace ternfab::compare
