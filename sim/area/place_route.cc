// SPDX-License-Identifier: Apache-2.0
#include "sim/area/place_route.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "codegen/engine_top.h"
#include "sim/area/yosys.h"
#include "sim/tools.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNextpnr =
    "nextpnr-ice40 --hx8k --package ct256 --seed 1 --json engine.json --asc engine.asc --freq {}"
    " >nextpnr.log 2>&1";
constexpr const char* kTools[] = {"nextpnr-ice40", "icepack", "icetime"};

Expected<void> CheckTools() {
  for (const char* tool : kTools) {
    if (FirstLine(std::string("command -v ") + tool).empty()) {
      return Fail("{}: not found (Debian packages nextpnr-ice40, fpga-icestorm)", tool);
    }
  }
  return {};
}

/// Runs a shell command in the folder. `log` holds what it says.
Expected<void> Run(const PartialFolder& folder, const char* tool, const std::string& command,
                   const char* log) {
  const std::string line = "cd " + Quoted(folder.path().string()) + " && " + command;
  if (std::system(line.c_str()) == 0) return {};
  const Expected<std::string> text = folder.Read(log);
  std::string why;
  std::istringstream lines(text.value_or(""));
  for (std::string one; std::getline(lines, one);) {
    if (one.find("ERROR") != std::string::npos) why = one;
  }
  return Fail("{} failed: {}", tool, why);
}

Expected<void> Build(const HardwareSpec& spec, const std::vector<RtlFile>& sources,
                     const PartialFolder& folder) {
  std::string script;
  for (const RtlFile& file : sources) {
    TF_RETURN_IF_ERROR(folder.Write(file.name + ".sv", file.text));
    script += "read_verilog -sv " + file.name + ".sv\n";
  }
  script += "synth_ice40 -device hx -json engine.json -top " + sources.back().name + "\n";
  TF_ASSIGN_OR_RETURN(const std::string log, RunYosys(folder.path(), script));
  const std::string place = fmt::format(fmt::runtime(kNextpnr), spec.clock_mhz);
  TF_RETURN_IF_ERROR(Run(folder, "nextpnr-ice40", place, "nextpnr.log"));
  TF_RETURN_IF_ERROR(
      Run(folder, "icepack", "icepack engine.asc engine.bin 2>icepack.log", "icepack.log"));
  return Run(folder, "icetime", "icetime -d hx8k -t -m engine.asc >icetime.log 2>&1",
             "icetime.log");
}

/// The figures of a finished folder.
Expected<RoutedEngine> ReadResult(const fs::path& folder) {
  RoutedEngine routed;
  TF_ASSIGN_OR_RETURN(const std::string nextpnr, ReadText(folder / "nextpnr.log"));
  TF_ASSIGN_OR_RETURN(const std::string icetime, ReadText(folder / "icetime.log"));
  if (!ReadRouterLog(nextpnr, icetime, routed)) {
    return Fail("{}: no figures of nextpnr or icetime", folder.string());
  }
  routed.bitstream = (folder / "engine.bin").string();
  std::error_code error;
  routed.bitstream_bytes = int64_t(fs::file_size(routed.bitstream, error));
  if (error) return Fail("{}: cannot be read", routed.bitstream);
  routed.tool = FirstLine("{ nextpnr-ice40 --version 2>&1; }");
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
  uint64_t hash = HashText(kFnvBasis, version + FirstLine("{ nextpnr-ice40 --version 2>&1; }") +
                                          kNextpnr + std::to_string(spec.clock_mhz));
  for (const RtlFile& file : sources) hash = HashText(hash, file.text);
  const fs::path base = cache.empty() ? CacheFolder() + "/synthesis" : cache;
  const fs::path kept = base / fmt::format("{}-{:016x}", sources.back().name, hash);
  std::error_code error;
  if (!fs::exists(kept, error)) {
    TF_ASSIGN_OR_RETURN(const PartialFolder folder, PartialFolder::Create(kept));
    TF_RETURN_IF_ERROR(Build(spec, sources, folder));
    fs::rename(folder.path(), kept, error);
    if (error && !fs::exists(kept)) return Fail("{}: cannot be written", kept.string());
  }
  return ReadResult(kept);
}

}  // namespace ternfab
