// SPDX-License-Identifier: Apache-2.0
#include "sim/area/place_route.h"

#include <cstdio>
#include <filesystem>

#include "codegen/engine_top.h"
#include "sim/area/synthesis_log.h"
#include "sim/area/yosys.h"
#include "sim/tools.h"
#include "sim/work_folder.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNextpnr =
    "nextpnr-ice40 --hx8k --package ct256 --seed 1 --json engine.json --asc engine.asc --freq {}";
constexpr const char* kIcetime = "icetime -d hx8k -t -m engine.asc";

Expected<void> CheckTools() {
  TF_RETURN_IF_ERROR(CheckTool("nextpnr-ice40", "package nextpnr-ice40"));
  for (const char* tool : {"icepack", "icetime"}) {
    TF_RETURN_IF_ERROR(CheckTool(tool, "packages fpga-icestorm, fpga-icestorm-chipdb"));
  }
  return {};
}

/// "nextpnr-ice40 0.4-1+b1" of what `--version` prints.
std::string RouterVersion() {
  std::string line = FirstLine("{ nextpnr-ice40 --version 2>&1; }");
  const std::string label = "(Version ";
  const size_t at = line.find(label);
  if (at == std::string::npos) return line;
  const size_t begin = at + label.size();
  return "nextpnr-ice40 " + line.substr(begin, line.find(')', begin) - begin);
}

Expected<void> Build(const HardwareSpec& spec, const std::vector<RtlFile>& sources,
                     const WorkFolder& folder) {
  std::string script;
  for (const RtlFile& file : sources) {
    TF_RETURN_IF_ERROR(folder.Write(file.name + ".sv", file.text));
    script += "read_verilog -sv " + file.name + ".sv\n";
  }
  script += "synth_ice40 -device hx -json engine.json -top " + sources.back().name + "\n";
  TF_RETURN_IF_ERROR(RunYosys(folder.path(), script));
  TF_ASSIGN_OR_RETURN(const std::string nextpnr,
                      RunTool(folder.path(), fmt::format(fmt::runtime(kNextpnr), spec.clock_mhz)));
  TF_RETURN_IF_ERROR(folder.Write("nextpnr.log", nextpnr));
  TF_RETURN_IF_ERROR(RunTool(folder.path(), "icepack engine.asc engine.bin"));
  TF_ASSIGN_OR_RETURN(const std::string icetime, RunTool(folder.path(), kIcetime));
  return folder.Write("icetime.log", icetime);
}

/// The figures of a finished folder.
Expected<RoutedEngine> ReadResult(const fs::path& folder, const std::string& top) {
  RoutedEngine routed;
  TF_ASSIGN_OR_RETURN(const std::string yosys, ReadText(folder / "run.log"));
  std::vector<std::string> unmapped;
  routed.mapped = TotalResources(ReadSynthesisLog(yosys), top, unmapped);
  if (!unmapped.empty()) return Fail("yosys: {}: {} is no cell of iCE40", top, unmapped.front());
  TF_ASSIGN_OR_RETURN(const std::string nextpnr, ReadText(folder / "nextpnr.log"));
  TF_ASSIGN_OR_RETURN(const std::string icetime, ReadText(folder / "icetime.log"));
  if (!ReadRouterLog(nextpnr, icetime, routed)) {
    return Fail("{}: no figures of nextpnr or icetime", folder.string());
  }
  routed.bitstream = (folder / "engine.bin").string();
  std::error_code error;
  routed.bitstream_bytes = int64_t(fs::file_size(routed.bitstream, error));
  if (error) return Fail("{}: cannot be read", routed.bitstream);
  routed.tool = RouterVersion();
  return routed;
}

/// Behind `label`: "  123/ 456" into used and available.
bool ReadUse(const std::string& text, const char* label, int& used, int& available) {
  const size_t at = text.find(label);
  return at != std::string::npos && std::sscanf(text.c_str() + at + std::string(label).size(),
                                                "%d/%d", &used, &available) == 2;
}

}  // namespace

bool ReadRouterLog(const std::string& nextpnr, const std::string& icetime, RoutedEngine& r) {
  // The last of nextpnr's lines is that after routing.
  const std::string clock = "Max frequency for clock ";
  const size_t line = nextpnr.rfind(clock);
  if (line == std::string::npos) return false;
  const size_t figure = nextpnr.find(": ", line + clock.size());
  if (figure == std::string::npos ||
      std::sscanf(nextpnr.c_str() + figure, ": %lf", &r.router_mhz) != 1) {
    return false;
  }
  const size_t total = icetime.find("Total path delay:");
  double ns = 0;
  return total != std::string::npos &&
         std::sscanf(icetime.c_str() + total, "Total path delay: %lf ns (%lf", &ns,
                     &r.icetime_mhz) == 2 &&
         ReadUse(nextpnr, "ICESTORM_LC:", r.logic_cells, r.logic_cells_available) &&
         ReadUse(nextpnr, "ICESTORM_RAM:", r.block_rams, r.block_rams_available) &&
         ReadUse(nextpnr, "SB_IO:", r.pins, r.pins_available);
}

Expected<RoutedEngine> PlaceAndRouteEngine(const HardwareSpec& spec, const std::string& cache) {
  TF_ASSIGN_OR_RETURN(const std::vector<RtlFile> sources, EmitEngineTop(spec));
  TF_ASSIGN_OR_RETURN(const std::string version, YosysVersion());
  TF_RETURN_IF_ERROR(CheckTools());
  uint64_t hash = HashText(
      kFnvBasis, version + RouterVersion() + kNextpnr + kIcetime + std::to_string(spec.clock_mhz));
  for (const RtlFile& file : sources) hash = HashText(hash, file.text);
  const fs::path base = cache.empty() ? CacheFolder() + "/synthesis" : cache;
  const fs::path kept = base / fmt::format("{}-{:016x}", sources.back().name, hash);
  std::error_code error;
  if (!fs::exists(kept, error)) {
    TF_ASSIGN_OR_RETURN(const WorkFolder folder, WorkFolder::Create(kept));
    TF_RETURN_IF_ERROR(Build(spec, sources, folder));
    fs::rename(folder.path(), kept, error);
    if (error && !fs::exists(kept)) return Fail("{}: cannot be written", kept.string());
  }
  return ReadResult(kept, sources.back().name);
}

}  // namespace ternfab
