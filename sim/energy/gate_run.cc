// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/gate_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/tools.h"
#include "sim/work_folder.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr int kPeriodNs = 60;  ///< longer than any path: everything settles
constexpr int kTicksPerNs = 100;
constexpr int kVersion = 1;  ///< of what is kept in the cache

std::string SynthesisScript(const GateUnit& unit, const fs::path& cells) {
  const std::string library = (cells / "osu018_stdcells.lib").string();
  return fmt::format(
      "read_verilog -sv -DSYNTHESIS unit.sv\n"
      "synth -flatten -top {0}\n"
      "dfflibmap -liberty {1}\n"
      "abc -liberty {1}\n"
      "opt_clean -purge\n"
      "rename -enumerate -pattern n%_\n"
      "write_verilog -noattr -noexpr netlist.v\n"
      "write_json netlist.json\n"
      // OpenSTA does not read constants on parts of a net.
      "splitnets\n"
      "opt_clean -purge\n"
      "write_verilog -noattr -noexpr sta.v\n",
      unit.top, library);
}

/// Operands come behind the clock's rising edge; a sum is read at the end of its cycle.
std::string TestBench(const GateUnit& unit, int cycles) {
  int bits = 0;
  for (const GateUnit::Input& input : unit.inputs) bits += input.word_bits;
  std::string ports;
  int at = bits;
  for (const GateUnit::Input& input : unit.inputs) {
    at -= input.word_bits;
    ports += fmt::format(", .{}(word[{} +: {}])", input.name, at, input.bits);
  }
  return fmt::format(
      "`timescale 1ns/10ps\n"
      "module bench;\n"
      "  reg clk = 0;\n"
      "  reg [{0}:0] stimulus [0:{1}];\n"
      "  reg [{0}:0] word;\n"
      "  wire [{2}:0] sum;\n"
      "  integer i, file;\n"
      "  {3} dut (.clk_i(clk), .sum_o(sum){4});\n"
      "  initial begin\n"
      "    $readmemh(\"stimulus.hex\", stimulus);\n"
      "    file = $fopen(\"sums.txt\");\n"
      "    $dumpfile(\"run.vcd\");\n"
      "    $dumpvars(1, dut);\n"
      "    word = stimulus[0];\n"
      "    for (i = 0; i < {5}; i = i + 1) begin\n"
      "      clk = 1;\n"
      "      #1 word = stimulus[i < {1} ? i : {1}];\n"
      "      #{6} clk = 0;\n"
      "      #{7} $fdisplay(file, \"%h\", sum);\n"
      "    end\n"
      "    $finish;\n"
      "  end\n"
      "endmodule\n",
      bits - 1, cycles - 1, unit.sum_bits - 1, unit.top, ports, cycles + unit.latency,
      kPeriodNs / 2 - 1, kPeriodNs / 2);
}

std::string StaScript(const GateUnit& unit, const fs::path& cells) {
  return fmt::format(
      "read_liberty {}\nread_verilog sta.v\nlink_design {}\n"
      "create_clock -name clk -period {} {{{}}}\nreport_power -digits 6\nexit\n",
      (cells / "osu018_stdcells.lib").string(), unit.top, kPeriodNs, kGateClock);
}

/// The sum of the operands of cycle i appears `latency` cycles later.
Expected<void> CheckSums(const GateUnit& unit, const GateStimulus& stimulus,
                         const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  for (size_t i = 0; i < stimulus.sums.size(); ++i) {
    const size_t at = i + size_t(unit.latency);
    const std::string found = at < words.size() ? words[at] : "nothing";
    if (found != fmt::format("{:0{}x}", stimulus.sums[i], (unit.sum_bits + 3) / 4)) {
      return Fail("gates of {}: operands {}: sum {}, must be {:x}", unit.top, i, found,
                  stimulus.sums[i]);
    }
  }
  return {};
}

/// "Total  1e-5 ... 3e-05 100.0%": the last number before the percentage, in watts.
double TotalWatts(const std::string& report) {
  std::istringstream in(report);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("Total")) continue;
    std::istringstream words(line.substr(5));
    std::vector<double> numbers;
    for (double number = 0; words >> number;) numbers.push_back(number);
    if (numbers.size() >= 4) return numbers[3];
  }
  return 0;
}

class Run {
 public:
  Run(const GateUnit& unit, const GateStimulus& stimulus, const fs::path& cells,
      const WorkFolder& folder, const Liberty& liberty)
      : unit_(unit), stimulus_(stimulus), cells_(cells), folder_(folder), liberty_(liberty) {}

  Expected<GateResult> All() {
    TF_RETURN_IF_ERROR(Synthesise());
    std::string words;
    for (const std::string& word : stimulus_.words) words += word + "\n";
    TF_RETURN_IF_ERROR(folder_.Write("stimulus.hex", words));
    TF_RETURN_IF_ERROR(folder_.Write("bench.v", TestBench(unit_, int(stimulus_.words.size()))));
    result_.lanes = unit_.lanes;
    result_.cycles = int(stimulus_.words.size()) - 2;
    TF_ASSIGN_OR_RETURN(result_.zero_delay, Simulate("-gno-specify"));
    TF_ASSIGN_OR_RETURN(result_.delays, Simulate("-gspecify"));
    TF_RETURN_IF_ERROR(folder_.Write("power.tcl", StaScript(unit_, cells_)));
    TF_ASSIGN_OR_RETURN(const std::string report, RunTool(folder_.path(), "sta -exit power.tcl"));
    result_.vectorless_joules = TotalWatts(report) * kPeriodNs * 1e-9;
    if (result_.vectorless_joules <= 0) return Fail("sta: no total power in its report");
    return result_;
  }

 private:
  Expected<void> Synthesise() {
    TF_RETURN_IF_ERROR(folder_.Write("unit.sv", unit_.rtl));
    TF_RETURN_IF_ERROR(folder_.Write("synth.ys", SynthesisScript(unit_, cells_)));
    TF_RETURN_IF_ERROR(RunTool(folder_.path(), "yosys -q synth.ys"));
    TF_ASSIGN_OR_RETURN(const std::string json, folder_.Read("netlist.json"));
    TF_ASSIGN_OR_RETURN(netlist_, ParseYosysJson(json, unit_.top));
    result_.cells = int(netlist_.cells.size());
    for (const GateCell& cell : netlist_.cells) {
      const auto known = liberty_.cells.find(cell.type);
      if (known == liberty_.cells.end()) return Fail("cell {}: not in the library", cell.type);
      result_.area += known->second.area;
      result_.flip_flops += known->second.sequential ? 1 : 0;
    }
    return {};
  }

  Expected<GateJoules> Simulate(const char* delays) {
    TF_RETURN_IF_ERROR(
        RunTool(folder_.path(), fmt::format("iverilog -g2012 {} -o run.vvp bench.v netlist.v "
                                            "{}/osu018_stdcells.v && vvp -n run.vvp",
                                            delays, cells_.string())));
    TF_ASSIGN_OR_RETURN(const std::string sums, folder_.Read("sums.txt"));
    TF_RETURN_IF_ERROR(CheckSums(unit_, stimulus_, sums));
    std::ifstream vcd(folder_.path() / "run.vcd");
    // Every register has its first operands then, and as many cycles are left as there are words
    // but two.
    const uint64_t begin = uint64_t(unit_.latency + 2) * kPeriodNs * kTicksPerNs;
    TF_ASSIGN_OR_RETURN(const ToggleMap toggles, CountToggles(vcd, "dut", begin));
    return SwitchingEnergy(netlist_, liberty_, toggles);
  }

  const GateUnit& unit_;
  const GateStimulus& stimulus_;
  fs::path cells_;
  const WorkFolder& folder_;
  const Liberty& liberty_;
  GateNetlist netlist_;
  GateResult result_;
};

Json ToJson(const GateJoules& j) { return {j.logic, j.flip_flops, j.clock, j.inputs}; }
GateJoules JoulesOf(const Json& j) { return {j.at(0), j.at(1), j.at(2), j.at(3)}; }

Json ToJson(const GateResult& r) {
  return {{"lanes", r.lanes},           {"cells", r.cells},
          {"flip_flops", r.flip_flops}, {"area", r.area},
          {"cycles", r.cycles},         {"zero_delay", ToJson(r.zero_delay)},
          {"delays", ToJson(r.delays)}, {"vectorless", r.vectorless_joules}};
}

std::optional<GateResult> FromJson(const std::string& text) {
  try {
    const Json j = Json::parse(text);
    return GateResult{j.at("lanes"),
                      j.at("cells"),
                      j.at("flip_flops"),
                      j.at("area"),
                      j.at("cycles"),
                      JoulesOf(j.at("zero_delay")),
                      JoulesOf(j.at("delays")),
                      j.at("vectorless")};
  } catch (const Json::exception&) {
    return std::nullopt;  // damaged: made anew
  }
}

/// What the programs of this mode say of their versions. Error: one is not there.
Expected<std::string> ToolVersions() {
  struct Tool {
    const char *name, *version, *package;
  };
  std::string versions;
  for (const Tool& tool :
       {Tool{"yosys", "yosys -V", "yosys"}, Tool{"iverilog", "iverilog -V", "iverilog"},
        Tool{"sta", "sta -version", "opensta"}}) {
    TF_RETURN_IF_ERROR(CheckTool(tool.name, fmt::format("package {}", tool.package)));
    versions += FirstLine(tool.version) + "\n";
  }
  return versions;
}

}  // namespace

Expected<GateResult> RunGates(const GateUnit& unit, const GateStimulus& stimulus,
                              const fs::path& cells) {
  if (stimulus.words.size() < 3) return Fail("gates of {}: at least 3 operands", unit.top);
  TF_ASSIGN_OR_RETURN(const std::string versions, ToolVersions());
  const auto library = ReadText(cells / "osu018_stdcells.lib");
  if (!library) {
    return Fail("{}: no standard cells there: install qflow-tech-osu018",
                (cells / "osu018_stdcells.lib").string());
  }
  uint64_t of_unit = HashText(kFnvBasis, fmt::format("{}\n{}", kVersion, versions));
  for (const std::string& text : {*library, unit.rtl, SynthesisScript(unit, cells)}) {
    of_unit = HashText(of_unit, text);
  }
  uint64_t of_run = HashText(kFnvBasis, TestBench(unit, int(stimulus.words.size())));
  for (const std::string& word : stimulus.words) of_run = HashText(of_run, word);
  of_run = HashText(of_run, StaScript(unit, cells));
  const fs::path kept =
      fs::path(CacheFolder()) / fmt::format("gate-{:016x}{:016x}.json", of_unit, of_run);
  if (const auto text = ReadText(kept)) {
    if (const auto result = FromJson(*text)) return *result;
  }
  TF_ASSIGN_OR_RETURN(const Liberty liberty, ParseLiberty(*library));
  TF_ASSIGN_OR_RETURN(const WorkFolder work, WorkFolder::Create(kept));
  TF_ASSIGN_OR_RETURN(const GateResult result, Run(unit, stimulus, cells, work, liberty).All());
  TF_RETURN_IF_ERROR(work.Write("result.json", ToJson(result).dump()));
  TF_RETURN_IF_ERROR(work.Keep("result.json", kept));
  return result;
}

}  // namespace ternfab
