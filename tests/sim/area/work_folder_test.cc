// SPDX-License-Identifier: Apache-2.0
#include "sim/work_folder.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>
#include <vector>

#include "sim/tools.h"
#include "tests/codegen/design_folder.h"

namespace ternfab {
namespace {

namespace fs = std::filesystem;
using ::testing::UnorderedElementsAre;

TEST(WorkFolder, GoesWithItsObjectAndKeepsWhatIsKept) {
  const ScratchFolder scratch;
  const fs::path base = scratch.path() / "new" / "unit";
  fs::path path;
  {
    const auto folder = WorkFolder::Create(base);
    ASSERT_TRUE(folder) << folder.error().message;
    path = folder->path();
    EXPECT_TRUE(path.string().starts_with(base.string() + ".work-"));
    ASSERT_TRUE(folder->Write("rtl/a.sv", "module a;"));
    EXPECT_EQ(folder->Read("rtl/a.sv").value_or(""), "module a;");
    ASSERT_TRUE(folder->Write("out", "1"));
    ASSERT_TRUE(folder->Keep("out", base));
    EXPECT_EQ(folder->Keep("nothing", base).error().message, base.string() + ": cannot be written");
  }
  EXPECT_FALSE(fs::exists(path));
  EXPECT_EQ(ReadText(base).value_or(""), "1");
}

/// What is in `folder` beside `keep`.
std::vector<fs::path> Others(const fs::path& folder, const fs::path& keep) {
  std::vector<fs::path> others;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path() != keep) others.push_back(entry.path());
  }
  return others;
}

/// Runs `work` in a process of its own, which it waits for and kills when `work` has written a
/// byte.
template <class Work>
void KilledIn(Work work) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    work(ends[1]);
    _exit(1);
  }
  close(ends[1]);
  char byte;
  EXPECT_EQ(read(ends[0], &byte, 1), 1);
  kill(child, SIGINT);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  close(ends[0]);
}

TEST(WorkFolder, RemovesThoseOfProcessesThatAreGone) {
  const ScratchFolder scratch;
  const auto mine = WorkFolder::Create(scratch.path() / "one");
  ASSERT_TRUE(mine);
  fs::create_directory(scratch.path() / "kept.abcdef");
  fs::create_directory(scratch.path() / "kept.work-abcdefg");
  KilledIn([&](int ready) {
    const auto folder = WorkFolder::Create(scratch.path() / "two");
    (void)!folder->Write("file", "text");
    (void)!write(ready, "1", 1);
    pause();
  });
  EXPECT_EQ(Others(scratch.path(), mine->path()).size(), 3u);
  const auto next = WorkFolder::Create(scratch.path() / "three");
  ASSERT_TRUE(next);
  EXPECT_TRUE(fs::exists(mine->path()));
  EXPECT_THAT(Others(scratch.path(), mine->path()),
              UnorderedElementsAre(next->path(), scratch.path() / "kept.abcdef",
                                   scratch.path() / "kept.work-abcdefg"));
}

TEST(WorkFolder, ProgramsThatStillRunKeepTheirs) {
  const ScratchFolder scratch, elsewhere;
  const fs::path stop = elsewhere.path() / "stop";
  KilledIn([&](int ready) {
    const auto folder = WorkFolder::Create(scratch.path() / "one");
    RunTool(folder->path(), fmt::format("echo >&{}; while [ ! -e {} ]; do sleep 0.01; done", ready,
                                        Quoted(stop.string())));
  });
  const auto next = WorkFolder::Create(scratch.path() / "two");
  ASSERT_TRUE(next);
  const std::vector<fs::path> others = Others(scratch.path(), next->path());
  ASSERT_EQ(others.size(), 1u);
  std::ofstream{stop};
  for (int tries = 0; fs::exists(others[0]) && tries < 1000; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ASSERT_TRUE(WorkFolder::Create(scratch.path() / "three"));
  }
  EXPECT_FALSE(fs::exists(others[0]));
}

/// Each has its folder as long as it wants, whoever looks for abandoned ones meanwhile.
TEST(WorkFolder, ManyAtATime) {
  const ScratchFolder scratch;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        const auto folder = WorkFolder::Create(scratch.path() / "unit");
        ASSERT_TRUE(folder) << folder.error().message;
        ASSERT_TRUE(folder->Write("file", "text"));
        ASSERT_EQ(folder->Read("file").value_or(""), "text");
      }
    });
  }
  threads.clear();
  EXPECT_TRUE(fs::is_empty(scratch.path()));
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
