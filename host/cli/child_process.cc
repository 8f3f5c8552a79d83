// SPDX-License-Identifier: Apache-2.0
#include "host/cli/child_process.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>

namespace ternfab::cli {
namespace {

constexpr char kResult = '+';  // first byte of an answer
constexpr char kError = '-';

/// False: the other end is gone.
bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(size_t(n));
  }
  return true;
}

std::string ReadAll(int file) {
  std::string bytes;
  char buffer[1 << 16];
  while (true) {
    const ssize_t n = read(file, buffer, sizeof(buffer));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return bytes;
    bytes.append(buffer, size_t(n));
  }
}

Expected<std::string> Guarded(const std::function<Expected<std::string>()>& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return Fail("not enough memory");
  } catch (const std::exception& e) {
    return Fail("{}", e.what());
  }
}

[[noreturn]] void Answer(int file, const std::function<Expected<std::string>()>& work) {
  const Expected<std::string> result = Guarded(work);
  const char kind = result ? kResult : kError;
  const bool sent =
      WriteAll(file, {&kind, 1}) && WriteAll(file, result ? *result : result.error().message);
  std::fflush(nullptr);
  _exit(sent ? 0 : 1);  // destructors are the other process's
}

}  // namespace

Expected<std::string> InChildProcess(const std::string& name,
                                     const std::function<Expected<std::string>()>& work) {
  int ends[2];
  if (pipe(ends) != 0) return Fail("{}: no pipe: {}", name, std::strerror(errno));
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) {
    close(ends[0]);
    close(ends[1]);
    return Fail("{}: no process: {}", name, std::strerror(errno));
  }
  if (child == 0) {
    close(ends[0]);
    Answer(ends[1], work);
  }
  close(ends[1]);
  const std::string bytes = ReadAll(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) return Fail("{}: ended by signal {}", name, WTERMSIG(status));
  if (bytes.empty() || WEXITSTATUS(status) != 0) return Fail("{}: ended without a result", name);
  if (bytes[0] == kError) return Fail("{}", bytes.substr(1));
  return bytes.substr(1);
}

}  // namespace ternfab::cli
