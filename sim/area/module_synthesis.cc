// SPDX-License-Identifier: Apache-2.0
#include "sim/area/module_synthesis.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "common/check.h"
#include "sim/area/synthesis_log.h"
#include "sim/area/yosys.h"
#include "sim/tools.h"
#include "sim/work_folder.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kCacheFormat = "3";  ///< of the files below and of the delays in them

Json ToJson(const ModuleSynthesis& m) {
  const Resources& r = m.own;
  return {{"own", {r.lut, r.ff, r.carry, r.lutram, r.dsp, r.bram36, r.uram}},
          {"unmapped", m.unmapped},
          {"register_files", m.register_files},
          {"memories", m.memories},
          {"path", {m.path.ns, m.path.luts, m.path.carries, m.path.muxes, m.path.from, m.path.to}}};
}

/// Null where the text is none that ToJson wrote.
std::optional<ModuleSynthesis> FromJson(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  try {
    const std::vector<double> r = json.at("own");
    const Json& path = json.at("path");
    if (r.size() != 7 || path.size() != 6) return std::nullopt;
    return ModuleSynthesis{{r[0], r[1], r[2], r[3], r[4], r[5], r[6]},
                           json.at("unmapped"),
                           json.at("register_files"),
                           json.at("memories"),
                           {path[0], path[1], path[2], path[3], path[4], path[5]}};
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

fs::path ResultFile(const RtlilModule& module, const SynthesisTool& tool) {
  return fs::path(tool.cache) / (SynthesisKey(module, tool) + ".json");
}

/// Name of a batch's module; no other name begins with it.
std::string BatchUnit(size_t i) { return fmt::format("{}_{}", kUnitName, i); }

/// The modules, renamed, and a top that keeps an instance of each.
Expected<void> WriteBatch(std::span<const RtlilModule* const> modules, const WorkFolder& folder) {
  std::string top = fmt::format("module \\{}\n", kBatchName);
  for (size_t i = 0; i < modules.size(); ++i) {
    std::string text = modules[i]->text;
    const std::string header = fmt::format("\nmodule \\{}\n", kUnitName);
    const size_t at = text.rfind(header);
    TF_CHECK(at != std::string::npos, "{}", modules[i]->name);
    text.replace(at, header.size(), fmt::format("\nmodule \\{}\n", BatchUnit(i)));
    TF_RETURN_IF_ERROR(folder.Write(BatchUnit(i) + ".il", text));
    top += fmt::format("  attribute \\keep 1\n  cell \\{0} \\u_{0}\n  end\n", BatchUnit(i));
  }
  return folder.Write("batch.il", top + "end\n");
}

/// Memories of module `unit` among `names` ("unit_3.mem_q").
std::vector<std::string> Of(const std::string& unit, const std::vector<std::string>& names) {
  std::vector<std::string> own;
  for (const std::string& name : names) {
    if (name.starts_with(unit + ".") || name.starts_with("\\" + unit + ".")) {
      own.push_back(name.substr(name.find('.') + 1));
    }
  }
  return own;
}

Expected<std::vector<ModuleSynthesis>> RunBatch(std::span<const RtlilModule* const> modules,
                                                const SynthesisTool& tool,
                                                const WorkFolder& folder) {
  TF_RETURN_IF_ERROR(WriteBatch(modules, folder));
  std::string script;
  for (size_t i = 0; i < modules.size(); ++i) {
    script += fmt::format("read_rtlil -nooverwrite {}.il\n", BatchUnit(i));
  }
  script += "read_rtlil batch.il\n" + tool.command + "\nstat\nwrite_json netlist.json\n";
  TF_ASSIGN_OR_RETURN(const std::string text, RunYosys(folder.path(), script));
  TF_ASSIGN_OR_RETURN(const std::string netlist, folder.Read("netlist.json"));
  const SynthesisLog log = ReadSynthesisLog(text);
  const Json json = Json::parse(netlist, nullptr, /*allow_exceptions=*/false);
  std::vector<ModuleSynthesis> results(modules.size());
  for (size_t i = 0; i < modules.size(); ++i) {
    const std::string unit = BatchUnit(i);
    const auto cells = log.modules.find(unit);
    if (cells == log.modules.end() || json.is_discarded()) {
      return Fail("yosys failed: no statistics of {}", unit);
    }
    ModuleSynthesis& result = results[i];
    result.own = OwnResources(
        cells->second, [&](const std::string& cell) { return modules[i]->HasInstance(cell); },
        result.unmapped);
    result.register_files = Of(unit, log.register_files);
    result.memories = int(Of(unit, log.memories).size());
    result.path = SlowestPath(json.at("modules").at(unit), DelaysOf(tool.family));
  }
  return results;
}

/// Puts the result into the cache.
Expected<void> Keep(const RtlilModule& module, const SynthesisTool& tool,
                    const ModuleSynthesis& result, const WorkFolder& folder) {
  TF_RETURN_IF_ERROR(folder.Write("result.json", ToJson(result).dump(1) + "\n"));
  return folder.Keep("result.json", ResultFile(module, tool));
}

}  // namespace

std::string SynthesisKey(const RtlilModule& module, const SynthesisTool& tool) {
  uint64_t hash = kFnvBasis;
  for (const std::string_view text :
       {std::string_view(kCacheFormat), std::string_view(tool.version),
        std::string_view(tool.command), std::string_view(module.text)}) {
    hash = HashText(HashText(hash, text), std::string_view("\0", 1));
  }
  return fmt::format("{}-{:016x}", module.module, hash);
}

std::optional<ModuleSynthesis> FindSynthesis(const RtlilModule& module, const SynthesisTool& tool) {
  const Expected<std::string> text = ReadText(ResultFile(module, tool));
  return text ? FromJson(*text) : std::nullopt;
}

Expected<std::vector<ModuleSynthesis>> Synthesise(std::span<const RtlilModule* const> modules,
                                                  const SynthesisTool& tool) {
  TF_ASSIGN_OR_RETURN(const WorkFolder folder,
                      WorkFolder::Create(fs::path(tool.cache) / kBatchName));
  Expected<std::vector<ModuleSynthesis>> results = RunBatch(modules, tool, folder);
  if (!results && modules.size() == 1) {
    return Fail("{} ({}): {}", modules[0]->module, modules[0]->parameters, results.error().message);
  }
  if (!results) {  // one by one, to find the module
    results = std::vector<ModuleSynthesis>();
    for (const RtlilModule* module : modules) {
      TF_ASSIGN_OR_RETURN(const std::vector<ModuleSynthesis> one, Synthesise({&module, 1}, tool));
      results->push_back(one[0]);
    }
    return results;
  }
  for (size_t i = 0; i < modules.size(); ++i) {
    TF_RETURN_IF_ERROR(Keep(*modules[i], tool, (*results)[i], folder));
  }
  return results;
}

}  // namespace ternfab
