// SPDX-License-Identifier: Apache-2.0
#include "sim/work_folder.h"

#include <gtest/gtest.h>

#include "tests/codegen/design_folder.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;

TEST(WorkFolder, GoesWithItsObjectAndKeepsWhatIsKept) {
  const ScratchFolder scratch;
  const fs::path base = scratch.path() / "new" / "unit";
  fs::path path;
  {
    const auto folder = WorkFolder::Create(base);
    ASSERT_TRUE(folder) << folder.error().message;
    path = folder->path();
    EXPECT_TRUE(path.string().starts_with(base.string() + "."));
    ASSERT_TRUE(folder->Write("rtl/a.sv", "module a;"));
    EXPECT_EQ(folder->Read("rtl/a.sv").value_or(""), "module a;");
    ASSERT_TRUE(folder->Write("out", "1"));
    ASSERT_TRUE(folder->Keep("out", base));
    EXPECT_EQ(folder->Keep("nothing", base).error().message, base.string() + ": cannot be written");
  }
  EXPECT_FALSE(fs::exists(path));
  EXPECT_EQ(ReadText(base).value_or(""), "1");
}

TEST(RunTool, PrintsWhatTheProgramPrints) {
  const ScratchFolder scratch;
  EXPECT_EQ(RunTool(scratch.path(), "echo one >file && cat file && echo two >&2").value_or(""),
            "one\ntwo\n");
  EXPECT_TRUE(fs::exists(scratch.path() / "file"));
}

TEST(RunTool, SaysWhyAProgramFailed) {
  const ScratchFolder scratch;
  const auto reason = [&](const std::string& printed) {
    std::ofstream(scratch.path() / "log") << printed;
    return RunTool(scratch.path(), "cat log && false").error().message;
  };
  EXPECT_EQ(reason("ERROR: no room\nbye\n"), "cat failed: ERROR: no room");
  EXPECT_EQ(reason("reading\nCan't find it\n\n"), "cat failed: Can't find it");
}

TEST(CheckTool, NamesThePackage) {
  EXPECT_TRUE(CheckTool("sh", "package dash"));
  EXPECT_EQ(CheckTool("no-such-tool", "package none").error().message,
            "no-such-tool: not found (Debian package none)");
}

}  // namespace
}  // namespace ternfab
