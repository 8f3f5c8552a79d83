// SPDX-License-Identifier: Apache-2.0
#include "sim/area/yosys.h"

#include <fstream>

#include "sim/tools.h"
#include "sim/work_folder.h"

namespace ternfab {

Expected<std::string> YosysVersion() {
  TF_RETURN_IF_ERROR(CheckTool("yosys", "package yosys"));
  return FirstLine("yosys -V");
}

Expected<std::string> RunYosys(const std::filesystem::path& folder, const std::string& script) {
  std::ofstream(folder / "run.ys") << script;
  TF_RETURN_IF_ERROR(RunTool(folder, "yosys -q -l run.log -s run.ys"));
  return ReadText(folder / "run.log");
}

}  // namespace ternfab
