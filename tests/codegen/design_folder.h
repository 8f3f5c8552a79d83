// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "codegen/generate.h"
#include "codegen/signature.h"
#include "tests/common/temp_folder.h"

namespace ternfab {

inline std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A temporary folder for commands.
class ScratchFolder : public testing::TempFolder {
 public:
  /// Runs a shell command in the folder; its output is in log() afterwards.
  int Run(const std::string& command) const {
    const std::string log = (path() / "log").string();
    return std::system(
        ("cd '" + path().string() + "' && { " + command + "; } >'" + log + "' 2>&1").c_str());
  }
  std::string log() const {
    const std::string text = ReadAll(path() / "log");
    return text.size() > 4000 ? text.substr(text.size() - 4000) : text;
  }
};

/// A design written to <scratch>/d.
struct DesignFolder {
  explicit DesignFolder(const HardwareSpec& spec) : signature(MakeSignature(spec)) {
    const Expected<void> result =
        WriteDesign(GenerateDesign(spec), (scratch.path() / "d").string());
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
  }
  int Run(const std::string& command) const { return scratch.Run("cd d && " + command); }
  std::string log() const { return scratch.log(); }
  std::string list() const { return "rtl/tf_" + signature.identifier + ".f"; }

  ScratchFolder scratch;
  DesignSignature signature;
};

}  // namespace ternfab
