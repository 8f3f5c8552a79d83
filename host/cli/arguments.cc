// SPDX-License-Identifier: Apache-2.0
#include "host/cli/arguments.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <thread>

namespace ternfab::cli {
namespace {

constexpr int kMaxThreads = 256;

}  // namespace

Expected<std::vector<int>> ParseInts(std::string_view text, std::string_view separator) {
  std::vector<int> out;
  while (true) {
    const size_t end = text.find(separator);
    const std::string_view item = text.substr(0, end);
    int value = 0;
    const auto [rest, error] = std::from_chars(item.begin(), item.end(), value);
    if (error != std::errc() || rest != item.end()) return Fail("not a list of integers");
    out.push_back(value);
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + separator.size());
  }
}

Expected<std::string> ReadRegularFile(std::string_view option, const std::string& path,
                                      uint64_t most) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return Fail("{} {}: is no regular file", option, path);
  }
  const uint64_t bytes = std::filesystem::file_size(path, error);
  if (error || bytes > most) return Fail("{} {}: must be at most {} bytes", option, path, most);
  std::string text(bytes, '\0');
  std::ifstream file(path, std::ios::binary);
  if (!file.read(text.data(), std::streamsize(bytes))) {
    return Fail("{} {}: cannot be read", option, path);
  }
  return text;
}

int DefaultThreads() {
  return std::clamp(int(std::thread::hardware_concurrency()), 1, kMaxThreads);
}

void AddThreads(CLI::App& command, int& threads) {
  command.add_option("--threads", threads, "threads of the CPU")
      ->check(CLI::Range(1, kMaxThreads))
      ->capture_default_str();
}

}  // namespace ternfab::cli
