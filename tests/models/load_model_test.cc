// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "models/model.h"
#include "tests/common/temp_folder.h"
#include "tests/models/gguf_builder.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr char kShortT[] = TF_TEST_DATA "/shortT/model-I2_S.gguf";

class LoadModelTest : public ::testing::Test {
 protected:
  std::string ErrorOf(const std::string& name) {
    const auto model = LoadModel(name);
    return model ? "loaded" : model.error().message;
  }

  const testing::TempFolder temp_;
  const fs::path& folder_ = temp_.path();
};

TEST_F(LoadModelTest, FileAndFolder) {
  EXPECT_EQ(LoadModel(kShortT)->config.hidden, 256);
  EXPECT_THAT(
      ErrorOf(folder_.string()),
      HasSubstr("holds 0 .gguf files, 0 .safetensors files and 0 indices of these: must be one"));
  fs::copy(kShortT, folder_ / "a.gguf");
  EXPECT_EQ(LoadModel(folder_.string())->config.hidden, 256);
  fs::copy(kShortT, folder_ / "b.gguf");
  EXPECT_THAT(ErrorOf(folder_.string()), HasSubstr("holds 2 .gguf files"));
}

TEST_F(LoadModelTest, TalesIsFoundThroughTheEnvironment) {
  fs::create_directories(folder_ / "models/tales");
  fs::copy(kShortT, folder_ / "models/tales/tales.gguf");
  setenv("TERNFAB_SHARE", folder_.c_str(), 1);
  EXPECT_EQ(LoadModel("tales")->config.name, "tales-proto");
  unsetenv("TERNFAB_SHARE");
}

TEST_F(LoadModelTest, SynthNamesAPresetAndASeed) {
  EXPECT_THAT(ErrorOf("synth:"), HasSubstr("must be one of bitnet-2b4t"));
  EXPECT_THAT(ErrorOf("synth:none:1"), HasSubstr("model config none: must be one of"));
  for (const char* seed : {"", "x", "1x", "-1", "18446744073709551616"}) {
    EXPECT_THAT(ErrorOf(std::string("synth:bitnet-0.7b:") + seed),
                HasSubstr("must be an integer from 0 to 2^64 - 1"));
  }
}

TEST_F(LoadModelTest, OtherNamesListWhatIsAccepted) {
  EXPECT_THAT(ErrorOf("nowhere/x.gguf"),
              HasSubstr("model nowhere/x.gguf: no such file: must be a GGUF or safetensors file, a "
                        "folder that holds one, tales, or synth:<config>[:seed]"));
  EXPECT_THAT(ErrorOf("/dev/null"), HasSubstr("must be a regular file"));
}

}  // namespace
}  // namespace ternfab
