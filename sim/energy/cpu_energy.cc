// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/cpu_energy.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "sim/energy/operation_energy.h"

namespace ternfab {
namespace {

struct Row {
  std::string_view name;  ///< that the processor's name contains
  double watts;
  int cores;
  std::string_view source;
};

// The power that a package may draw while all of its cores are busy, as its vendor gives it.
constexpr Row kProcessors[] = {
    {"Ryzen 9 5950X", 142, 16, "package power tracking limit of AM4 for 105 W parts, AMD"},
    {"Ryzen 7 5800X", 142, 8, "package power tracking limit of AM4 for 105 W parts, AMD"},
    {"Ryzen 9 7950X", 230, 16, "package power tracking limit of AM5 for 170 W parts, AMD"},
    {"Core(TM) i9-13900K", 253, 24, "maximum turbo power, Intel"},
    {"Core(TM) i7-12700", 180, 12, "maximum turbo power, Intel"},
    {"Xeon(R) Platinum 8480", 350, 56, "TDP, Intel"},
    {"Xeon(R) Platinum 8380", 270, 40, "TDP, Intel"},
    {"Xeon(R) Platinum 8280", 205, 28, "TDP, Intel"},
    {"EPYC 9654", 360, 96, "TDP, AMD"},
    {"EPYC 7763", 280, 64, "TDP, AMD"},
};

}  // namespace

CpuPower CpuPowerOf(std::string_view cpu_name) {
  for (const Row& row : kProcessors) {
    if (cpu_name.find(row.name) != std::string_view::npos) {
      return {std::string(cpu_name), row.watts, row.cores, std::string(row.source)};
    }
  }
  return {std::string(cpu_name), 270, 40,
          "stated: 6.75 W a core, TDP of a 40-core Xeon Platinum 8380; this processor is not in "
          "the table"};
}

std::string CpuName(const std::string& cpuinfo) {
  std::ifstream in(cpuinfo);
  for (std::string line; std::getline(in, line);) {
    const size_t colon = line.find(':');
    if (!line.starts_with("model name") || colon == std::string::npos) continue;
    return line.substr(std::min(line.size(), colon + 2));
  }
  return "";
}

CpuWork CpuTokenWork(const ModelConfig& model, double weight_bits, double head_bits, int position) {
  const double weights = double(TernaryWeights(model));
  const double head = double(model.vocab) * model.hidden;
  const double kv = 2.0 * (position + 1) * model.layers * model.kv_heads * model.head_dim;
  const double attention = 2.0 * (position + 1) * model.layers * model.heads * model.head_dim;
  CpuWork work;
  work.bytes = weights * weight_bits / 8 + head * head_bits / 8 + kv * 4;
  work.multiply_accumulates = weights + head + attention;
  return work;
}

EnergyReport MeasuredCpuEnergy(double joules, double seconds, const std::string& domains) {
  EnergyReport report;
  report.mode = EnergyMode::kCpu;
  report.node = "this machine";
  report.seconds = seconds;
  report.evidence = "measured";
  report.parts = {{"RAPL", joules, "measured",
                   fmt::format("powercap counters of {}; everything that ran on them", domains)}};
  return report;
}

EnergyReport ModelledCpuEnergy(const CpuPower& power, const CpuWork& work) {
  const OperationEnergy seven = *FindOperationEnergy(7);
  const double share = std::min(1.0, double(work.threads) / power.cores);
  const double package = power.package_watts * share * work.seconds;
  const double each = (seven.int8_multiply + seven.int32_add) * 1e-12;
  const double arithmetic = std::min(package, work.multiply_accumulates * each);
  EnergyReport report;
  report.mode = EnergyMode::kCpu;
  report.node = power.name.empty() ? "unknown processor" : power.name;
  report.seconds = work.seconds;
  report.parts = {
      {"arithmetic", arithmetic, "modelled",
       fmt::format("{:.3g} int8 multiply-accumulates at {:.2f} pJ (7 nm), within the package",
                   work.multiply_accumulates, each * 1e12)},
      {"rest of package", package - arithmetic, "modelled",
       fmt::format("{:.0f} W, {} of {} cores; {}", power.package_watts, work.threads, power.cores,
                   power.source)},
      {"memory", work.bytes * 8 * seven.dram_64bit / 64 * 1e-12, "modelled",
       fmt::format("{:.0f} B; 1300 pJ per 64 bit (Jouppi et al. 2021)", work.bytes)}};
  report.notes = {"Package power is stated, not measured: RAPL could not be read."};
  return report;
}

}  // namespace ternfab
