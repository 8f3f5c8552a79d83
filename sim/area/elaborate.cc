// SPDX-License-Identifier: Apache-2.0
#include "sim/area/elaborate.h"

#include <algorithm>
#include <filesystem>

#include "codegen/generate.h"
#include "codegen/signature.h"
#include "sim/area/yosys.h"
#include "sim/tools.h"
#include "sim/work_folder.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;

/// What `write_rtlil` writes of the elaborated design.
Expected<std::string> RunElaboration(const std::vector<GeneratedFile>& files,
                                     const DesignSignature& signature, const fs::path& result) {
  TF_ASSIGN_OR_RETURN(const WorkFolder folder, WorkFolder::Create(result));
  std::string script;
  for (const GeneratedFile& file : files) {
    TF_RETURN_IF_ERROR(folder.Write(file.path, file.text));
    if (file.path.ends_with(".sv")) script += "read_verilog -sv " + file.path + "\n";
  }
  if (signature.kind == EngineKind::kAdderTreeLut6) {
    script += "read_verilog -lib +/xilinx/cells_sim.v\n";  // LUT6_2, CARRY4
  }
  script += "hierarchy -check -top " + signature.top + "\nwrite_rtlil design.il\n";
  TF_RETURN_IF_ERROR(RunYosys(folder.path(), script));
  TF_ASSIGN_OR_RETURN(std::string text, folder.Read("design.il"));
  TF_RETURN_IF_ERROR(folder.Keep("design.il", result));
  return text;
}

}  // namespace

Expected<std::vector<RtlilModule>> Elaborate(const HardwareSpec& spec, const SynthesisTool& tool) {
  const DesignSignature signature = MakeSignature(spec);
  const std::vector<GeneratedFile> files = GenerateRtl(spec);
  uint64_t hash = HashText(kFnvBasis, tool.version);
  for (const GeneratedFile& file : files) hash = HashText(HashText(hash, file.path), file.text);
  const fs::path cached =
      fs::path(tool.cache) / fmt::format("design-{}-{:016x}.il", signature.identifier, hash);
  Expected<std::string> text = ReadText(cached);
  if (!text) text = RunElaboration(files, signature, cached);
  if (!text) return tl::unexpected(text.error());
  std::vector<RtlilModule> modules = SplitRtlil(*text);
  const auto top = std::find_if(modules.begin(), modules.end(),
                                [&](const RtlilModule& m) { return m.module == signature.top; });
  if (top == modules.end()) return Fail("{}: has no module {}", cached.string(), signature.top);
  std::rotate(top, top + 1, modules.end());
  return modules;
}

}  // namespace ternfab
