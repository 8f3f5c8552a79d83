// SPDX-License-Identifier: Apache-2.0
#include "sim/area/area.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>

#include "codegen/scripts.h"
#include "common/check.h"
#include "sim/area/elaborate.h"
#include "sim/area/module_synthesis.h"
#include "sim/area/synthesis_jobs.h"
#include "sim/area/yosys.h"
#include "sim/tools.h"

namespace ternfab {
namespace {

/// Rows of the report from the modules of a design and what Yosys made of them.
class Totals {
 public:
  Totals(const std::vector<RtlilModule>& modules, const std::vector<ModuleSynthesis>& results) {
    for (size_t i = 0; i < modules.size(); ++i) {
      const RtlilModule& m = modules[i];
      index_[m.name] = i;
      rows.push_back({m.module,
                      m.parameters,
                      0,
                      results[i].own,
                      {},
                      results[i].register_files,
                      results[i].memories,
                      results[i].path});
    }
    modules_ = &modules;
    done_.resize(modules.size());
  }

  /// Counts `top` and all below it.
  void Count(const std::string& top) { Instantiate(index_.at(top), 1); }

  std::vector<ModuleArea> rows;

 private:
  void Instantiate(size_t i, int times) {
    rows[i].instances += times;
    Whole(i);
    for (const auto& [name, count] : (*modules_)[i].instances) {
      Instantiate(index_.at(name), times * count);
    }
  }

  const Resources& Whole(size_t i) {
    if (done_[i]) return rows[i].whole;
    done_[i] = true;
    rows[i].whole = rows[i].own;
    for (const auto& [name, count] : (*modules_)[i].instances) {
      rows[i].whole.Add(Whole(index_.at(name)), count);
    }
    return rows[i].whole;
  }

  const std::vector<RtlilModule>* modules_;
  std::map<std::string, size_t> index_;
  std::vector<bool> done_;
};

Expected<void> CheckMapped(const std::vector<RtlilModule>& modules,
                           const std::vector<ModuleSynthesis>& results, const Device& device) {
  for (size_t i = 0; i < modules.size(); ++i) {
    if (results[i].unmapped.empty()) continue;
    return Fail("yosys: {} ({}): cell {} is none of family {}", modules[i].module,
                modules[i].parameters, results[i].unmapped.front(), device.family);
  }
  return {};
}

void Summarise(const HardwareSpec& spec, AreaReport& report) {
  for (const ModuleArea& m : report.per_module) report.total.Add(m.own, m.instances);
  std::stable_sort(report.per_module.begin(), report.per_module.end(),
                   [](const ModuleArea& a, const ModuleArea& b) {
                     return a.own.lut * a.instances > b.own.lut * b.instances;
                   });
  for (const ModuleArea& m : report.per_module) {
    if (m.path.ns > report.clock.path.ns) report.clock = {m.module, m.parameters, m.path};
  }
  report.shares = SharesOf(report.total, report.device);
  const auto binding = std::max_element(
      report.shares.begin(), report.shares.end(),
      [](const DeviceShare& a, const DeviceShare& b) { return a.share() < b.share(); });
  report.binding_resource = binding->resource;
  report.fits = binding->share() <= 1;
  report.engines = report.Of("tf_engine_");
  report.tables = report.Of("tf_triple_tables");
  // A design has sums of one kind.
  for (const char* kind : {"tf_tree_", "tf_lut6_tree_", "tf_table_tree_", "tf_int8_mac"}) {
    report.sums.Add(report.Of(kind));
  }
  report.lanes = spec.engine.count * spec.engine.lanes;
  report.macs = report.lanes * spec.engine.batch;
}

}  // namespace

std::vector<DeviceShare> SharesOf(const Resources& used, const Device& device) {
  return {{"lut", used.lut, double(device.lut)},
          {"ff", used.ff, double(device.ff)},
          {"dsp", used.dsp, double(device.dsp)},
          {"bram36", used.bram36, device.bram36},
          {"uram", used.uram, double(device.uram)}};
}

double DeviceShare::share() const {
  if (used == 0) return 0;
  return available > 0 ? used / available : std::numeric_limits<double>::infinity();
}

Resources AreaReport::Of(std::string_view prefix) const {
  Resources sum;
  for (const ModuleArea& m : per_module) {
    if (m.module.starts_with(prefix)) sum.Add(m.whole, m.instances);
  }
  return sum;
}

Expected<AreaReport> EstimateArea(const HardwareSpec& spec, const AreaOptions& options) {
  AreaReport report;
  const Device* device = FindDevice(spec.device);
  TF_CHECK(device != nullptr, "no device {}", spec.device);
  report.device = *device;
  TF_ASSIGN_OR_RETURN(report.tool, YosysVersion());
  const SynthesisTool tool{YosysCommands(*device, kBatchName), report.tool,
                           options.cache.empty() ? CacheFolder() + "/synthesis" : options.cache,
                           std::string(device->family)};
  TF_ASSIGN_OR_RETURN(const std::vector<RtlilModule> modules, Elaborate(spec, tool));
  TF_ASSIGN_OR_RETURN(const std::vector<ModuleSynthesis> results,
                      SynthesiseAll(modules, tool, options.jobs, options.on_progress));
  TF_RETURN_IF_ERROR(CheckMapped(modules, results, *device));
  Totals totals(modules, results);
  totals.Count(modules.back().name);
  report.per_module = std::move(totals.rows);
  Summarise(spec, report);
  return report;
}

}  // namespace ternfab
