// SPDX-License-Identifier: Apache-2.0
// The map of the registers against the sources: a register that is not in it would be missing from
// the state in which the parts of a run must meet.
#include "sim/rtl/state_map.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "codegen/generate.h"

namespace ternfab::rtl {
namespace {

using Registers = std::set<std::string>;

std::string ReadSource(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return std::regex_replace(text.str(), std::regex("//[^\\n]*"), "");
}

/// Names on the left of nonblocking assignments: at the beginning of a statement.
Registers AssignedIn(const std::string& source) {
  Registers out;
  const std::regex assignment(
      "(?:^|[;:)]|begin|end|else)\\s*(\\{[a-z0-9_, "
      "]+\\}|[a-z][a-z0-9_]*)(?:\\s*\\[[^;=<]*\\])?\\s*<="
      "(?=[^;]*;)");
  for (std::sregex_iterator it(source.begin(), source.end(), assignment), end; it != end; ++it) {
    const std::string target = (*it)[1];
    const std::regex word("[a-z][a-z0-9_]*");
    for (std::sregex_iterator name(target.begin(), target.end(), word); name != end; ++name) {
      if (name->str().ends_with("_q") || name->str().ends_with("_o") ||
          name->str().find("_q") != std::string::npos) {
        out.insert(name->str());
      }
    }
  }
  return out;
}

Registers InMap(const std::string& module) {
  Registers out;
  for (const StateRegisters& row : StateMap()) {
    if (row.module != module) continue;
    std::istringstream names(row.names);
    for (std::string name; names >> name;) out.insert(name);
  }
  return out;
}

bool IsDataModule(const std::string& module) {
  for (const char* name : DataModules()) {
    if (module == name) return true;
  }
  return false;
}

/// The top of an engine alone, whose state nobody asks for.
constexpr const char* kEngineTop = "tf_engine_stream";

TEST(StateMap, HasEveryRegisterOfTheSources) {
  int modules = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TF_SOURCE_DIR "/rtl")) {
    const std::string module = entry.path().stem().string();
    if (entry.path().extension() != ".sv" || IsDataModule(module)) continue;
    if (module == kEngineTop) continue;
    EXPECT_EQ(InMap(module), AssignedIn(ReadSource(entry.path()))) << module;
    ++modules;
  }
  EXPECT_GT(modules, 30);
}

TEST(StateMap, TheEngineTopIsInNoDesign) {
  for (const std::string& preset : SpecPresetNames()) {
    for (const GeneratedFile& file : GenerateRtl(*FindSpec(preset))) {
      EXPECT_EQ(file.text.find(kEngineTop), std::string::npos) << preset << " " << file.path;
    }
  }
}

TEST(StateMap, CompanionsAreRegistersOfTheModule) {
  for (const StateRegisters& row : StateMap()) {
    if (*row.companion == '\0') continue;
    EXPECT_TRUE(InMap(row.module).contains(row.companion)) << row.module << " " << row.companion;
  }
}

TEST(StateMap, AssignmentsAreRead) {
  EXPECT_EQ(AssignedIn("always_ff @(posedge clk_i) begin if (a <= b_q) c_q <= d; e_q[3:0] <= f;\n"
                       "{g_o, h_q} <= '0; end"),
            (Registers{"c_q", "e_q", "g_o", "h_q"}));
}

TEST(StateMap, ConfigurationNamesWhatIsNotData) {
  const std::string text = EmitStateConfig();
  EXPECT_NE(text.find("public_flat_rd -module \"tf_fifo\" -var \"count_q\"\n"), std::string::npos);
  EXPECT_NE(text.find("public_flat_rw -module \"tf_tokens\" -var \"count_q\"\n"),
            std::string::npos);
  EXPECT_EQ(text.find("\"beat0_q\""), std::string::npos);
}

}  // namespace
}  // namespace ternfab::rtl
