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

namespace ternfab {

inline std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A temporary folder that goes with it.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tf_generate_XXXXXX").string();
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    path_ = pattern;
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  /// Runs a shell command in the folder; its output is in log() afterwards.
  int Run(const std::string& command) const {
    const std::string log = (path_ / "log").string();
    return std::system(
        ("cd '" + path_.string() + "' && { " + command + "; } >'" + log + "' 2>&1").c_str());
  }
  std::string log() const {
    const std::string text = ReadAll(path_ / "log");
    return text.size() > 4000 ? text.substr(text.size() - 4000) : text;
  }

 private:
  std::filesystem::path path_;
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
